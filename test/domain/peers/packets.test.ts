import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrContains } from '../../../functions/domain/model/cidr.ts';
import { packetsOf, within, without } from '../../../functions/domain/peers/contract/packets.ts';

/** Blocks of a net of sixteen addresses, so that every packet can be counted. */
const block = fc.integer({ min: 28, max: 32 }).chain((length) => {
	const size = 2 ** (32 - length);
	return fc.integer({ min: 0, max: 16 / size - 1 }).map((n) => `10.0.0.${n * size}/${length}`);
});
const blocks = fc.record({ locals: fc.array(block, { maxLength: 3 }), remotes: fc.array(block, { maxLength: 3 }) });
const pair = fc.record({ local: block, remote: block });
const addresses = Array.from({ length: 16 }, (_, n) => `10.0.0.${n}/32`);
const all = addresses.flatMap((local) => addresses.map((remote) => ({ local, remote })));

const has = (packets: ReturnType<typeof packetsOf>, { local, remote }: { local: string; remote: string }): number =>
	within(packets, { locals: [local], remotes: [remote] }).length;

describe('a set of packets', () => {
	it('has what rules leave of it, each packet once', () => {
		fc.assert(
			fc.property(pair, fc.array(blocks, { maxLength: 4 }), (of, rules) => {
				const left = rules.reduce((packets, rule) => without(packets, rule), packetsOf(of));
				for (const packet of all) {
					const isTaken = rules.some(
						({ locals, remotes }) =>
							locals.some((one) => cidrContains(one, packet.local)) && remotes.some((one) => cidrContains(one, packet.remote)),
					);
					const isOf = cidrContains(of.local, packet.local) && cidrContains(of.remote, packet.remote);
					expect(has(left, packet)).toBe(isOf && !isTaken ? 1 : 0);
				}
			}),
		);
	});

	it('meets a rule in what both have', () => {
		fc.assert(
			fc.property(pair, blocks, (of, rule) => {
				const both = within(packetsOf(of), rule);
				const rest = without(packetsOf(of), rule);
				for (const packet of all) expect(has(both, packet) + has(rest, packet)).toBe(has(packetsOf(of), packet));
			}),
		);
	});
});
