import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../local/lab/lab.ts';
import { remoteProgram } from '../../local/routers/remote-program.ts';
import { type SimulatedRouter, simulatedDriver } from '../../local/routers/simulated/simulated-driver.ts';
import { routerDocument, routerScripts, type Scripts, scriptsVersion } from '../../router/build.ts';
import {
	applyVariables,
	bundleOf,
	connectionOf,
	facts,
	type RouterUnderTest,
	routerUnderTest,
	toPeer,
	toPeer2,
} from '../e2e/router-under-test.ts';
import { atLength, itAtLength } from '../support/at-length.ts';
import { aVpc } from '../support/builders.ts';
import { hostileBundles } from '../support/hostile-bundles.ts';

const tunnels = [toPeer(2, 'a secret'), toPeer2('another secret')];
const timeoutMs = 500_000;

/** The scripts of this version, and another that differs. */
const second = routerScripts();
const first: Scripts = { ...second, lib: `${second.lib}first_version=1\n` };
const bundle = (generation: number) => bundleOf(tunnels, { vpc: aVpc({ generation, router: facts }) });

/** What must stay as it is: heal and boot guard, the owner's files, the connections, what is loaded, the SAs and the packet rules. */
const kept =
	'opt etc var/lib/s2s/bundle var/lib/s2s/revision var/lib/s2s/files.sum simulated/conns simulated/sas simulated/iptables';
const sums = `sums() { ( cd "$S2S_ROOT" && find ${kept} -type f 2>/dev/null | sort | xargs -d '\\n' cksum ); }
sas() { cat "$S2S_ROOT/simulated/sas"; }`;
/** What the timer does, and whether it could: its library is whole. */
const healed = `healed() { sh -n "$S2S_ROOT/opt/s2s/lib.sh" && "$S2S_ROOT/opt/s2s/heal.sh" && "$S2S_ROOT/opt/s2s/boot.sh"; }`;

