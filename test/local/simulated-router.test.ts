import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../local/lab/lab.ts';
import { RouterOffline } from '../../local/routers/driver.ts';
import { type SimulatedRouter, simulatedDriver } from '../../local/routers/simulated/simulated-driver.ts';
import { scriptsVersion } from '../../router/build.ts';
import { driverContract } from '../e2e/driver-contract.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest, toNobody, toPeer, toPeer2 } from '../e2e/router-under-test.ts';
import { itAtLength } from '../support/at-length.ts';
import { idOf } from '../support/builders.ts';

const office = toPeer(2, 'a secret with "quotes" and $(words)');
const branch = toPeer2('another secret');
const instanceId = 'i-00000000000000001';
/** As Systems Manager gives a command. */
const timeoutMs = 120_000;

/** Files that hold what a router is: its configuration, what is loaded, its SAs and its tables. */
const kept = ['etc', 'opt', 'simulated', 'var/lib/s2s/bundle', 'var/lib/s2s/revision'];

describe('a simulated router', () => {
	let dir: string;
	let router: SimulatedRouter;
	let control: RouterUnderTest;

	/** The driver's own timer, without the wait for it; what is run next comes after the pass that it began. */
	const timerFires = () => vi.advanceTimersByTime(15_000);
	const sh = async (text: string) => {
		const { code, stdout, stderr } = await router.run(text, timeoutMs);
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		return stdout;
	};
	const state = () => sh(`cd "$S2S_ROOT" && find ${kept.join(' ')} -type f | sort | xargs cksum`);
	const ups = async () => {
		const report = await control.check();
		return [office, branch].map((tunnel) => connectionOf(report, tunnel).up);
	};
	const begin = async () => {
		router = await simulatedDriver({ instanceId, dir });
		// Of a lab, what runs the scripts is all that is asked for.
		const exec: Lab['exec'] = async (_node, _argv, { stdin = '' } = {}) => router.run(stdin, timeoutMs);
		control = routerUnderTest({ exec } as Lab);
	};

	beforeAll(async () => {
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		dir = await mkdtemp(join(tmpdir(), 'simulated router '));
		await begin();
	});
	afterAll(async () => {
		await router?.stop();
		vi.useRealTimers();
		await rm(dir, { recursive: true, force: true });
	});

	it('reports no revision and no connection before anything was applied', async () => {
		const report = await control.check();

		expect(report).toMatchObject({ flavor: 'libreswan', version: '4.10', daemon: true, revision: 'none', connections: [] });
		expect(report).toMatchObject({ scripts: 'none', capabilities: [] });
	});

	it('does not stop a daemon that would not start again, and says which line is in the way', async () => {
		await sh(
			`cd "$S2S_ROOT/etc" && printf 'config setup\n\tikev1-policy=sure\n' >ipsec.d/owner.conf && echo 'include /etc/ipsec.d/owner.conf' >>ipsec.conf`,
		);

		const report = await control.apply(1, [office]);

		expect(report).toMatchObject({ daemon: true, connections: [{ up: '00', reasons: ['foreign-config'] }] });
		expect(report.steps.join('\n')).toContain(' /etc/ipsec.d/owner.conf:2: keyword ikev1-policy, invalid value: sure');
		await sh('cd "$S2S_ROOT/etc" && rm ipsec.d/owner.conf && sed -i /owner.conf/d ipsec.conf');
	});

	it('brings up every pair of two connections, and guards their packets', async () => {
		const report = await control.apply(1, [office, branch]);

		expect(report).toMatchObject({ revision: { generation: 1 }, packetRules: 'ok', daemon: true, scripts: scriptsVersion() });
		expect(report.capabilities).toContain('modp1536');
		expect(report.capabilities).not.toContain('modp1024');
		expect(await ups()).toEqual(['11', '1']);
		expect(connectionOf(report, office)).toMatchObject({ phase1: true, reasons: [] });
	});

	it('changes nothing when the same bundle comes twice', async () => {
		const before = await state();

		const report = await control.apply(1, [office, branch]);

		expect(await state()).toBe(before);
		expect(report.steps.filter((step) => step.startsWith('vpnc-'))).toEqual([]);
	});

	it('loses only the tunnels of a peer that is switched off, and says why', async () => {
		await router.steer({ tunnels: { [branch.peer]: 'down' } });
		expect(connectionOf(await control.check(), branch)).toMatchObject({ up: '0', reasons: ['dpd-timeout'] });

		timerFires();

		expect(connectionOf(await control.check(), branch)).toMatchObject({ up: '0', reasons: ['peer-unreachable'] });
		expect(await ups()).toEqual(['11', '0']);
	});

	it('heals by its own timer when the peer is switched on again', async () => {
		await router.steer({ tunnels: { [branch.peer]: 'up' } });
		expect(await ups()).toEqual(['11', '0']);

		timerFires();

		expect(await ups()).toEqual(['11', '1']);
	});

	it('reports that the daemon is down, and restarts it', async () => {
		await sh('ipsec setup stop');
		expect(await control.check()).toMatchObject({ daemon: false, connections: [{ up: '00' }, { up: '0' }] });

		timerFires();

		expect(await ups()).toEqual(['11', '1']);
	});

	it('has a conn that somebody deleted as not applied, leaves its sibling alone, and loads it again by itself', async () => {
		const conn = `${connectionOf(await control.check(), office).connectionId}-2`;
		const sas = () => sh(`grep -v '^${conn} ' "$S2S_ROOT/simulated/sas"`);
		const before = await sas();
		await sh(`ipsec whack --name ${conn} --delete`);

		for (let n = 0; n < 2; n++) {
			expect(connectionOf(await control.check(), office)).toMatchObject({ up: '10', reasons: ['config-not-applied'] });
			timerFires();
		}
		const report = await control.apply(1, [office, branch]);

		expect(report.revision).toMatchObject({ generation: 1 });
		expect(await ups()).toEqual(['11', '1']);
		expect(await sas()).toBe(before);
		timerFires();
		await ups();
		expect(await sas()).toBe(before);
	});

	it('has its files written again after they were wiped, and its tunnels left as they are', async () => {
		const before = await state();
		await sh('cd "$S2S_ROOT/etc" && rm -r ipsec.d/s2s* && echo "config setup" >ipsec.conf && : >ipsec.secrets');
		expect((await control.check()).revision).toBe('drift');

		const report = await control.apply(1, [office, branch]);

		expect(report).toMatchObject({ revision: { generation: 1 }, daemon: true });
		expect(await state()).toBe(before);
	});

	itAtLength('is loaded anew after its files were wiped and its daemon restarted', async () => {
		await sh('cd "$S2S_ROOT/etc" && rm -r ipsec.d/s2s* && echo "config setup" >ipsec.conf; ipsec setup restart');

		await control.apply(1, [office, branch]);

		expect(await sh('cat "$S2S_ROOT/etc/ipsec.conf"')).toContain('ikev1-policy=accept');
		expect(await ups()).toEqual(['11', '1']);
	});

	it('starts a daemon that was killed with its supervisor, which its init script believes to run still', async () => {
		await sh('cd "$S2S_ROOT/simulated" && rm daemon && : >conns && : >sas');
		expect(await sh('ipsec setup start')).toContain('already active');
		expect(await control.check()).toMatchObject({ daemon: false, connections: [{ up: '00' }, { up: '0' }] });

		timerFires();

		expect(await ups()).toEqual(['11', '1']);
	});

	itAtLength('says that a foreign file keeps the daemon from its start, and starts it once that is corrected', async () => {
		await sh('printf "nonsense=1\\n" >>"$S2S_ROOT/etc/ipsec.conf"; ipsec setup stop');

		timerFires();

		const [first, second] = (await control.check()).connections;
		expect([first, second]).toMatchObject([
			{ up: '00', reasons: ['foreign-config'] },
			{ up: '0', reasons: ['foreign-config'] },
		]);
		await sh('sed -i "/nonsense/d" "$S2S_ROOT/etc/ipsec.conf"');

		timerFires();

		expect(await ups()).toEqual(['11', '1']);
	});

	it('reports and restores packet rules that somebody flushed', async () => {
		await sh('iptables -t filter -F S2S-FORWARD');
		expect(await control.check()).toMatchObject({ packetRules: 'missing' });

		timerFires();

		expect(await control.check()).toMatchObject({ packetRules: 'ok' });
	});

	it('is offline while it is told not to answer, and keeps its tunnels', async () => {
		await router.steer({ answers: false });
		await expect(router.run('true', timeoutMs)).rejects.toBeInstanceOf(RouterOffline);

		await router.steer({ answers: true });

		expect(await ups()).toEqual(['11', '1']);
	});

	it('ends a script with 124 at its timeout, and answers the next one', async () => {
		expect(await router.run('echo begun; sleep 30', 500)).toMatchObject({ code: 124, stdout: 'begun\n' });

		expect(await ups()).toEqual(['11', '1']);
	});

	it('is the same router after a restart of the platform', async () => {
		await router.steer({ tunnels: { [branch.peer]: 'down' } });
		const before = await control.check();
		await router.stop();

		await begin();

		expect(await control.check()).toEqual(before);
		await router.steer({ tunnels: { [branch.peer]: 'up' } });
	});

	it('cannot write to the host, and has interfaces and processes of its own', async () => {
		// Asked, not tried: a test that fails must not harm the machine.
		const writable = 'for at in / /etc /etc/hosts /opt /usr /var/lib; do [ ! -w "$at" ] || echo "$at"; done';

		expect(await sh(writable)).toBe('');
		expect(await sh('tail -n +3 /proc/net/dev')).toMatch(/^ *lo:.*\n$/);
		expect(await sh('echo $$')).toBe('1\n');
		expect(await sh('ls /dev/shm 2>/dev/null; true')).toBe('');
	});

	driverContract(() => ({ driver: router, control, held: [office, branch], generation: 1 }));

	it('has the secret nowhere but in the secrets file', async () => {
		const encoded = Buffer.from(branch.psk).toString('base64');

		const found = await sh(`cd "$S2S_ROOT" && grep -rlF '${encoded}' .`);

		expect(found).toBe('./etc/ipsec.d/s2s/vpnc-00000000000000003.secrets\n');
	});

	it('refuses an empty bundle of a lower generation than it has stored, but for an admin’s force', async () => {
		await sh('echo 999999999999999-0123456789abcdef >"$S2S_ROOT/var/lib/s2s/revision"');
		expect((await control.apply(2, [])).connections).toHaveLength(2);

		const forced = await control.force(1, [office]);
		expect(forced.revision).toMatchObject({ generation: 1 });
		expect(forced.connections).toHaveLength(1);
	});

	it('asks the host of a probe through its tunnel, which no change of the probe touches', async () => {
		const sas = () => sh('cat "$S2S_ROOT/simulated/sas"');
		const before = await sas();
		const healed = async () => {
			await sh('cd "$S2S_ROOT" && rm -f run/s2s/asked.* && opt/s2s/heal.sh');
			return connectionOf(await control.check(), office);
		};

		const { steps } = await control.apply(2, [{ ...office, probe: '10.2.1.10' }]);
		expect(steps.filter((step) => step.startsWith('vpnc-'))).toEqual([]);
		expect(await healed()).toMatchObject({ up: '11', probe: { lossPercent: 0, rttMs: 12 } });
		await router.steer({ hosts: { '10.2.1.10': 'down' } });
		expect(await healed()).toMatchObject({ up: '11', probe: { lossPercent: 100 } });
		await router.steer({ hosts: { '10.2.1.10': 'up' } });
		const cleared = await control.apply(3, [office]);

		expect(connectionOf(cleared, office)).not.toHaveProperty('probe');
		expect(await sas()).toBe(before);
	}, 120_000);

	it('keeps its own way past a tunnel to a public block, as long as there is one', async () => {
		const wide = { ...branch, revision: 2, remoteCidrs: [...branch.remoteCidrs, '203.0.113.0/24'] };
		const asked = '. "$S2S_ROOT/opt/s2s/lib.sh"; bypasses_that_stand';

		const { steps } = await control.apply(4, [office, wide]);
		expect(steps.filter((step) => step.startsWith('- '))).toEqual([expect.stringMatching(/^- holds revision 4-/)]);
		expect(await sh(asked)).toBe('10.1.0.1 203.0.113.0/24 tcp\n');

		await sh('ip xfrm policy delete src 10.1.0.1/32 dst 203.0.113.0/24 proto tcp dport 443 dir out; "$S2S_ROOT/opt/s2s/heal.sh"');
		expect(await sh(asked)).toBe('10.1.0.1 203.0.113.0/24 tcp\n');
	});

	it('keeps nothing of a connection that is gone, whether or not it ever was applied: a folder in memory would fill up', async () => {
		const keyless = toNobody(1);
		const gone = [branch, keyless].map(({ n }) => idOf('vpnc', n));
		const files = async () => {
			const all = await sh('cd "$S2S_ROOT" && find etc run var -name "vpnc-*" -o -name "*-vpnc-*"');
			return gone.map((id) => all.split('\n').filter((file) => file.includes(id)).length);
		};

		const { connections } = await control.apply(5, [office, branch, keyless], keyless);
		expect(connections.find(({ connectionId }) => connectionId === gone[1])?.reasons).toEqual(['secret-missing']);
		expect(Math.min(...(await files()))).toBeGreaterThan(0);
		await control.apply(6, [office]);

		expect(await files()).toEqual([0, 0]);
	});

	it('removes everything of ours with an empty bundle', async () => {
		const report = await control.apply(20, []);

		expect(report).toMatchObject({ revision: { generation: 20 }, connections: [] });
		const left = await sh(
			'cd "$S2S_ROOT"; ls etc/ipsec.d opt/s2s; grep -rl s2s etc; ipsec whack --status | grep vpnc-; iptables-save -t filter | grep S2S; ip -s xfrm state; ip xfrm policy; true',
		);
		expect(left.trim().split('\n')).toEqual(['etc/ipsec.d:', '', 'opt/s2s:', 'lib.sh']);
	});

	it('refuses to start if the machine has no namespaces', async () => {
		vi.stubEnv('PATH', '/nowhere');

		await expect(simulatedDriver({ instanceId, dir })).rejects.toThrow(/cannot be simulated: .*namespaces/);

		vi.unstubAllEnvs();
	});
});
