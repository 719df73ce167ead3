import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberToAddress } from '../../../functions/domain/model/cidr.ts';
import type { AclRule, GroupRule } from '../../../functions/domain/model/seen-instance.ts';
import { esp, ike, isAllowed, natTraversal, passesAcl } from '../../../functions/domain/router-check/network-rules.ts';

const packets = [ike, natTraversal, esp];
const rule = (over: Partial<GroupRule>): GroupRule => ({ protocol: '-1', cidrs: ['0.0.0.0/0'], others: [], ...over });
const acl = (over: Partial<AclRule>): AclRule => ({
	number: 100,
	egress: false,
	allow: true,
	protocol: '-1',
	cidr: '0.0.0.0/0',
	...over,
});

describe('a rule of a security group', () => {
	it.each<[string, Partial<GroupRule>, boolean[]]>([
		['of everything', {}, [true, true, true]],
		['of UDP', { protocol: 'udp' }, [true, true, false]],
		['of UDP by its number', { protocol: '17' }, [true, true, false]],
		['of one port', { protocol: 'udp', ports: { from: 500, to: 500 } }, [true, false, false]],
		['of a range of ports', { protocol: 'udp', ports: { from: 501, to: 4_500 } }, [false, true, false]],
		['of the same port of TCP', { protocol: 'tcp', ports: { from: 500, to: 500 } }, [false, false, false]],
		['of ESP', { protocol: '50' }, [false, false, true]],
		['of the peer alone', { cidrs: ['192.0.2.2/32'] }, [true, true, true]],
		['of half of what is asked', { cidrs: ['192.0.2.0/31', '192.0.2.3/32'] }, [false, false, false]],
		['of a group', { cidrs: [], others: ['sg-0a1b2c3d'] }, [false, false, false]],
	])('%s lets in IKE, NAT traversal and ESP of its sources', (_what, over, allowed) => {
		expect(packets.map((packet) => isAllowed([rule(over)], packet, '192.0.2.2/32'))).toEqual(allowed);
	});
});

describe('the rules of a network ACL', () => {
	const way = { packet: ike, egress: false, cidr: '192.0.2.2/32' };
	it.each<[string, AclRule[], boolean]>([
		['none', [], false],
		['one that allows', [acl({})], true],
		['one of the other direction', [acl({ egress: true })], false],
		['a denial before it', [acl({}), acl({ number: 99, allow: false })], false],
		['a denial behind it', [acl({ number: 101, allow: false }), acl({})], true],
		['a denial of others before it', [acl({}), acl({ number: 99, allow: false, cidr: '192.0.2.4/30' })], true],
		['a denial of another protocol before it', [acl({}), acl({ number: 99, allow: false, protocol: '50' })], true],
		[
			'a denial of another port before it',
			[acl({}), acl({ number: 99, allow: false, protocol: '17', ports: { from: 1, to: 499 } })],
			true,
		],
	])('let IKE of a peer in as AWS does, with %s', (_what, rules, passes) => {
		expect(passesAcl(rules, way)).toBe(passes);
	});

	it('decide alike in whatever order they are listed', () => {
		const rules = fc.uniqueArray(
			fc.record({
				number: fc.integer({ min: 1, max: 50 }),
				egress: fc.boolean(),
				allow: fc.boolean(),
				protocol: fc.constantFrom('-1', '17', '50'),
				cidr: fc
					.tuple(fc.nat({ max: 255 }), fc.integer({ min: 0, max: 32 }))
					.map(([n, size]) => `${numberToAddress(n * 2 ** 24)}/${size}`),
			}),
			{ selector: ({ number, egress }) => `${number} ${egress}`, maxLength: 12 },
		);
		fc.assert(
			fc.property(rules, fc.constantFrom(...packets), fc.boolean(), fc.nat({ max: 255 }), (some, packet, egress, n) => {
				const one = { packet, egress, cidr: `${numberToAddress(n * 2 ** 24)}/32` };
				const inOrder = some.toSorted((a, b) => a.number - b.number);
				const first = inOrder.find((each) => passesAcl([{ ...each, allow: true }], one));

				expect(passesAcl(some, one)).toBe(first?.allow ?? false);
				expect(passesAcl(some.toReversed(), one)).toBe(first?.allow ?? false);
			}),
		);
	});
});
