import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labAddress } from '../../local/lab/lab.ts';
import { type Entity, type PlatformUnderTest, platformUnderTest } from './platform-under-test.ts';
import { spisWith } from './router-under-test.ts';
import { tcpTransfer } from './tcp-transfer.ts';
import { until } from './until.ts';

const bytes = 2_000_000;

/** Bytes are written each quarter of an hour. */
describe('the usage of a connection (F-16)', () => {
	let t: PlatformUnderTest;
	let connection: Entity;

	/** What came out of the tunnel, counted by the hosts at its ends. */
	const arrived = async (node: 'host' | 'peer-host') =>
		Number(/bytes (\d+)/.exec(await t.lab.sh(node, 'nft list table ip counted'))?.[1] ?? 0);
	const carry = async () => {
		expect(await tcpTransfer(t.lab, { from: 'host', to: labAddress['peer-host'], at: 'peer-host', bytes })).toBe(bytes);
		expect(await tcpTransfer(t.lab, { from: 'peer-host', to: labAddress.host, at: 'host', bytes: bytes / 2 })).toBe(bytes / 2);
	};

	beforeAll(async () => {
		t = await platformUnderTest('a secret');
		await t.configurePeer('peer', ['10.2.0.0/24']);
		for (const [node, from] of [
			['host', '10.2.0.0/24'],
			['peer-host', '10.1.0.0/16'],
		] as const) {
			// Packets as on a wire: without this a host hands the router many in one, under one header.
			await t.lab.sh(node, 'ip link set eth0 gso_max_segs 1');
			await t.lab.sh(
				node,
				`nft add table ip counted; nft add chain ip counted in '{ type filter hook input priority 0; }'; nft add rule ip counted in ip saddr ${from} counter`,
			);
		}
		connection = await t.connect(labAddress.peer, ['10.2.0.0/24']);
		await t.becomes(connection.id, 'Connected', 90);
	});
	afterAll(() => t?.stop());

	it(
		'is what came through it, within 1 %, with a rekey and a restart of the daemon inside',
		async () => {
			await carry();
			const before = await spisWith(t.lab, labAddress.peer);
			await t.lab.sh('peer', 'swanctl --rekey --child net0 >/dev/null; sleep 2');
			expect(await spisWith(t.lab, labAddress.peer)).not.toEqual(before);
			await carry();
			await t.lab.killRouterDaemon();
			await until(
				'packets through',
				90,
				async () => (await t.lab.exec('host', ['ping', '-c', '1', '-W', '1', labAddress['peer-host']])).code === 0,
			);
			await t.becomes(connection.id, 'Connected', 90);
			await carry();

			const sent = { in: await arrived('host'), out: await arrived('peer-host') };
			const told = { in: 0, out: 0 };
			const off = () => Math.max(Math.abs(told.in - sent.in) / sent.in, Math.abs(told.out - sent.out) / sent.out);
			await until('the usage', 20 * 60, async () => {
				const { body } = await t.platform.call('tenant', 'GET', `/v1/vpn-connections/${connection.id}/usage`);
				const { items } = body as { items: { bytesIn: number; bytesOut: number }[] };
				told.in = items.reduce((all, { bytesIn }) => all + bytesIn, 0);
				told.out = items.reduce((all, { bytesOut }) => all + bytesOut, 0);
				return off() < 0.01;
			}).catch(() => {});
			console.log(`in: ${told.in} told of ${sent.in} that came; out: ${told.out} told of ${sent.out}`);

			expect(off()).toBeLessThan(0.01);
		},
		30 * 60_000,
	);
});
