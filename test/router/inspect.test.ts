import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RouterState, routerStateOf } from '../../functions/domain/router-check/router-state.ts';
import { routerDocument } from '../../router/build.ts';

/** Of this machine, which every router has alike. */
const common = [
	'awk',
	'sed',
	'grep',
	'sort',
	'cksum',
	'sha256sum',
	'gzip',
	'base64',
	'cmp',
	'flock',
	'timeout',
	'cat',
	'date',
	'tr',
	'cut',
];
const found = spawnSync('sh', ['-c', `for name in ${common.join(' ')}; do command -v $name; done`], { encoding: 'utf8' })
	.stdout.trim()
	.split('\n')
	.map((path): [string, string] => [basename(path), path]);
const secret = 'bm9ib2R5IHNlZXMgbWU=';
/** The rest of a router. */
const own: Record<string, string> = {
	ipsec: 'case $* in --version) echo "Linux Libreswan 4.10 (XFRM) on 6.1.0" ;; esac',
	ip: `case $* in
		*'route get'*) echo '192.0.2.254 via 10.1.0.1 dev ens5 src 10.1.0.10 uid 0' ;;
		*'link show'*) echo '2: ens5: <UP> mtu 9001 qdisc mq state UP' ;;
		*addr*) echo '2: ens5    inet 10.1.0.10/24 scope global ens5' ;;
	esac`,
	'iptables-save': '',
	'iptables-restore': '',
	pidof: 'exit 1',
	aws: `case $* in *"--with-decryption --names /s2s/dev/acme/cgw-1 --query Parameters[].Name --output text") echo /s2s/dev/acme/cgw-1 ;; *) echo ${secret} ;; esac`,
};

describe('what a router reads of itself', () => {
	let dir: string;
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-inspect-'));
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	type Machine = { commands?: Record<string, string | undefined>; files?: Record<string, string>; sh?: string; region?: string };
	/** Runs the document on a machine that has these commands, no others, and these files. */
	const inspect = ({ commands = {}, files = {}, sh = '/bin/sh', region = 'eu-central-1' }: Machine = {}): RouterState => {
		const bin = mkdtempSync(join(dir, 'bin-'));
		const root = mkdtempSync(join(dir, 'root-'));
		const scripts = { ...own, ...commands };
		for (const [name, path] of found) if (!(name in scripts)) symlinkSync(path, join(bin, name));
		for (const [name, text] of Object.entries(scripts))
			if (text !== undefined) writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(dirname(join(root, name)), { recursive: true });
			writeFileSync(join(root, name), text, { mode: 0o755 });
		}
		const env = { PATH: bin, S2S_PATH: bin, S2S_ROOT: root, SSM_Key: '/s2s/dev/acme/cgw-1', AWS_SSM_REGION_NAME: region };
		const { stdout, stderr } = spawnSync(sh, ['-c', routerDocument('inspect')], {
			encoding: 'utf8',
			env,
			// On a socket bash takes itself for a remote shell and reads its user's settings.
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		expect(stderr).toBe('');
		expect(stdout).not.toContain(secret);
		const state = routerStateOf(stdout);
		if (state === undefined) throw new Error(`not whole:\n${stdout}`);
		return state;
	};
	const switches = (all: string, own_: string, name: string) => ({
		[`proc/sys/net/ipv4/conf/all/${name}`]: `${all}\n`,
		[`proc/sys/net/ipv4/conf/ens5/${name}`]: `${own_}\n`,
		[`proc/sys/net/ipv4/conf/lo/${name}`]: '1\n',
		[`proc/sys/net/ipv4/conf/default/${name}`]: '1\n',
	});

	it.each(['/bin/sh', '/bin/bash'])('is all that a check asks of it, by %s', (sh) => {
		const files = {
			'etc/os-release': 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
			'proc/sys/net/ipv4/ip_forward': '1\n',
			'etc/s2s-timer': '',
		};
		expect(inspect({ files, sh })).toEqual({
			time: expect.closeTo(Date.now() / 1_000, -2),
			system: 'Debian GNU/Linux 12 (bookworm)',
			lacking: [],
			aws: true,
			region: 'eu-central-1',
			key: 'read',
			daemon: { flavor: 'libreswan', version: '4.10' },
			running: true,
			atBoot: 'unknown',
			timer: expect.stringMatching(/^(own|systemd)$/),
			healing: '-',
			kernel: [],
			forwarding: true,
			strict: [],
			redirects: [],
			wan: { name: 'ens5', mtu: 9_001 },
			addresses: ['10.1.0.10'],
		});
	});

	/** Several things at once, since each machine takes its time. */
	it.each<[string, Machine, Partial<RouterState>]>([
		[
			'tools, aws and tables that are missing, strict filtering of one interface, sent redirects, and a unit that is not enabled',
			{
				commands: {
					flock: undefined,
					cmp: undefined,
					aws: undefined,
					'iptables-save': '[ "$2" = filter ]',
					systemctl: '[ "$*" = "is-enabled ipsec" ] && echo disabled; exit 1',
				},
				files: {
					...switches('0', '1', 'rp_filter'),
					...switches('1', '0', 'send_redirects'),
					'run/systemd/system/x': '',
					'proc/sys/net/ipv4/ip_forward': '0\n',
				},
			},
			{
				lacking: ['flock', 'cmp'],
				aws: false,
				key: 'no-aws',
				kernel: ['raw', 'mangle'],
				strict: ['ens5'],
				redirects: ['ens5'],
				atBoot: 'disabled',
				forwarding: false,
			},
		],
		[
			'no daemon, no IPsec, no such key, strict filtering of all, taken redirects, and an init script that is started',
			{
				commands: { ipsec: undefined, aws: '', ip: 'exit 1' },
				files: {
					...switches('1', '0', 'rp_filter'),
					...switches('1', '1', 'accept_redirects'),
					'etc/rc3.d/S16ipsec': '',
					'etc/rc2.d/x': '',
					'etc/init.d/ipsec': '',
				},
			},
			{
				lacking: ['ipsec'],
				daemon: undefined,
				running: false,
				key: 'absent',
				kernel: ['xfrm'],
				wan: undefined,
				addresses: [],
				strict: ['ens5'],
				redirects: ['ens5'],
				atBoot: 'enabled',
			},
		],
		[
			'strongSwan, a key that is refused, an init script that is not started, and what is right where both switches count',
			{
				commands: {
					ipsec: 'echo "Linux strongSwan U5.9.8/K6.1.0"',
					aws: 'echo; echo "An error occurred (AccessDeniedException):  no" >&2; exit 254',
				},
				files: {
					...switches('2', '1', 'rp_filter'),
					...switches('1', '0', 'accept_redirects'),
					'etc/rc2.d/S01cron': '',
					'etc/init.d/ipsec': '',
				},
			},
			{
				daemon: undefined,
				key: 'failed An error occurred (AccessDeniedException): no (exit 254)',
				strict: [],
				redirects: [],
				atBoot: 'disabled',
			},
		],
		[
			'an Openswan that does not answer, no region, and what an apply has installed',
			{
				commands: { ipsec: '[ "$1" = --version ] && echo "Linux Openswan U2.6.38/K6.1.0 (netkey)"' },
				files: { 'opt/s2s/heal.sh': '', 'etc/s2s-timer': '' },
				region: '',
			},
			{ daemon: { flavor: 'openswan', version: '2.6.38' }, running: false, region: '', healing: expect.stringMatching(/^[01]$/) },
		],
	])('names %s', (_what, machine, expected) => {
		expect(inspect(machine)).toMatchObject(expected);
	});
});
