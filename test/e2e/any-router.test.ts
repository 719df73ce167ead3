import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouterFacts } from '../../functions/domain/model/vpc.ts';
import { routerStateOf } from '../../functions/domain/router-check/router-state.ts';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import type { RouterDriver } from '../../local/routers/driver.ts';
import { execDriver } from '../../local/routers/exec-driver.ts';
import { remoteProgram } from '../../local/routers/remote-program.ts';
import { routerDocument, routerScripts, scriptsVersion } from '../../router/build.ts';
import { aRouter, idOf } from '../support/builders.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest, type Tunnel } from './router-under-test.ts';
import { until } from './until.ts';

/** Of the machine to look at (`npm run test:router`), else of the lab's router, which is reached in the same way. */
const given = process.env['ROUTER_ARGV'];
const timeoutMs = 120_000;
/** Addresses for documentation, where nobody answers (RFC 5737). */
const peerless = (n: number, subnets: number): Tunnel => ({
	n,
	peer: `203.0.113.${n}`,
	remoteCidrs: Array.from({ length: subnets }, (_, subnet) => `10.5${n}.${subnet}.0/24`),
	psk: `a secret for nobody ${n}`,
	ike: { dhGroup: 14 },
});
const one = peerless(2, 2);
const other = peerless(3, 1);

