import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreateCustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { printable } from '../../../functions/domain/model/text.ts';
import { type Device, NamedDevice } from '../../../functions/domain/peers/contract/peer-device.ts';
import { readers } from '../../../functions/domain/peers/peer-check.ts';
import { peerConfig } from '../../../functions/domain/peers/peer-config.ts';
import { anyCustomerGateway, anyText } from '../../support/arbitraries.ts';
import { atLength } from '../../support/at-length.ts';
import { attackTally, processorMs } from '../../support/attack-tally.ts';
import { aCustomerGateway } from '../../support/builders.ts';
import { mutate, mutations } from '../../support/mutations.ts';
import { customerTexts } from './customer-texts.ts';
import { branch, cases, check, textOf, told, viewOf } from './device-texts.ts';

const texts = [
	...cases.map((one) => ({ device: one.device, text: textOf(one), view: viewOf(one.connection) })),
	...customerTexts.map(({ device, text, customerGateway, psk }) => ({
		device,
		text,
		view: viewOf({ ...branch, customerGateway: { ...branch.customerGateway, ...customerGateway } }, psk),
	})),
];
/** A connection that none of the texts is of. */
const other = viewOf({
	...branch,
	gatewayIp: '203.0.113.9',
	customerGateway: {
		gateway: 'any',
		remoteId: 'branch.example.com',
		remoteCidrs: ['10.2.0.0/25', '10.8.0.0/16'],
		ike: { version: 'ikev2', encryption: '3des', hash: 'sha512', dhGroup: 16 },
		esp: { encryption: 'aes192', hash: 'sha384', pfsGroup: 15 },
	},
});

const mostMilliseconds = 2_000;
const mostBytes = 200_000_000;
/** What it answers, in how many milliseconds, and with how much more on the heap. */
const measured = <T>(run: () => T) => {
	const heap = process.memoryUsage().heapUsed;
	const from = processorMs();
	const answer = run();
	const took = processorMs() - from;
	expect(took).toBeLessThan(mostMilliseconds);
	expect(process.memoryUsage().heapUsed - heap).toBeLessThan(mostBytes);
	return { answer, took };
};
const runs = atLength ? 100_000 : 100;

describe('a text of a device, whatever becomes of it', () => {
	it(`is judged in bounded time and memory, and no answer shows a value that is none (${runs} texts)`, () => {
		const tally = attackTally('mutated device texts through peer-check');
		const kinds = Object.keys(readers) as Device[];
		const hostile = fc.record({
			of: fc.constantFrom(...texts),
			/** Behind it stands a second one, of whatever device. */
			and: fc.option(fc.constantFrom(...texts), { nil: undefined, freq: 6 }),
			changes: mutations,
			isOther: fc.boolean(),
			device: fc.option(fc.constantFrom(...kinds), { nil: undefined, freq: 8 }),
		});
		const property = fc.property(hostile, ({ of, and, changes, isOther, device = of.device }) => {
			const text = mutate(and === undefined ? of.text : `${of.text}\n${and.text}`, changes);
			const { answer, took } = measured(() => check(device, text, isOther ? other : of.view));
			const { findings, notCompared } = answer;

			expect(told(answer).join('\n')).not.toMatch(/undefined|NaN|Infinity|\[object/);
			for (const line of told(answer)) expect(line).toMatch(printable);
			expect(answer.findings.flatMap(({ commands }) => commands).join('\n')).not.toContain('…');
			const last = text.split(/\r\n|\n|\r/).length;
			for (const { line } of [...findings, ...notCompared]) expect(line).toBeLessThanOrEqual(last);
			expect(findings.length).toBeLessThanOrEqual(250);
			const [first] = findings;
			tally.count(first === undefined ? 'fits' : findings.length > 1 ? 'several findings' : `one finding`, took);
		});
		fc.assert(property, { numRuns: runs, endOnFailure: !atLength });
		tally.print();
		for (const outcome of ['fits', 'one finding', 'several findings']) expect(tally.of(outcome)).toBeGreaterThan(0);
	}, 3_600_000);

	it(`is written for any names that are taken, one line after the other (${runs} requests)`, () => {
		const tally = attackTally('device texts of hostile names through peer-config');
		const name = fc.oneof(
			{ arbitrary: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,15}$/), weight: 60 },
			fc.tuple(fc.constantFrom('untrust', 'ge-0/0/0.0', 'S2S'), mutations).map(([text, changes]) => mutate(text, changes)),
			anyText({ maxLength: 40 }),
		);
		const ofInterface = fc.oneof({ arbitrary: fc.constantFrom('ge-0/0/1.0', 'GigabitEthernet0/2'), weight: 8 }, name);
		const number = fc.oneof({ arbitrary: fc.integer({ min: 1, max: 10_000 }), weight: 30 }, fc.double());
		const namesOf = ({ shape }: { shape: object }) =>
			Object.keys(shape)
				.filter((key) => key !== 'device')
				.map((key) => [key, /^(mapSequence|isakmpPolicy)$/.test(key) ? number : key.endsWith('Interface') ? ofInterface : name]);
		const asked = fc.oneof(
			...NamedDevice.options.map((option) =>
				fc.tuple(
					fc.constantFrom(...option.shape.device.options),
					fc.record(Object.fromEntries(namesOf(option)), { requiredKeys: [] }),
				),
			),
		);
		const property = fc.property(
			asked,
			anyCustomerGateway,
			fc.option(name, { nil: undefined }),
			([device, given], customerGateway, remoteId) => {
				const named = NamedDevice.safeParse({ ...given, device });
				const { ike, esp } = customerGateway;
				const gateway = CreateCustomerGateway.safeParse({
					...branch.customerGateway,
					ike,
					esp,
					remoteId,
					psk: 'not in the text',
				});
				if (!named.success || !gateway.success) return tally.count('refused');
				const of = aCustomerGateway({
					...customerGateway,
					...(gateway.data.remoteId === undefined ? {} : { remoteId: gateway.data.remoteId }),
				});
				const view = viewOf({ ...branch, customerGateway: { ...branch.customerGateway, ike, esp, remoteId } });
				const rendering = {
					customerGateway: of,
					toBase64: (text: string) => Buffer.from(text).toString('base64'),
				};
				const { answer, took } = measured(() => peerConfig(named.data, view, rendering));
				if ('unable' in answer) return tally.count('unable', took);
				const written = [answer.config, answer.verify, answer.remove].join('\n');
				for (const line of written.split('\n')) expect(line.replaceAll('\t', ' ')).toMatch(printable);
				expect(written).not.toMatch(/undefined|NaN|Infinity|\[object/);
				return tally.count('written', took);
			},
		);
		fc.assert(property, { numRuns: runs, endOnFailure: !atLength });
		tally.print();
		for (const outcome of ['refused', 'unable', 'written']) expect(tally.of(outcome)).toBeGreaterThan(0);
	}, 3_600_000);
});
