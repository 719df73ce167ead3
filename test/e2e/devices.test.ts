import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import { type Device, NamedDevice } from '../../functions/domain/peers/contract/peer-device.ts';
import type { DeviceTunnel } from '../../functions/domain/peers/contract/peer-reading.ts';
import { peerView } from '../../functions/domain/peers/contract/peer-view.ts';
import { peerCheck, readers } from '../../functions/domain/peers/peer-check.ts';
import { peerConfig } from '../../functions/domain/peers/peer-config.ts';
import { unsupportedBy } from '../../functions/domain/rules/router-capabilities.ts';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import type { PeerSide } from '../../local/lab/peer-config.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../support/builders.ts';
import { connectionOf, facts, type RouterUnderTest, routerUnderTest } from './router-under-test.ts';
import { espWord, ikeWord, legacySuites, type Suite, suiteWord } from './suite-list.ts';
import {
	addressOf,
	answeringPlaces,
	freshPeer,
	makePlaces,
	nameOf,
	numberOf,
	places,
	subnetOf,
	tunnelAt,
} from './suite-peers.ts';
import { until } from './until.ts';

const devices = Object.keys(readers) as Device[];
/** Each of phase 1 once, with one of phase 2 after another; PFS with group 5 every second time, as the router has it. */
const suites = legacySuites.filter((_, n) => {
	const first = Math.floor(n / 24);
	return n % 24 === (first % 2) * 16 + ((first * 3) % 8);
});
const cells = suites.flatMap((suite) => devices.map((device) => ({ suite, device })));
const psk = 'k3y.of_a-device';

/** What stands at the other end of the connection at a place, as text of the device. */
const textAt = (place: number, { suite: { ike, esp }, device }: (typeof cells)[number]) => {
	const customerGateway = aCustomerGateway({ gateway: addressOf(place), remoteCidrs: [subnetOf(place)], ike, esp });
	const view = peerView(idOf('vpnc', numberOf(place)), customerGateway, {
		vpc: aVpc(),
		gateway: aGateway(),
		psk: new Secret(psk),
	});
	const config = peerConfig(NamedDevice.parse({ device }), view, { customerGateway, toBase64: (text) => text });
	if ('unable' in config) throw new Error(config.unable);
	return { text: config.config, view };
};
const read = (device: Device, text: string) => {
	const reading = readers[device]?.(text);
	if (reading === undefined) throw new Error(`no reader for ${device}`);
	return reading;
};

/** A strongSwan of what the text says and nothing else, but for the addresses of the device's own interfaces. */
const peerOf = (place: number, { peerAddress, keyFor, phase1, phase2, pfsGroup, pairs }: DeviceTunnel): PeerSide => {
	const value = <T>(of: { value: T | undefined } | undefined): T => {
		if (of?.value === undefined) throw new Error('the text does not say it');
		return of.value;
	};
	const [ike] = phase1;
	const [esp] = phase2;
	const suite = {
		ike: { encryption: value(ike?.encryption), hash: value(ike?.hash), dhGroup: value(ike?.dhGroup) },
		esp: { encryption: value(esp?.encryption), hash: value(esp?.hash), pfsGroup: value(pfsGroup) },
	} as Suite;
	return {
		name: nameOf(place),
		local: addressOf(place),
		remote: value(peerAddress),
		psk: value({ value: keyFor(value(peerAddress))?.key?.reveal() }),
		localSubnets: pairs.map(({ local }) => value(local)),
		remoteSubnet: value(pairs[0]?.remote),
		proposals: ikeWord(suite.ike),
		espProposals: espWord(suite.esp),
	};
};

describe('the configuration rendered for a device', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	let able: (typeof cells)[number][];
	const table: string[] = [];

	beforeAll(async () => {
		lab = await startLab();
		await makePlaces(lab);
		const { flavor, version, capabilities } = await routerUnderTest(lab).apply(0, []);
		const known = { ...facts, flavor, version, capabilities };
		router = routerUnderTest(lab, known);
		able = cells.filter(({ suite }) => unsupportedBy(known, suite) === undefined);
	});
	afterAll(async () => {
		console.log(`${table.join('\n')}\n${table.length} rows`);
		await lab?.stop();
	});

	it('reads back as the connection, for each phase 1 suite and each device', () => {
		expect(cells).toHaveLength(48);
		for (const [n, cell] of cells.entries()) {
			const { text, view } = textAt(n % places, cell);
			const reading = read(cell.device, text);
			expect([...reading.unknown, ...reading.unused, ...peerCheck(reading, view).findings]).toEqual([]);
			if (!able.includes(cell))
				table.push(`${suiteWord(cell.suite).padEnd(64)} ${cell.device.padEnd(10)}  by its reader; the router has no DH group 2`);
		}
	});

	it.each([0, 1])(
		'brings up the tunnel and carries packets with a peer built from it, for all that the router supports: batch %i',
		async (batch) => {
			const now = able.slice(batch * places, (batch + 1) * places);
			expect(now).not.toEqual([]);
			const peers = now.map((cell, place) => {
				const [tunnel] = read(cell.device, textAt(place, cell).text).tunnels;
				if (tunnel === undefined) throw new Error('no tunnel was read');
				return peerOf(place, tunnel);
			});
			await freshPeer(lab, peers);
			await router.apply(
				batch + 1,
				now.map(({ suite }, place) => tunnelAt(place, suite, { psk, revision: batch + 1 })),
			);
			await until('all up', 90, async () => (await router.check()).connections.every(({ up }) => up === '1'));

			const report = await router.check();
			const answering = await answeringPlaces(
				lab,
				now.map((_, place) => place),
			);
			for (const [place, { suite, device }] of now.entries()) {
				const { up, reasons } = connectionOf(report, { n: numberOf(place) });
				const carries = answering.includes(place);
				table.push(
					`${suiteWord(suite).padEnd(64)} ${device.padEnd(10)}  ${up === '1' && carries ? 'up, packets through' : 'FAILED'}`,
				);
				expect({ up, reasons, carries }, `${suiteWord(suite)} ${device}`).toEqual({ up: '1', reasons: [], carries: true });
			}
		},
	);
});
