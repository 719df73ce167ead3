import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerLibrary } from '../../router/build.ts';

const id = 'vpnc-00000000000000001';
const conn = `"${id}-1"`;
const claimed = [
	'using kernel interface: xfrm',
	`${conn}: 10.1.0.0/16===192.0.2.1...192.0.2.2===10.2.0.0/24; erouted; eroute owner: #2`,
	`${conn}:   newest ISAKMP SA: #1; newest IPsec SA: #2;`,
	`#2: ${conn} esp.c0ffee02@192.0.2.2 esp.c0ffee01@192.0.2.1 tun.0@192.0.2.2 tun.0@192.0.2.1`,
];
const unrouted = [
	'using kernel interface: xfrm',
	`${conn}: 10.1.0.0/16===192.0.2.1...192.0.2.2===10.2.0.0/24; unrouted; eroute owner: #0`,
];

describe('the status read from the daemon and the kernel', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-status-'));
		writeFileSync(
			join(dir, 'bundle'),
			`vpc 10.1.0.0/16\nconnection ${id} revision=1 peer=192.0.2.2 passive=0\npair 1 10.2.0.0/24\nend\n`,
		);
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	/** The pair's line after the daemon said this, then that; the kernel has no SA at any time. */
	const pairAfter = (...statuses: readonly string[][]) => pairOf('', statuses);
	const pairOf = (process: string, statuses: readonly string[][]) => {
		for (const [n, lines] of statuses.entries()) writeFileSync(join(dir, `said.${n + 1}`), `${lines.join('\n')}\n`);
		const script = [
			routerLibrary(),
			`root=${dir} run=${dir}; echo 0 >$run/looks`,
			'print_status() { n=$(($(cat $run/looks) + 1)); echo $n >$run/looks; cat $run/said.$n; }',
			`ip() { :; }; sleep() { :; }; daemon_pids() { echo ${process}; }`,
			'look_surely $run/bundle $run/pairs && cat $run/pairs; echo "looks $(cat $run/looks)"',
		];
		const ran = spawnSync('sh', ['-c', script.join('\n')], { encoding: 'utf8' });
		const [, , up, , claims] = /^(\S+) \d (\d) (\d) (\d)/m.exec(ran.stdout) ?? [];
		return { up, claims, looks: /looks (\d)/.exec(ran.stdout)?.[1] };
	};

	it('reports a pair that the daemon took down between the two reads as down, not as missing from the kernel', () => {
		expect(pairAfter(claimed, unrouted)).toEqual({ up: '0', claims: '0', looks: '2' });
	});

	it('reports what the kernel lacks while the daemon still has it', () => {
		expect(pairAfter(claimed, claimed)).toEqual({ up: '0', claims: '1', looks: '2' });
	});

	it('is that of the first read if the second cannot be parsed', () => {
		expect(pairAfter(claimed, ['cut short'])).toEqual({ up: '0', claims: '1', looks: '2' });
	});

	it('takes a single read if that leaves no doubt', () => {
		expect(pairAfter(unrouted)).toEqual({ up: '0', claims: '0', looks: '1' });
	});

	it('is read again if the first read cannot be parsed', () => {
		expect(pairAfter(['cut short'], unrouted)).toEqual({ up: '0', claims: '0', looks: '2' });
	});

	it('is not believed where it is cut short in its midst, whatever it has said by then', () => {
		writeFileSync(join(dir, 'whole'), `${claimed.join('\n')}\n`);
		const script = (more: string) =>
			[
				routerLibrary(),
				`root=${dir} run=${dir}; ip() { :; }; sleep() { :; }; daemon_pids() { :; }; timeout() { shift; "$@"; }`,
				`ipsec() { head -n 2 ${dir}/whole; return 124; }`,
				more,
			].join('\n');
		const run = (more: string) => spawnSync('sh', ['-c', script(more)], { encoding: 'utf8' }).stdout;

		expect(run('look $run/bundle $run/pairs && echo believed')).toBe('');
		expect(run('daemon_status || echo cut')).toBe('cut\n');
	});

	it('tells an apply of no conn that is missing where it is cut short: to add what is there would drop its SAs', () => {
		const other = 'vpnc-00000000000000002';
		const script = (status: string) =>
			[
				routerLibrary(),
				`root=${dir} run=${dir} ours=${dir} memory=${dir} new=${dir}/bundle bundled='${id} ${other}' changed=' ${other}'; : >$run/${id}.conf; : >$run/${other}.conf`,
				'hold_from_healing() { echo "held $*"; }; conns_add() { echo "added $*" >&2; }; verify_conns() { :; }; loaded_as() { :; }',
				`connection_conns() { echo "$2-1"; }; print_status() { ${status}; }`,
				'load_changes',
			].join('\n');
		const added = (status: string) => {
			const { stderr } = spawnSync('sh', ['-c', script(status)], { encoding: 'utf8' });
			return stderr.split('\n').filter((line) => line.startsWith('added'));
		};

		expect(added('echo using kernel interface: xfrm')).toEqual([`added ${id}-1`, `added ${other}-1`]);
		expect(added('echo using kernel interface: xfrm; return 124')).toEqual([`added ${other}-1`]);
	});

	it.each([
		['fails', 'return 255'],
		['is killed at its first line', 'case "$*" in *state*) echo "src 192.0.2.1 dst 192.0.2.2" ;; esac; return 137'],
		['has no memory for the policies', 'case "$*" in *policy*) return 2 ;; *) : ;; esac'],
	])('is no truth where the look at the kernel %s: all tunnels would be missing from it, and restarted', (_, ip) => {
		const script = [
			routerLibrary(),
			`root=${dir} run=${dir}; print_status() { cat $run/said.1; }; sleep() { :; }; daemon_pids() { :; }; ip() { ${ip}; }`,
			'look_surely $run/bundle $run/pairs && echo believed',
		];
		writeFileSync(join(dir, 'said.1'), `${claimed.join('\n')}\n`);

		expect(spawnSync('sh', ['-c', script.join('\n')], { encoding: 'utf8' }).stdout).toBe('');
	});

	it('is waited for while the daemon has only started', () => {
		const nothing = ['cut short'];

		expect(pairOf('4711', [nothing, nothing, nothing, unrouted])).toEqual({ up: '0', claims: '0', looks: '4' });
		expect(pairOf('', [nothing, nothing, nothing, unrouted])).toMatchObject({ looks: '2' });
	});
});
