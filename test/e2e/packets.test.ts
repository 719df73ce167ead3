import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, type LabNode, startLab } from '../../local/lab/lab.ts';
import { peerConfig } from '../../local/lab/peer-config.ts';
import { atLength } from '../support/at-length.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest, type Tunnel, toPeer, toPeer2 } from './router-under-test.ts';
import { tcpTransfer } from './tcp-transfer.ts';
import { until } from './until.ts';

const plain = toPeer(1, 'a secret');
const largest: Tunnel = {
	...plain,
	revision: 2,
	forceEncaps: true,
	esp: { encryption: 'aes256', hash: 'sha512', pfsGroup: null, lifetimeSeconds: 3_600 },
};
const megabyte = 1_000_000;

/** Rules of the router's owner that translate all that leaves, at the head of what they are in. */
const translations = [
	['iptables-legacy', 'SNAT', 'iptables-legacy -t nat -I POSTROUTING 1 -o wan -j SNAT --to-source 192.0.2.1'],
	['iptables-legacy', 'MASQUERADE', 'iptables-legacy -t nat -I POSTROUTING 1 -j MASQUERADE'],
	['iptables-nft', 'SNAT', 'iptables-nft -t nat -I POSTROUTING 1 -o wan -j SNAT --to-source 192.0.2.1'],
	['iptables-nft', 'MASQUERADE', 'iptables-nft -t nat -I POSTROUTING 1 -j MASQUERADE'],
	[
		'a native nft table',
		'snat',
		"nft add table ip own; nft add chain ip own post '{ type nat hook postrouting priority -150; }'; nft insert rule ip own post snat to 192.0.2.1",
	],
	[
		'a native nft table',
		'masquerade',
		"nft add table ip own; nft add chain ip own post '{ type nat hook postrouting priority -150; }'; nft insert rule ip own post masquerade",
	],
] as const;
/** One of each backend, of each kind at least once. */
const sampled = translations.filter((_, n) => atLength || n % 3 === 0 || n === 5);
const withoutThem =
	'iptables-legacy -t nat -F POSTROUTING; iptables-nft -t nat -F POSTROUTING; nft delete table ip own 2>/dev/null; true';

