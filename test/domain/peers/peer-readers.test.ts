import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { type Device, NamedDevice } from '../../../functions/domain/peers/contract/peer-device.ts';
import type { DeviceReading } from '../../../functions/domain/peers/contract/peer-reading.ts';
import { type PeerView, peerView } from '../../../functions/domain/peers/contract/peer-view.ts';
import { peerCheck, readers } from '../../../functions/domain/peers/peer-check.ts';
import { peerConfig } from '../../../functions/domain/peers/peer-config.ts';
import { atLength, samples } from '../../support/at-length.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../../support/builders.ts';

const devices = Object.keys(readers) as (keyof typeof readers)[];
const read = (device: Device, text: string): DeviceReading => {
	const reader = readers[device];
	if (reader === undefined) throw new Error(`no reader for ${device}`);
	return reader(text);
};
const viewOf = (customerGateway: CustomerGateway): PeerView =>
	peerView(idOf('vpnc', 1), customerGateway, { vpc: aVpc(), gateway: aGateway() });
const textOf = (device: Device, customerGateway: CustomerGateway, names: object = {}): string => {
	const config = peerConfig(NamedDevice.parse({ device, ...names }), viewOf(customerGateway), {
		customerGateway,
		toBase64: (text) => text,
	});
	if ('unable' in config) throw new Error(config.unable);
	return config.config;
};
/** What makes a reader refuse a text that is to be one tunnel and nothing else. */
const refusals = (device: Device, text: string, customerGateway: CustomerGateway): unknown[] => {
	const reading = read(device, text);
	return [...reading.unknown, ...reading.unused, ...peerCheck(reading, viewOf(customerGateway)).findings];
};

const { ike, esp } = aCustomerGateway();
const legacy = fc
	.record({
		encryption: fc.constantFrom('aes128', 'aes192', 'aes256', '3des' as const),
		hash: fc.constantFrom('md5', 'sha1' as const),
		espEncryption: fc.constantFrom('aes128', 'aes192', 'aes256', '3des' as const),
		espHash: fc.constantFrom('md5', 'sha1' as const),
		dhGroup: fc.constantFrom(2, 5 as const),
		pfsGroup: fc.option(fc.constantFrom(2, 5 as const)),
		ikeLifetime: fc.integer({ min: 180, max: 86_400 }),
		espLifetime: fc.integer({ min: 180, max: 86_400 }),
		dpd: fc.boolean(),
		delay: fc.integer({ min: 1, max: 3_600 }),
		subnets: fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 10 }),
		length: fc.integer({ min: 24, max: 30 }),
		remoteId: fc.constantFrom(undefined, '192.0.2.2', '192.168.1.2'),
	})
	.map(
		({
			remoteId,
			encryption,
			hash,
			espEncryption,
			espHash,
			dhGroup,
			pfsGroup,
			ikeLifetime,
			espLifetime,
			dpd,
			delay,
			subnets,
			length,
		}) =>
			aCustomerGateway({
				...(remoteId === undefined ? {} : { remoteId }),
				ike: { ...ike, encryption, hash, dhGroup, lifetimeSeconds: ikeLifetime },
				esp: { ...esp, encryption: espEncryption, hash: espHash, pfsGroup, lifetimeSeconds: espLifetime },
				dpd: { enabled: dpd, delaySeconds: delay, timeoutSeconds: delay * 4 },
				remoteCidrs: subnets.map((n) => `10.2.${n}.0/${length}`),
			}),
	);
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,15}$/);
const iosNames = fc
	.record({
		prefix: name,
		mapName: name,
		natAccessList: name,
		mapSequence: fc.integer({ min: 1, max: 65_535 }),
	})
	.filter(({ natAccessList, prefix, mapSequence }) => natAccessList !== `${prefix}-${mapSequence}`);
const junosNames = fc
	.record({ prefix: name, insideZone: name, outsideZone: name })
	.filter(({ insideZone, outsideZone }) => insideZone !== outsideZone);

describe.each(devices)('the reader of %s', (device) => {
	it('knows every line that is generated, finds each name defined and used, and the meaning that of the connection', () => {
		fc.assert(
			fc.property(legacy, device === 'ios-12.4' ? iosNames : junosNames, (customerGateway, names) => {
				expect(refusals(device, textOf(device, customerGateway, names), customerGateway)).toEqual([]);
			}),
		);
	});

	it('refuses a text with any of its words changed, or sees another meaning in it', () => {
		const customerGateway = aCustomerGateway();
		const text = textOf(device, customerGateway);
		const meaning = JSON.stringify(read(device, text).meaning);
		const words = [...text.matchAll(/[^\s"]+/g)].filter(({ index }) => !/^#.*$/.test(lineAt(text, index)));
		const others = [...new Set(words.map(([word]) => word))];
		let refused = 0;
		const unseen: string[] = [];
		const tried = fc.sample(fc.nat(), { ...samples(1, 4), seed: 1 });
		for (const { 0: word, index } of words) {
			const mutants = [`${word}x`, `x${word}`, '', ...tried.map((n) => others[n % others.length] ?? ''), ...numbersNear(word)];
			for (const mutant of mutants) {
				// Where the next command is of another mode, IOS leaves this one by itself.
				if (mutant === word || (word === 'exit' && mutant === '')) continue;
				const mutated = text.slice(0, index) + mutant + text.slice(index + word.length);
				if (refusals(device, mutated, customerGateway).length > 0) refused++;
				else if (JSON.stringify(read(device, mutated).meaning) === meaning)
					unseen.push(`${word} -> ${mutant} in "${lineAt(text, index)}"`);
			}
		}

		expect(unseen).toEqual([]);
		expect(refused).toBeGreaterThan(words.length * (atLength ? 3 : 2));
	});
});

const lineAt = (text: string, index: number): string =>
	text.slice(text.lastIndexOf('\n', index - 1) + 1, text.indexOf('\n', index));
const numbersNear = (word: string): string[] =>
	/^\d+$/.test(word) ? [String(Number(word) + 1), String(Math.max(0, Number(word) - 1))] : [];
