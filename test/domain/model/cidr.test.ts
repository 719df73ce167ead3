import fc from 'fast-check';
import { IPv4CidrRange } from 'ip-num';
import { describe, expect, it } from 'vitest';
import { canonicalCidr, cidrContains, cidrsOverlap, Ipv4Cidr, RemoteCidrs } from '../../../functions/domain/model/cidr.ts';
import { anyCidr } from '../../support/arbitraries.ts';

describe('CIDR blocks', () => {
	it('contain and overlap each other as an independent implementation says', () => {
		fc.assert(
			fc.property(anyCidr, anyCidr, (a, b) => {
				const [x, y] = [IPv4CidrRange.fromCidr(a), IPv4CidrRange.fromCidr(b)];
				const contains = x.contains(y) || x.isEquals(y);
				expect(cidrContains(a, b)).toBe(contains);

				expect(cidrsOverlap(a, b)).toBe(contains || y.contains(x));
			}),
		);
	});

	it('overlap symmetrically', () => {
		fc.assert(fc.property(anyCidr, anyCidr, (a, b) => cidrsOverlap(a, b) === cidrsOverlap(b, a)));
	});

	it('have one canonical form', () => {
		expect(canonicalCidr('10.2.3.4/16')).toBe('10.2.0.0/16');

		fc.assert(fc.property(anyCidr, (cidr) => canonicalCidr(cidr) === cidr));
	});

	it.each(['10.0.0.0/0', '10.0.0/8', '010.0.0.0/8', '10.0.0.0/33', '127.0.0.1/32', '224.0.0.0/8', '0.0.0.0/1', '10.0.0.0/24\n'])(
		'refuses %j',
		(text) => {
			expect(Ipv4Cidr.safeParse(text).success).toBe(false);
		},
	);

	it('names the first remote block that overlaps another', () => {
		const parsed = RemoteCidrs.safeParse(['10.2.0.0/16', '10.3.0.0/16', '10.2.9.0/24']);

		expect(parsed.error?.issues).toMatchObject([{ path: [2], message: 'overlaps 10.2.0.0/16' }]);
	});
});
