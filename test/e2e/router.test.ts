import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observe } from '../../functions/domain/monitoring/observe.ts';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { labDriver } from '../../local/routers/lab-driver.ts';
import { routerScripts, scriptsVersion } from '../../router/build.ts';
import { atLength } from '../support/at-length.ts';
import { aConnection, aCustomerGateway, aVpc, idOf, later, start } from '../support/builders.ts';
import { driverContract } from './driver-contract.ts';
import {
	configurePeer,
	connectionOf,
	type RouterUnderTest,
	routerUnderTest,
	spisWith,
	toPeer,
	toPeer2,
} from './router-under-test.ts';
import { until } from './until.ts';

const psk = 'a secret with "quotes" and $(words)';
const one = toPeer(1, psk);
const branch = toPeer2('another secret');

describe('a router in the lab', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	let wire: { stop(): Promise<string[]> };

	const ping = async (address: string, count = 3) =>
		(await lab.exec('host', ['ping', '-c', String(count), '-i', '0.2', '-W', '1', address])).stdout;
	const allUp = (tunnel: typeof one, seconds = 60) =>
		until(`every pair of ${tunnel.peer} up`, seconds, async () => {
			const report = await router.look();
			return report !== undefined && connectionOf(report, tunnel).up === '1'.repeat(tunnel.remoteCidrs.length);
		});

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		await configurePeer(lab, 'peer', one);
		await configurePeer(lab, 'peer2', branch);
		// What an owner's router does for traffic to the outside must never touch a tunnel.
		await lab.sh('router', 'iptables -t nat -A POSTROUTING -o wan -j MASQUERADE');
		// What leaves the router's side: ESP, and what must not, with its own source or a translated one.
		const clear = 'src net 10.1.0.0/16 or (src host 192.0.2.1 and icmp[icmptype] == icmp-echo)';
		wire = await lab.capture('wan', { interface: 'bridge0', filter: `esp or ${clear}` });
	});
	afterAll(() => lab?.stop());

	it('reports no revision and no connection before anything was applied', async () => {
		const report = await router.check();

		expect(report).toMatchObject({ flavor: 'libreswan', version: '4.10', daemon: true, revision: 'none', connections: [] });
		expect(report).toMatchObject({ scripts: 'none', capabilities: [] });
	});

	it('brings up a tunnel, carries packets with their true source, and counts them', async () => {
		const applied = router.apply(1, [one]);
		// From the moment it is guarded, before anything is loaded, and all the while from then on.
		await until('the guard', 30, async () =>
			(await lab.exec('router', ['iptables', '-S', 'FORWARD'])).stdout.includes('-j S2S-FORWARD'),
		);
		await lab.sh('host', 'setsid ping -i 0.5 10.2.0.10 >/dev/null 2>&1 </dev/null &');
		const report = await applied;

		expect(report).toMatchObject({ revision: { generation: 1 }, scripts: scriptsVersion() });
		expect(report.capabilities).toContain('modp1536');
		expect(report.capabilities).not.toContain('modp1024');
		await allUp(one, 20);
		const before = connectionOf(await router.check(), one);
		const seen = await lab.capture('peer-host', { interface: 'eth0', filter: 'icmp' });
		expect(await ping('10.2.0.10', 5)).toContain(' 0% packet loss');
		const after = connectionOf(await router.check(), one);
		expect(after.bytesIn - before.bytesIn).toBeGreaterThanOrEqual(5 * 84);
		expect(after.bytesOut - before.bytesOut).toBeGreaterThanOrEqual(5 * 84);
		const sources = (await seen.stop()).filter((line) => line.includes('echo request'));
		expect(sources.length).toBeGreaterThan(0);
		expect(sources.every((line) => line.includes('10.1.0.10 > '))).toBe(true);
	});

	it('changes nothing when the same bundle comes twice', async () => {
		const before = await spisWith(lab, one.peer);

		await router.apply(1, [one]);

		expect(await spisWith(lab, one.peer)).toEqual(before);
	});

	it('takes another version of the scripts, and is applied anew, without an SA or a packet less', async () => {
		const scripts = routerScripts();
		const later = { ...scripts, lib: `${scripts.lib}later_version=1\n` };
		const before = await spisWith(lab, one.peer);
		const pinging = lab.exec('host', ['ping', '-i', '0.2', '-w', '25', '10.2.0.10'], { timeoutMs: 60_000 });

		const renewed = await routerUnderTest(lab, undefined, { scripts: later }).apply(1, [one]);
		const reapplied = await router.apply(2, [one]);

		expect(renewed).toMatchObject({ scripts: scriptsVersion(later), revision: { generation: 1 } });
		expect(reapplied).toMatchObject({ scripts: scriptsVersion(), revision: { generation: 2 } });
		expect(await spisWith(lab, one.peer)).toEqual(before);
		expect((await pinging).stdout).toContain(' 0% packet loss');
	});

	it('refuses an older generation than it has, and changes nothing', async () => {
		const report = await router.apply(0, []);

		expect(report.revision).toMatchObject({ generation: 2 });
		expect(connectionOf(report, one).up).toBe('1');
	});

	it('keeps the SAs of one connection while another comes and goes completely', async () => {
		const before = await spisWith(lab, one.peer);

		await router.apply(2, [one, branch]);
		await allUp(branch, 30);
		expect(await ping('10.3.0.10')).toContain(' 0% packet loss');
		await router.apply(3, [one]);

		expect(await spisWith(lab, one.peer)).toEqual(before);
		expect(await spisWith(lab, branch.peer)).toEqual([]);
		const left = await lab.sh(
			'router',
			'grep -rl 0000000000003 /etc/ipsec.d /var/lib/s2s; ipsec whack --status | grep 0000000000003; iptables-save | grep 10.3.0; ip xfrm policy | grep 10.3.0; true',
		);
		expect(left).toBe('');
	});

	it('reports that the kernel lacks what the daemon has, and repairs it', async () => {
		await lab.sh('router', 'ip xfrm policy flush; ip xfrm state flush');

		const report = connectionOf(await router.check(), one);
		expect(report).toMatchObject({ up: '0' });
		expect(['kernel-missing', 'peer-deleted']).toContain(report.reasons[0]);

		await allUp(one);
	});

	it('reports that the daemon is down, and restarts it', async () => {
		await lab.killRouterDaemon();

		expect(await router.check()).toMatchObject({ daemon: false, connections: [{ up: '0', reasons: ['daemon-down'] }] });
		await allUp(one);
	});

	it('has a daemon that was stopped go on by itself', async () => {
		await lab.sh('router', 'kill -STOP $(pidof pluto)');

		// As long as it is stopped no look can be had.
		await allUp(one);
	});

	it('writes files again that were wiped under a running daemon, and leaves the tunnel as it is', async () => {
		const before = await spisWith(lab, one.peer);
		await lab.sh(
			'router',
			'rm -r /etc/ipsec.d/s2s*; cp /lab/stock/ipsec.conf /etc/ipsec.conf; cp /lab/stock/ipsec.secrets /etc/ipsec.secrets',
		);
		expect((await router.check()).revision).toBe('drift');

		const report = await router.apply(4, [one]);

		expect(report.revision).toMatchObject({ generation: 4 });
		expect(connectionOf(report, one).up).toBe('1');
		expect(await spisWith(lab, one.peer)).toEqual(before);
	});

	it('reports a wiped configuration as drift, and takes it again', async () => {
		await lab.wipeRouterConfig();

		expect((await router.check()).revision).toBe('drift');
		await router.apply(4, [one]);
		await allUp(one, 30);
	});

	it('heals by itself when the peer was killed and comes back', async () => {
		await lab.killPeer('peer');
		const gone = await until('the loss seen', 60, async () => {
			const found = connectionOf(await router.check(), one);
			return found.up === '0' && found.reasons.length > 0 && found;
		});
		expect(['dpd-timeout', 'peer-unreachable']).toContain(gone.reasons[0]);

		await lab.startPeer('peer');

		await allUp(one);
		expect(await ping('10.2.0.10')).toContain(' 0% packet loss');
	});

	it('reports that the peer closed the tunnel properly, and reconnects with it', async () => {
		await lab.stopPeer('peer');
		// A handshake that the stop cuts off looks at first like one with another key.
		await until('the loss seen, with its reason', 30, async () => {
			const { up, reasons } = connectionOf(await router.check(), one);
			return up === '0' && ['peer-deleted', 'peer-unreachable'].includes(reasons[0] ?? '');
		}).finally(() => lab.startPeer('peer'));

		await allUp(one);
	});

	it('asks the host of a probe through an idle tunnel, of which no SA is touched, whether it answers or not', async () => {
		// One that is not declared dead where the machine has other work.
		const patient = { ...branch, dpd: { enabled: true, delaySeconds: 30, timeoutSeconds: 120 } };
		const probed = { ...patient, probe: '10.3.0.10' };
		let current = aConnection({
			id: idOf('vpnc', branch.n),
			state: 'Connected',
			notified: 'up',
			probe: { host: probed.probe },
			observed: { up: [true], candidates: [], observedAt: start.toISOString() },
		});
		const told: string[] = [];
		let seconds = 0;
		let writes = 0;
		/** What a pass of heal and then a check of the service make of it, each 30 s of its clock. */
		const checked = async () => {
			seconds += 30;
			await lab.sh(
				'router',
				'rm -f /run/s2s/asked.*; said() { cat /var/lib/s2s/memory/*.replies 2>/dev/null; }; before=$(said); /opt/s2s/heal.sh; until [ "$(said)" != "$before" ]; do sleep 0.2; done',
			);
			const report = await router.check();
			const line = connectionOf(report, branch);
			const connections = [{ ...line, up: [...line.up].map((digit) => digit === '1') }];
			const decision = observe({
				vpc: aVpc({
					slots: { [current.id]: { customerGatewayId: idOf('cgw', 1), peer: branch.peer, remoteCidrs: [...branch.remoteCidrs] } },
				}),
				connections: [current],
				customerGateways: [aCustomerGateway()],
				answer: { report: { ...report, revision: { generation: 3, hash: '' }, connections } },
				now: later(seconds),
				intervalSeconds: 30,
			});
			writes = decision.connections.length;
			current = decision.connections[0]?.next ?? current;
			told.push(...decision.events.flatMap(({ alert }) => (alert === undefined ? [] : [alert.subject])));
			return { ...line, reason: current.stateReason?.code };
		};
		const answers = (whether: boolean) => lab.sh('peer2-host', `sysctl -qw net.ipv4.icmp_echo_ignore_all=${whether ? 0 : 1}`);
		// An owner's firewall, which lets in what is established; the answers to the router's pings are not tracked.
		await lab.sh('router', 'iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; iptables -P INPUT DROP');
		await answers(false);
		await router.apply(5, [one, probed]);
		await allUp(branch, 30);
		const before = await spisWith(lab, branch.peer);

		const unanswered = { up: '1', probe: { lossPercent: 100 }, reasons: [] };
		expect([await checked(), await checked(), await checked(), await checked()]).toMatchObject([
			{ ...unanswered, reason: undefined },
			...Array.from({ length: 3 }, () => ({ ...unanswered, reason: 'no-reply-through-tunnel' })),
		]);
		expect([told, writes]).toEqual([[expect.stringContaining('is degraded: no-reply-through-tunnel')], 0]);
		await answers(true);
		expect(await checked()).toMatchObject({ probe: { lossPercent: 0, rttMs: expect.any(Number) }, reason: undefined });
		expect(told.slice(1)).toEqual([expect.stringContaining('is up again')]);
		await router.apply(6, [one, { ...patient, probe: '10.3.0.1' }]);
		expect(await checked()).toMatchObject({ probe: { lossPercent: 0 } });

		expect(await spisWith(lab, branch.peer)).toEqual(before);
		await lab.sh('router', 'iptables -P INPUT ACCEPT; iptables -D INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT');
	});

	if (atLength) driverContract(() => ({ driver: labDriver(lab), control: router, held: [one], generation: 6 }));

	it('fails only the connection whose key is missing', async () => {
		const keyless = { ...branch, n: 4 };
		const report = await router.apply(20, [keyless, one], keyless);

		expect(connectionOf(report, keyless)).toMatchObject({ up: '0', reasons: ['secret-missing'] });
		expect(connectionOf(report, one).up).toBe('1');
	});

	it('has the secret nowhere but in the secrets file', async () => {
		const encoded = Buffer.from(psk).toString('base64');

		const found = await lab.sh('router', `grep -rlF '${encoded}' /etc /var /opt /run /dev/shm /tmp 2>/dev/null; true`);

		expect(found.trim().split('\n')).toEqual(['/etc/ipsec.d/s2s/vpnc-00000000000000002.secrets']);
	});

	it('removes everything of ours with an empty bundle', async () => {
		await lab.sh('host', 'kill $(pidof ping)');

		await router.apply(21, []);

		// An SPI that a negotiation had reserved stays in the kernel for a while, without a key.
		const left = await lab.sh(
			'router',
			'ls /etc/ipsec.d/s2s* 2>/dev/null; grep -l s2s /etc/ipsec.conf /etc/ipsec.secrets; ipsec whack --status | grep vpnc-; iptables-save | grep S2S; ip xfrm state | grep -E "(enc|aead) "; true',
		);
		expect(left).toBe('');
	});

	it('let no packet between the two sites pass outside ESP in any of these tests', async () => {
		const lines = await wire.stop();

		expect(lines.filter((line) => line.includes('ESP(')).length).toBeGreaterThan(100);
		expect(lines.filter((line) => !line.includes('ESP('))).toEqual([]);
	});
});