/** A router that is to spare: whatever daemon of the family it has, and whatever starts, logs and times it there. No peer is needed. */
describe('a router behind a command', () => {
	let lab: Lab | undefined;
	let dir: string | undefined;
	let driver: RouterDriver;
	let router: RouterUnderTest;
	let known: RouterFacts;
	const found: string[] = [];

	/** As the lab has it, of its one node. */
	const behind: Pick<Lab, 'exec'> = { exec: (_node, _argv, { stdin = '' } = {}) => driver.run(stdin, timeoutMs) };
	const sh = async (text: string): Promise<string> => {
		const { code, stdout, stderr } = await driver.run(text, timeoutMs);
		if (code !== 0) throw new Error(`"${text}" ended with ${code}: ${stderr || stdout}`);
		return stdout;
	};
	const seconds = async (run: () => Promise<unknown>): Promise<string> => {
		const began = performance.now();
		await run();
		return ((performance.now() - began) / 1_000).toFixed(1);
	};
	const touching = (steps: readonly string[], tunnel: Tunnel) => steps.filter((step) => step.includes(idOf('vpnc', tunnel.n)));
	const loaded = (status: string, tunnel: Tunnel): string[] =>
		tunnel.remoteCidrs.map((_, n) => `${idOf('vpnc', tunnel.n)}-${n + 1}`).filter((conn) => status.includes(`"${conn}":`));
	const status = () => sh('ipsec whack --status 2>&1 || true');

	beforeAll(async () => {
		let argv = given === undefined || given === '' ? undefined : (JSON.parse(given) as string[]);
		if (argv === undefined) {
			dir = await mkdtemp(join(tmpdir(), 's2s-any-router-'));
			lab = await startLab({ dir });
			argv = [process.execPath, 'local/lab/exec.ts', join(dir, 'lab.json'), 'router', 'sh', '-s'];
		}
		driver = execDriver(argv);
		const first = await routerUnderTest(behind).check();
		if (first.revision !== 'none')
			throw new Error('this router holds tunnels of a control plane already: the suite is for one that is to spare');
		known = aRouter({ flavor: first.flavor, version: first.version });
		router = routerUnderTest(behind, known);
		found.push(`daemon      ${first.flavor} ${first.version}, ${first.daemon ? 'running' : 'not running'}`);
	});
	afterAll(async () => {
		console.log(found.join('\n'));
		await driver?.stop();
		await lab?.stop();
		if (dir !== undefined) await rm(dir, { recursive: true });
	});

	it('has the tools, the kernel and the timer that our scripts go by', async () => {
		const variables = { SSM_Key: '/s2s/dev/acme/cgw-00000000000000000' };
		const program = remoteProgram({ script: routerDocument('inspect'), variables, parameters: [] });
		const state = routerStateOf((await driver.run(program, timeoutMs)).stdout);

		found.push(`system      ${state?.system}; timer ${state?.timer}; at boot ${state?.atBoot}`);
		expect(state).toMatchObject({ lacking: [], kernel: [] });
		expect(state?.timer).not.toBe('none');
	});

	it('loads what is applied, says what it can, and of peers that do not answer that they are unreachable', async () => {
		const begun = performance.now();
		const report = await router.apply(1, [one, other]);
		const logs = await sh(
			'for f in pluto.log auth.log daemon.log secure messages; do [ ! -s /var/log/$f ] || echo /var/log/$f; done; cat /run/s2s/daemon.logs; [ ! -d /run/systemd/system ] || echo journal',
		);
		found.push(
			`logs        ${logs.trim().replaceAll('\n', ', ') || 'none'}`,
			`apply       of two connections in ${((performance.now() - begun) / 1_000).toFixed(1)} s`,
			`can         ${report.capabilities.join(' ')}`,
			`check       ${await seconds(() => router.check())} s, of which one status and the way there ${await seconds(status)} s`,
		);

		expect(report).toMatchObject({ daemon: true, revision: { generation: 1 }, scripts: scriptsVersion() });
		expect(report.capabilities).toEqual(expect.arrayContaining(['ikev1', 'aes128', 'sha1', 'modp2048']));
		const text = await status();
		expect([loaded(text, one), loaded(text, other)].map(({ length }) => length)).toEqual([2, 1]);
		for (const tunnel of [one, other])
			await until(`the reason of ${tunnel.peer}`, 120, async () =>
				connectionOf(await router.check(), tunnel).reasons.includes('peer-unreachable'),
			);
	});

	it('is not touched by the same once more, nor by a new generation of it', async () => {
		for (const generation of [1, 2]) {
			const { steps, revision } = await router.apply(generation, [one, other]);

			expect(revision).toMatchObject({ generation });
			expect(steps.filter((step) => step.includes('vpnc-'))).toEqual([]);
		}
	});

	it('takes other scripts without a conn touched', async () => {
		const scripts = routerScripts();
		const later = { ...scripts, lib: `${scripts.lib}later_version=1\n` };
		const renewed = await routerUnderTest(behind, known, { scripts: later }).apply(2, [one, other]);

		expect(renewed.scripts).toBe(scriptsVersion(later));
		expect(renewed.steps.filter((step) => step.includes('vpnc-'))).toEqual([]);
		expect((await router.apply(2, [one, other])).scripts).toBe(scriptsVersion());
	});

	it('has a conn that somebody deleted as not applied, and takes it again, its siblings untouched', async () => {
		const gone = `${idOf('vpnc', one.n)}-2`;
		await sh(`ipsec whack --name ${gone} --delete >/dev/null 2>&1; true`);

		expect(connectionOf(await router.check(), one).reasons).toEqual(['config-not-applied']);
		const { steps } = await router.apply(2, [one, other]);
		expect(touching(steps, other)).toEqual([]);
		expect(loaded(await status(), one)).toHaveLength(2);
	});

	it('has files that were wiped as drift, and takes them again, every conn untouched', async () => {
		await sh('rm -rf /etc/ipsec.d/s2s');

		expect((await router.check()).revision).toBe('drift');
		const { steps, revision } = await router.apply(2, [one, other]);
		expect(revision).toMatchObject({ generation: 2 });
		expect(steps.filter((step) => step.includes('taken down'))).toEqual([]);
	});

	it('starts the daemon again by itself: killed with what watches over it, and stopped in good order', async () => {
		for (const [what, end] of [
			['killed', 'kill -9 $(pidof pluto _plutorun) 2>/dev/null; true'],
			['stopped', 'ipsec setup stop >/dev/null 2>&1 || systemctl stop ipsec; true'],
		] as const) {
			await sh(end);
			const back = await seconds(() =>
				until(`the daemon that was ${what}`, 120, async () => {
					const report = await router.look();
					return report?.daemon && !connectionOf(report, one).reasons.includes('config-not-applied') ? report : undefined;
				}).catch(async (error: unknown) => {
					throw new Error(`${String(error)}; it reports ${JSON.stringify(await router.look())}`);
				}),
			);
			found.push(`${what.padEnd(11)} the daemon has its conns again after ${back} s`);
		}
	});

	it('has nothing of ours when the last connection is gone', async () => {
		const report = await router.apply(3, []);

		expect(report.connections).toEqual([]);
		const left = await sh(
			'grep -rl vpnc- /etc/ipsec.conf /etc/ipsec.secrets /etc/ipsec.d 2>/dev/null; ipsec whack --status 2>/dev/null | grep vpnc-; iptables-save | grep S2S-; ip xfrm policy | grep -E "10[.]5[23][.]"; ls /etc/cron.d/s2s /opt/s2s/heal.sh /etc/systemd/system/s2s-* 2>/dev/null; true',
		);
		expect(left).toBe('');
	});
});
