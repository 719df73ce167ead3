import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labAddress } from '../../local/lab/lab.ts';
import { type Fault, faults } from './fault-list.ts';
import { type Entity, type PlatformUnderTest, platformUnderTest } from './platform-under-test.ts';
import { faultLine, suffer } from './suffer.ts';
import { until } from './until.ts';

const psk = 'a secret';
const chosen = faults.filter(({ what }) => (process.env.FAULTS ?? what).split(';').includes(what));
/** What any daemon of a router may do at any time; the connection that is watched besides suffers it too. */
const ofAll = ['daemon killed', 'router rebooted', 'configuration wiped'];

/** Some two minutes each. */
describe('a fault in the lab', () => {
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

	beforeAll(async () => {
		t = await platformUnderTest(psk);
		await t.configurePeer('peer', ['10.2.0.0/24']);
		await t.configurePeer('peer2', ['10.3.0.0/24']);
		branch = await t.connect(labAddress.peer2, ['10.3.0.0/24']);
		await t.becomes(branch.id, 'Connected', 90);
		await anew();
	});
	afterAll(async () => {
		console.log(table.join('\n'));
		await t?.stop();
	});

	it.each(chosen)('($what) causes no false, missing or duplicate alert and no unencrypted packet', async (fault: Fault) => {
		const outcome = await suffer(t, fault, office, ofAll.includes(fault.what) ? [] : [branch]);
		table.push(faultLine(fault, outcome));

		expect(outcome).toMatchObject({ falseAlerts: [], missedAlerts: [], doubles: [] });
		if (!fault.unguarded) expect(outcome.clear).toEqual([]);
		if (fault.seamless) expect(outcome.packets.lost).toBe(0);
		if (outcome.said.length > 0) await anew();
	});
});