describe('the packets of a tunnel', () => {
	let lab: Lab;
	let router: RouterUnderTest;

	const isUp = (tunnel: Tunnel) =>
		until('the tunnel up', 60, async () => {
			const report = await router.look();
			return report !== undefined && connectionOf(report, tunnel).up === '1';
		});
	/** Both ways, with what else arrives there: the sources that the hosts see. */
	const sourcesAt = async (node: LabNode, during: () => Promise<unknown>): Promise<string[]> => {
		const seen = await lab.capture(node, {
			interface: 'eth0',
			filter: 'icmp[icmptype] == icmp-echo or tcp[tcpflags] & tcp-syn != 0',
		});
		await during();
		const lines = await seen.stop();
		return [...new Set(lines.map((line) => / IP (\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1] ?? line))].sort();
	};
	const newFlows = async () => {
		await lab.exec('host', ['ping', '-c', '2', '-i', '0.2', '-W', '1', '10.2.0.10']);
		await lab.exec('peer-host', ['ping', '-c', '2', '-i', '0.2', '-W', '1', '10.1.0.10']);
		await tcpTransfer(lab, { from: 'host', to: '10.2.0.10', at: 'peer-host', bytes: 10 });
	};

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		const side = {
			local: plain.peer,
			remote: '192.0.2.1',
			psk: plain.psk,
			localSubnets: plain.remoteCidrs,
			remoteSubnet: '10.1.0.0/16',
		};
		await lab.configurePeer('peer', peerConfig({ ...side, espProposals: 'aes128-sha1,aes256-sha512' }));
		await router.apply(1, [plain]);
		await isUp(plain);
		// A flow that is older than every rule below.
		await lab.sh('host', 'setsid ping -i 0.2 10.2.0.10 >/tmp/running 2>&1 </dev/null &');
	});
	afterAll(() => lab?.stop());

	it.each(sampled)('keep their addresses with %s and %s, in a running flow and in new ones', async (_backend, _kind, rule) => {
		await lab.sh('router', rule);

		// The rule bites: what is not the tunnel's is translated by it.
		const outside = await lab.capture('wan', { interface: 'bridge0', filter: 'icmp[icmptype] == icmp-echo' });
		await lab.exec('host', ['ping', '-c', '1', '-W', '1', '192.0.2.254']);
		expect((await outside.stop()).filter((line) => line.includes('192.0.2.1 > 192.0.2.254')).length).toBe(1);
		expect(await sourcesAt('peer-host', newFlows)).toEqual(['10.1.0.10', '10.2.0.10']);
		expect(await sourcesAt('host', newFlows)).toEqual(['10.1.0.10', '10.2.0.10']);

		await lab.sh('router', withoutThem);
	});

	it('never stopped in the flow that was there before', async () => {
		await lab.sh('host', 'kill -INT $(pidof ping)');

		const summary = await until(
			'the summary',
			5,
			async () => /, (\d+(\.\d+)?)% packet loss/.exec(await lab.sh('host', 'cat /tmp/running'))?.[1],
		);
		expect(summary).toBe('0');
	});

	const runs: [string, Tunnel][] = [
		['aes128-sha1', plain],
		['aes256-sha512 in UDP', largest],
	];
	it.each(runs.slice(atLength ? 0 : 1))(
		'fit: a megabyte of TCP passes both ways with ICMP and fragments lost, under %s',
		async (_what, tunnel) => {
			await router.apply(tunnel.revision ?? 1, [tunnel]);
			await isUp(tunnel);
			for (const port of ['router', 'peer']) {
				await lab.sh(
					'wan',
					`nft add table netdev lossy_${port}; nft add chain netdev lossy_${port} from '{ type filter hook ingress device ${port} priority 0; }'; nft add rule netdev lossy_${port} from ip frag-off '&' 0x3fff != 0 counter drop; nft add rule netdev lossy_${port} from icmp type destination-unreachable drop`,
				);
			}
			for (const node of ['host', 'peer-host'] as const) {
				await lab.sh(
					node,
					"nft add table netdev deaf; nft add chain netdev deaf in '{ type filter hook ingress device eth0 priority 0; }'; nft add rule netdev deaf in icmp type destination-unreachable drop; sysctl -qw net.ipv4.tcp_mtu_probing=0",
				);
			}

			expect(await tcpTransfer(lab, { from: 'host', to: '10.2.0.10', at: 'peer-host', bytes: megabyte })).toBe(megabyte);
			expect(await tcpTransfer(lab, { from: 'peer-host', to: '10.1.0.10', at: 'host', bytes: megabyte })).toBe(megabyte);

			const fragments = await lab.sh('wan', 'nft list ruleset | grep counter');
			expect(fragments.match(/counter packets 0 /g)).toHaveLength(2);
			for (const port of ['router', 'peer']) await lab.sh('wan', `nft delete table netdev lossy_${port}`);
			for (const node of ['host', 'peer-host'] as const) await lab.sh(node, 'nft delete table netdev deaf');
		},
	);

	it('are guarded again within one interval after somebody flushed the chains, which the report shows meanwhile', async () => {
		await lab.sh('router', 'iptables -t raw -F S2S-NOTRACK; iptables -t mangle -F; iptables -F FORWARD');
		const report = await router.check();
		expect(report.packetRules).toBe('missing');
		expect(connectionOf(report, largest).up).toBe('1');

		await until('the chains back', 30, async () => (await router.check()).packetRules === 'ok');

		await lab.sh('router', 'iptables -t nat -I POSTROUTING 1 -j MASQUERADE');
		expect(await sourcesAt('peer-host', newFlows)).toEqual(['10.1.0.10', '10.2.0.10']);
		await lab.sh('router', withoutThem);
	});

	it('leave the router its own way to AWS and to a peer that lie in a public block behind another, and nobody else’s', async () => {
		const aws = '198.51.100.7';
		const other = toPeer2('another secret');
		const remoteCidrs = [...plain.remoteCidrs, '198.51.100.0/24', `${other.peer}/32`];
		const wide = { ...plain, revision: 9, remoteCidrs };
		await lab.sh('wan', `ip address add ${aws}/32 dev lo; ip route add 10.1.0.1/32 via 192.0.2.1`);
		const ends = { local: plain.peer, remote: '192.0.2.1', psk: plain.psk, remoteSubnet: '10.1.0.0/16' };
		await lab.configurePeer('peer', peerConfig({ ...ends, localSubnets: remoteCidrs, espProposals: 'aes128-sha1' }));
		await router.apply(9, [wide, { ...other, passive: true }]);
		await until('all pairs up', 60, async () => {
			const report = await router.look();
			return report !== undefined && connectionOf(report, wide).up === '111';
		});
		// The router's own cable: behind the peer they may be in clear.
		const asked = '. /opt/s2s/lib.sh; bypasses_of /var/lib/s2s/bundle | tee /run/asked; bypasses_that_stand | cmp - /run/asked';
		expect((await lab.sh('router', asked)).match(/ tcp$/gm)).toHaveLength(2);
		const outside = await lab.capture('wan', { interface: 'router', filter: 'ip and src net 10.1.0.0/16' });
		const own = { from: 'router', source: '10.1.0.1', at: 'wan', to: aws, bytes: 10 } as const;

		expect(await tcpTransfer(lab, { ...own, port: 443 })).toBe(10);
		await lab.sh(
			'router',
			`perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 50) or die; bind(S, pack_sockaddr_in(0, inet_aton("10.1.0.1"))) or die; send(S, "x" x 40, 0, pack_sockaddr_in(0, inet_aton("${other.peer}"))) or die'`,
		);
		for (const [from, port] of [
			['router', 80],
			['host', 443],
		] as const) {
			const to = `PeerAddr => "${aws}", PeerPort => ${port}, LocalAddr => "${from === 'router' ? '10.1.0.1' : '10.1.0.10'}"`;
			const tried = await lab.exec(from, [
				'perl',
				'-MIO::Socket::INET',
				'-e',
				`IO::Socket::INET->new(${to}, Timeout => 2) or exit 7`,
			]);
			expect([from, port, tried.code]).toEqual([from, port, 7]);
		}

		const clear = (await outside.stop()).map((line) => / IP (\S+) > (\S+): (ESP|Flags)/.exec(line)?.slice(1).join(' ') ?? line);
		expect([...new Set(clear.map((line) => line.replace(/(10\.1\.0\.1)\.\d+/, '$1')))].sort()).toEqual([
			`10.1.0.1 ${other.peer} ESP`,
			`10.1.0.1 ${aws}.443 Flags`,
		]);

		await lab.sh('router', 'ipsec setup restart; ip xfrm policy | grep -c "priority 77" || true');
		await until('the way open again', 60, async () => {
			const stands = await lab.exec('router', ['sh', '-c', asked]);
			return stands.code === 0 && (await tcpTransfer(lab, { ...own, port: 443 })) === 10;
		});
	});
});