/** Each test applies several times, which takes seconds each where the machine has other work. */
describe('the scripts on a router', { timeout: 600_000 }, () => {
	let dir: string;
	const routers: SimulatedRouter[] = [];

	const start = async (name: string) => {
		const router = await simulatedDriver({ instanceId: name, dir: join(dir, name) });
		routers.push(router);
		const exec: Lab['exec'] = async (_node, _argv, { stdin = '' } = {}) => router.run(stdin, timeoutMs);
		const control = (scripts: Scripts = second): RouterUnderTest => routerUnderTest({ exec } as Lab, facts, { scripts });
		const sh = async (text: string) => {
			const { code, stdout, stderr } = await router.run(text, timeoutMs);
			expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
			return stdout;
		};
		return { router, control, sh, sas: () => sh('cat "$S2S_ROOT/simulated/sas"') };
	};
	/** A router that holds the tunnels, which are up, by the first version of the scripts. */
	const another = async (name: string) => {
		await cp(join(dir, 'base'), join(dir, name), { recursive: true, preserveTimestamps: true });
		return start(name);
	};
	/** A program of a test, with the document `apply` as the file "$doc". */
	const program = (script: string, { scripts = second, generation = 1, document = routerDocument('apply', scripts) } = {}) =>
		remoteProgram({
			script: `${sums}\n${healed}\ndoc=$S2S_ROOT/run/doc\ncat >"$doc" <<'END_OF_DOCUMENT'\n${document}END_OF_DOCUMENT\n${script}`,
			variables: applyVariables(generation, bundle(generation)),
			parameters: [],
		});

	beforeAll(async () => {
		// The timer of a router fires where a test says so.
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		dir = await mkdtemp(join(tmpdir(), 's2s scripts '));
		const { control } = await start('base');
		const report = await control(first).apply(1, tunnels);
		expect(tunnels.map((tunnel) => connectionOf(report, tunnel).up)).toEqual(['11', '1']);
		expect(report.scripts).toBe(scriptsVersion(first));
	});
	afterAll(async () => {
		await Promise.all(routers.map((router) => router.stop()));
		vi.useRealTimers();
		await rm(dir, { recursive: true, force: true });
	});

	it(`are renewed on ${atLength ? 'ten routers' : 'a router'} and applied anew, while every SA stays`, async () => {
		const fleet = await Promise.all(Array.from({ length: atLength ? 10 : 1 }, (_, n) => another(`fleet ${n}`)));
		for (const { control, sas } of fleet) {
			const before = await sas();

			const renewed = await control().apply(1, tunnels);
			const reapplied = await control().apply(2, tunnels);

			expect(renewed).toMatchObject({ scripts: scriptsVersion(second), revision: { generation: 1 } });
			expect(renewed.steps.filter((step) => step.startsWith('vpnc-'))).toEqual([]);
			expect(reapplied).toMatchObject({ scripts: scriptsVersion(second), revision: { generation: 2 } });
			expect(await sas()).toBe(before);
			expect(before.split('\n')).toHaveLength(4);
		}
	});

	it('are reported as missing where they are gone or broken, and as others where they were changed', async () => {
		const { control, sh, sas } = await another('broken');
		const before = await sas();
		const check = control().check;
		const lib = '"$S2S_ROOT/opt/s2s/lib.sh"';

		await sh(`echo later=1 >>${lib}`);
		expect(await check()).toMatchObject({ revision: 'drift', scripts: expect.stringMatching(/^[0-9a-f]{8}$/) });
		for (const broken of [
			`head -c 30000 ${lib} >${lib}.half; mv ${lib}.half ${lib}`,
			`: >${lib}`,
			'rm -rf "$S2S_ROOT/opt/s2s"',
		]) {
			await sh(broken);
			expect(await check()).toMatchObject({ scripts: 'none', revision: 'none', connections: [], flavor: 'libreswan' });
		}
		const mended = await control().apply(1, tunnels);

		expect(mended).toMatchObject({ scripts: scriptsVersion(second), revision: { generation: 1 } });
		expect(await sas()).toBe(before);
	});

	it('of the version before report all that they know, and are to be renewed', async () => {
		const before = first.lib
			.slice(0, first.lib.indexOf('run_boot()'))

			.replace(' scripts=$scripts', '');
		const { control, sh } = await another('before');
		await sh(`cat >"$S2S_ROOT/opt/s2s/lib.sh" <<'END_OF_LIBRARY'\n${before}\nEND_OF_LIBRARY`);

		const report = await control().check();

		expect(report.scripts).toBe('00000000');
		expect(tunnels.map((tunnel) => connectionOf(report, tunnel).up)).toEqual(['11', '1']);
	});

	itAtLength('and heal, guard and tunnels stay whole when an apply is killed at any moment, and the next one mends', async () => {
		const wrap = `wrap=$S2S_ROOT/run/wrap; mkdir -p "$wrap"; count=$S2S_ROOT/run/count
for tool in mv cp rm chmod; do
	cat >"$wrap/$tool" <<'END_OF_TOOL'
#!/bin/sh
n=$(($(cat "$S2S_ROOT/run/count" 2>/dev/null || echo 0) + 1)); echo "$n" >"$S2S_ROOT/run/count"
[ "$n" -ne "\${KILL_AT:-0}" ] || kill -9 0
exec "/bin/\${0##*/}" "$@"
END_OF_TOOL
	chmod 700 "$wrap/$tool"
done
killed() { echo 0 >"$count"; { KILL_AT=$1 S2S_PATH="$wrap:$S2S_PATH" setsid -w sh "$doc" </dev/null >/dev/null; } 2>/dev/null || :; }`;
		const calls = async (name: string, script: string) => {
			const { router } = await another(name);
			const { stdout, stderr, code } = await router.run(program(`${wrap}\n${script}`), timeoutMs);
			expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
			return { stdout, router };
		};
		const all = Number((await calls('counted', 'killed 0; cat "$count"')).stdout);
		expect(all).toBeGreaterThan(20);
		const points = Array.from({ length: all }, (_, n) => n + 1);
		for (const at of points) {
			const { stdout } = await calls(
				`killed ${at}`,
				`before=$(sas); killed ${at}; [ "$(cat "$count")" = ${at} ] || echo "ran on: $(cat "$count")"
healed && [ "$(sas)" = "$before" ] || echo 'tunnels or scripts differ'
sh "$doc" </dev/null | sed -n '/^s2s/s/.*revision=\\([^ ]*\\) .*scripts=/\\1 /p'
[ "$(sas)" = "$before" ] || echo 'tunnels differ'
find "$S2S_ROOT/opt" "$S2S_ROOT/etc" "$S2S_ROOT/var" "$S2S_ROOT/run/s2s" -name '*s2s-new*' -o -name 'carried*' -o -name .stage`,
			);
			expect(`${at}: ${stdout}`).toBe(`${at}: ${applyVariables(1, bundle(1)).SSM_Revision} ${scriptsVersion(second)}\n`);
		}
	});

	it('have what they are given on the disk before it is loaded: after a loss of power there would be no guard at boot', async () => {
		const { router } = await another('power');
		const { stdout } = await router.run(
			program(
				`wrap=$S2S_ROOT/run/wrap; mkdir "$wrap"; cat >"$wrap/sync" <<'END_OF_TOOL'
#!/bin/sh
rm -rf "$S2S_ROOT/synced"; mkdir "$S2S_ROOT/synced" && cp -a "$S2S_ROOT/etc" "$S2S_ROOT/var" "$S2S_ROOT/synced"
END_OF_TOOL
chmod 700 "$wrap/sync"
S2S_PATH="$wrap:$S2S_PATH" sh "$doc" </dev/null >/dev/null
cd "$S2S_ROOT" && for file in var/lib/s2s/bundle etc/ipsec.d/s2s/*; do cmp "$file" "synced/$file" && echo same; done; sed -n 2p synced/var/lib/s2s/bundle`,
				{ generation: 2 },
			),
			timeoutMs,
		);

		expect(stdout.split('\n')).toEqual([...Array(5).fill('same'), 'generation 2', '']);
	});

	it('are the same after two applies at once, and no tunnel is touched', async () => {
		const { router } = await another('two');
		const { stdout } = await router.run(
			program(`before=$(sas)
sh "$doc" >"$S2S_ROOT/run/one" 2>&1 </dev/null & sh "$doc" >"$S2S_ROOT/run/other" 2>&1 </dev/null; wait
sed -n '/^s2s/s/.*scripts=//p' "$S2S_ROOT/run/one" "$S2S_ROOT/run/other"
[ "$(sas)" = "$before" ] && healed && echo same; ls -A "$S2S_ROOT/opt/s2s"`),
			timeoutMs,
		);

		const version = scriptsVersion(second);
		expect(stdout.split('\n')).toEqual([version, version, 'same', 'boot.sh', 'heal.sh', 'lib.sh', '']);
	});

	const rooms: [string, Scripts][] = [
		['is looked for beforehand', second],
		['is lost while it is written', { ...second, lib: second.lib.replace('need_room() {\n', 'need_room() {\nreturn 0\n') }],
	];
	it.each(rooms.slice(atLength ? 0 : 1))(
		`stay on a disk that is full at ${atLength ? 'five' : 'three of five'} levels, where room %s, and are renewed once there is room`,
		async (_when, scripts) => {
			const { router } = await another(`full ${_when}`);
			const version = scriptsVersion(scripts);
			// What is loaded and the kernel's side are no files of a router's disk.
			const disk = `small=$S2S_ROOT/small; mkdir -p "$small" && mount -n -t tmpfs -o size=6m tmpfs "$small" || exit 1
for folder in etc opt var; do cp -a "$S2S_ROOT/$folder" "$small/" && mount -n --bind "$small/$folder" "$S2S_ROOT/$folder" || exit 1; done
fill() { cat /dev/zero >"$small/filler" 2>/dev/null; truncate -s "-$(($1 * 1024))" "$small/filler"; }`;
			const { stdout, stderr } = await router.run(
				program(
					`${disk}
tunnels=$(sas)
for level in ${atLength ? '0 4 16 32 56' : '0 16 56'}; do
	before=$(sums)
	fill $level
	sh "$doc" </dev/null >"$S2S_ROOT/run/said" 2>&1
	grep -q 'the disk is full\\|could not be written\\|nothing can be written' "$S2S_ROOT/run/said" || { echo "level $level:"; cat "$S2S_ROOT/run/said"; }
	healed || echo "level $level: not healed"
	rm -f "$small/filler"
	[ "$(sums)" = "$before" ] || echo "level $level: changed"
done
sh "$doc" </dev/null | sed -n '/^s2s/s/.*scripts=//p'
# With the scripts in place it comes further.
for level in ${atLength ? '0 4 8 12 20' : '8'}; do
	fill $level
	sh "$doc" </dev/null >/dev/null 2>&1
	healed || echo "level $level: not healed"
	rm -f "$small/filler"
done
sh "$doc" </dev/null | sed -n '/^s2s/s/.*revision=\\([^ ]*\\) .*scripts=/\\1 /p'
[ "$(sas)" = "$tunnels" ] && echo same`,
					{ scripts },
				),
				timeoutMs,
			);

			expect({ stdout, stderr: stderr.replace(/.*No space left on device\n?/g, '') }).toEqual({
				stdout: `${version}\n${applyVariables(1, bundle(1)).SSM_Revision} ${version}\nsame\n`,
				stderr: '',
			});
		},
	);

	it('need a timer, and say so before they change anything', async () => {
		const { router, sh } = await another('timeless');
		await sh('rm "$S2S_ROOT/etc/s2s-timer"');

		const { stdout, stderr } = await router.run(
			program('before=$(sums); sh "$doc" </dev/null; [ "$(sums)" = "$before" ] && echo same'),
			timeoutMs,
		);

		expect({ stdout, stderr }).toEqual({
			stdout: 'same\n',
			stderr: 'this router lacks: a timer (systemd, or a cron that runs)\n',
		});
	});

	it('refuse what is no bundle of ours, say what, and change nothing', async () => {
		const { router } = await another('hostile');
		const ours = bundle(2);
		const pushed = (text: string, hash = text) => ({
			SSM_Bundle: gzipSync(text).toString('base64'),
			SSM_Revision: applyVariables(2, hash).SSM_Revision,
		});
		const rows = [
			...hostileBundles
				.filter((_, n) => atLength || n % 23 === 0)
				.map(({ what, change, refusal }) => ({ what, refusal, variables: pushed(change(ours)) })),
			{ what: 'another than its revision names', refusal: /SHA-256/, variables: pushed(ours, `${ours} `) },
			{ what: 'one that grows', refusal: /more than 1000000 bytes/, variables: pushed('x'.repeat(50_000_000)) },
			{
				what: 'half of one',
				refusal: /SHA-256/,
				variables: { ...pushed(ours), SSM_Bundle: pushed(ours).SSM_Bundle.slice(0, 400) },
			},
		];
		const script = rows
			.map(
				({ variables }, n) => `export SSM_Bundle='${variables.SSM_Bundle}' SSM_Revision='${variables.SSM_Revision}'
echo "row ${n} $(sh "$doc" </dev/null 2>/dev/null | tr '\\n' ' ')"; [ "$(sums)" = "$before" ] || echo "row ${n} changed"`,
			)
			.join('\n');

		const { stdout } = await router.run(program(`before=$(sums)\n${script}`), timeoutMs);

		const answers = stdout.trim().split('\n');
		expect(answers).toHaveLength(rows.length);
		for (const [n, { what, refusal }] of rows.entries()) {
			expect(answers[n], what).toMatch(refusal);
			expect(answers[n], what).toMatch(/^row \d+ log - refused the bundle: .* revision=1-[0-9a-f]{16} .* end 2 ?$/);
		}
	});
});
