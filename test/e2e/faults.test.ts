import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labAddress } from '../../local/lab/lab.ts';
import { type Fault, faults } from './fault-list.ts';
import { type Entity, type PlatformUnderTest, platformUnderTest } from './platform-under-test.ts';
import { faultLine, suffer } from './suffer.ts';
import { tcpTransfer } from './tcp-transfer.ts';
import { until } from './until.ts';

const psk = 'a secret';
const chosen = faults.filter(({ what }) => (process.env.FAULTS ?? what).split(';').includes(what));
const megabyte = 1_000_000;
/** What any daemon of a router may do at any time; the connection that is watched besides suffers it too. */
const ofAll = ['daemon killed', 'router rebooted', 'configuration wiped'];

/** Its usage is told a quarter of an hour later, so that the whole takes the better part of an hour. */
describe('a fault on the lab', () => {
	let t: PlatformUnderTest;
	let office: Entity;
	let branch: Entity;
	const table: string[] = [];

	/** A connection that was lost four times in half an hour would be told as flapping. */
	const anew = async () => {
		if (office !== undefined) {
			await t.platform.call('tenant', 'DELETE', `/v1/vpn-connections/${office.id}`);
			await until(
				'it gone',
				90,
				async () => (await t.platform.call('tenant', 'GET', `/v1/vpn-connections/${office.id}`)).status === 404,
			);
			await t.platform.call('tenant', 'DELETE', `/v1/vpn-customer-gateways/${office.customerGatewayId}`);
		}
		office = await t.connect(labAddress.peer, ['10.2.0.0/24']);
		await t.becomes(office.id, 'Connected', 90);
	};
	/** What really came out of the branch's tunnel at its hosts, which no router of ours counts. */
	const arrived = async (node: 'host' | 'peer2-host') =>
		Number(/bytes (\d+)/.exec(await t.lab.sh(node, 'nft list table ip counted'))?.[1] ?? 0);
	const carry = async () => {
		expect(await tcpTransfer(t.lab, { from: 'host', to: labAddress['peer2-host'], at: 'peer2-host', bytes: megabyte })).toBe(
			megabyte,
		);
		expect(await tcpTransfer(t.lab, { from: 'peer2-host', to: labAddress.host, at: 'host', bytes: megabyte })).toBe(megabyte);
	};

	beforeAll(async () => {
		t = await platformUnderTest(psk);
		await t.configurePeer('peer', ['10.2.0.0/24']);
		await t.configurePeer('peer2', ['10.3.0.0/24']);
		for (const [node, from] of [
			['host', '10.3.0.0/24'],
			['peer2-host', '10.1.0.0/16'],
		] as const) {
			await t.lab.sh(
				node,
				`nft add table ip counted; nft add chain ip counted in '{ type filter hook input priority 0; }'; nft add rule ip counted in ip saddr ${from} counter`,
			);
		}
		branch = await t.connect(labAddress.peer2, ['10.3.0.0/24']);
		await t.becomes(branch.id, 'Connected', 90);
		await anew();
		await carry();
	});
	afterAll(async () => {
		console.log(table.join('\n'));
		await t?.stop();
	});

	it.each(chosen)('($what) makes no alert false, missed or double, and no packet clear', async (fault: Fault) => {
		const outcome = await suffer(t, fault, office, ofAll.includes(fault.what) ? [] : [branch]);
		table.push(faultLine(fault, outcome));

		expect(outcome).toMatchObject({ falseAlerts: [], missedAlerts: [], doubles: [] });
		if (!fault.unguarded) expect(outcome.clear).toEqual([]);
		if (fault.seamless) expect(outcome.packets.lost).toBe(0);
		if (outcome.said.length > 0) await anew();
		await carry();
	});

	it(
		'leaves the bytes right: the usage is what came through, within 1 %',
		async () => {
			const sentIn = await arrived('host');
			const sentOut = await arrived('peer2-host');
			const off = (told: number, sent: number) => Math.abs(told - sent) / sent;
			const told = await until('the usage', 20 * 60, async () => {
				const { body } = await t.platform.call('tenant', 'GET', `/v1/vpn-connections/${branch.id}/usage`);
				const { items } = body as { items: { bytesIn: number; bytesOut: number }[] };
				const sum = {
					in: items.reduce((all, { bytesIn }) => all + bytesIn, 0),
					out: items.reduce((all, { bytesOut }) => all + bytesOut, 0),
				};
				return off(sum.in, sentIn) < 0.01 && off(sum.out, sentOut) < 0.01 && sum;
			});
			table.push(`usage of the branch: in ${told.in} of ${sentIn} that came, out ${told.out} of ${sentOut}`);
		},
		25 * 60_000,
	);
});
