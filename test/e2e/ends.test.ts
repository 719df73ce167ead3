import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { type PeerSide, peerConfig } from '../../local/lab/peer-config.ts';
import { itAtLength } from '../support/at-length.ts';
import { connectionOf, facts, routerUnderTest, spisWith, type Tunnel, toPeer, toPeer2 } from './router-under-test.ts';
import { until } from './until.ts';

const office = toPeer(1, 'a secret');
const branch = toPeer2('another secret');
const sideOf = (tunnel: Tunnel, over: Partial<PeerSide> = {}): PeerSide => ({
	local: tunnel.peer,
	remote: '192.0.2.1',
	psk: tunnel.psk,
	localSubnets: tunnel.remoteCidrs,
	remoteSubnet: '10.1.0.0/16',
	...over,
});

/** What the two ends of a tunnel may be, one after another on one lab. */
describe('the ends of a tunnel', () => {
	let lab: Lab;
	let generation = 0;

	const pings = async (address: string) =>
		(await lab.exec('host', ['ping', '-c', '3', '-i', '0.2', '-W', '1', address])).stdout.includes(' 0% packet loss');
	const apply = (tunnels: Tunnel[], gateway: { ip?: string; privateIp?: string } = {}) => {
		generation++;
		const revised = tunnels.map((tunnel) => ({ revision: generation, ...tunnel }));
		return routerUnderTest(lab, facts, gateway).apply(generation, revised);
	};
	const upIs = (tunnel: Tunnel, up: string, seconds = 60) =>
		until(`${tunnel.peer} ${up}`, seconds, async () => {
			const report = await routerUnderTest(lab).look();
			return report !== undefined && connectionOf(report, tunnel).up === up && connectionOf(report, tunnel);
		});
	/** The peer forgets the router and waits, or begins. */
	const peerIs = async (side: PeerSide, begins = false) => {
		await lab.killPeer('peer');
		await lab.configurePeer('peer', peerConfig(side));
		await lab.startPeer('peer');
		if (begins) await lab.sh('peer', 'swanctl --initiate --ike s2s --child net0 --timeout 20 >/dev/null');
	};
	const wire = (filter: string) => lab.capture('wan', { interface: 'bridge0', filter });

	beforeAll(async () => {
		lab = await startLab();
	});
	afterAll(() => lab?.stop());

	itAtLength('are in UDP where encapsulation is asked for, though no NAT is on the way', async () => {
		await peerIs(sideOf(office));
		await apply([{ ...office, forceEncaps: true }]);
		await upIs(office, '1');

		const seen = await wire('esp or udp port 4500');
		expect(await pings('10.2.0.10')).toBe(true);
		const lines = await seen.stop();
		expect(lines.filter((line) => line.includes('UDP-encap: ESP')).length).toBeGreaterThanOrEqual(6);
		expect(lines.filter((line) => !line.includes('.4500'))).toEqual([]);
	});

	it('authenticate a peer by name', async () => {
		await peerIs(sideOf(office, { localId: '@office.example' }));
		await apply([{ ...office, remoteId: 'office.example' }]);

		await upIs(office, '1');
		expect(await pings('10.2.0.10')).toBe(true);
	});

	it('wait for the peer and never initiate if the connection is passive', async () => {
		await peerIs(sideOf(office));
		await apply([{ ...office, passive: true }]);
		const seen = await wire('udp port 500 and src host 192.0.2.1');
		// A whole interval of the router's own timer, which begins all others.
		await new Promise((resolve) => setTimeout(resolve, 17_000));
		expect(await seen.stop()).toEqual([]);
		expect((await upIs(office, '0')).reasons).toEqual(['waiting-for-peer']);

		await lab.sh('peer', 'swanctl --initiate --ike s2s --child net0 --timeout 20 >/dev/null');
		await upIs(office, '1', 10);
	});

	itAtLength('do without dead-peer detection where it is off', async () => {
		await peerIs(sideOf(office));
		await apply([{ ...office, dpd: { enabled: false, delaySeconds: 30, timeoutSeconds: 120 } }]);
		await upIs(office, '1');

		expect(await lab.sh('router', `ipsec whack --status | grep -F '"vpnc-00000000000000002-1":' | grep 'dpd:'`)).toContain(
			'delay:0',
		);
	});

	itAtLength('may be on any address that the router has: packets leave with it, and others keep the default one', async () => {
		await lab.sh('router', 'ip address add 192.0.2.11/24 dev wan');
		await peerIs(sideOf(office, { remote: '192.0.2.11', remoteId: '192.0.2.11' }));
		await apply([office], { ip: '192.0.2.11' });
		await upIs(office, '1');

		const seen = await wire('esp and host 192.0.2.2');
		const outside = await wire('icmp[icmptype] == icmp-echo');
		expect(await pings('10.2.0.10')).toBe(true);
		await lab.exec('router', ['ping', '-c', '1', '-W', '1', '192.0.2.254']);
		expect((await seen.stop()).filter((line) => line.includes('192.0.2.1 '))).toEqual([]);
		expect((await outside.stop()).join()).toContain('192.0.2.1 > 192.0.2.254');
	});

	it('connect with the router behind a 1:1 NAT, as on EC2', async () => {
		await lab.sh('router', 'ip address flush dev wan; ip address add 10.99.0.2/24 dev wan; ip route add default via 10.99.0.1');
		await lab.sh(
			'wan',
			"ip address add 10.99.0.1/24 dev bridge0; ip address add 192.0.2.1/24 dev bridge0; sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.bridge0.send_redirects=0; nft add table ip one; nft add chain ip one pre '{ type nat hook prerouting priority -100; }'; nft add chain ip one post '{ type nat hook postrouting priority 100; }'; nft add rule ip one pre ip daddr 192.0.2.1 dnat to 10.99.0.2; nft add rule ip one post ip saddr 10.99.0.2 snat to 192.0.2.1",
		);
		await peerIs(sideOf(office));
		await apply([office], { ip: '192.0.2.1', privateIp: '10.99.0.2' });

		await upIs(office, '1');
		expect(await pings('10.2.0.10')).toBe(true);
		expect(await lab.sh('router', 'cat /etc/ipsec.d/s2s/*.conf')).toContain('left=10.99.0.2\n\tleftid=192.0.2.1');
	});

	itAtLength('take a peer without an address of its own, by its name, beside one that has one', async () => {
		await lab.sh('router', 'ip address flush dev wan; ip address add 192.0.2.1/24 dev wan; ip route add default via 192.0.2.254');
		// The peer sits behind somebody's NAT.
		await lab.sh(
			'wan',
			"nft delete table ip one; ip address del 192.0.2.1/24 dev bridge0; ip address add 10.88.0.1/24 dev bridge0; nft add table ip home; nft add chain ip home post '{ type nat hook postrouting priority 100; }'; nft add rule ip home post ip saddr 10.88.0.2 masquerade",
		);
		await lab.sh('peer', 'ip address add 10.88.0.2/24 dev wan; ip route replace 192.0.2.1/32 via 10.88.0.1 src 10.88.0.2');
		await lab.configurePeer('peer2', peerConfig(sideOf(branch)));
		const roaming: Tunnel = { ...office, peer: 'any', remoteId: 'roaming.example' };
		await apply([roaming, branch]);
		await upIs(branch, '1');
		const before = await spisWith(lab, branch.peer);
		expect((await upIs(roaming, '0')).reasons).toEqual(['waiting-for-peer']);

		await peerIs(sideOf(office, { local: '10.88.0.2', localId: '@roaming.example' }), true);

		await upIs(roaming, '1', 20);
		expect(await pings('10.2.0.10')).toBe(true);
		expect(await spisWith(lab, branch.peer)).toEqual(before);
	});
});
