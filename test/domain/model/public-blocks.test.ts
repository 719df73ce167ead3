import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrContains, numberToAddress } from '../../../functions/domain/model/cidr.ts';
import { isPublicBlock } from '../../../functions/domain/model/public-blocks.ts';
import { policyVerdict } from '../../../functions/domain/rules/connection-rules.ts';
import { aCustomerGateway } from '../../support/builders.ts';

describe('a block behind a peer', () => {
	it.each([
		['10.0.0.0/8', false],
		['10.255.255.255/32', false],
		['8.0.0.0/6', true],
		['172.16.0.0/12', false],
		['172.32.0.0/16', true],
		['172.0.0.0/8', true],
		['192.168.7.0/24', false],
		['192.169.0.0/24', true],
		['100.64.0.0/10', false],
		['100.128.0.0/16', true],
		['198.18.0.0/15', false],
		['203.0.113.0/24', true],
		['52.0.0.0/6', true],
	])('%s has public addresses: %s', (cidr, isPublic) => {
		expect(isPublicBlock(cidr)).toBe(isPublic);
	});

	it('is public where it contains one that is', () => {
		const block = fc
			.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 32 }))
			.map(([n, bits]) => `${numberToAddress(Math.floor(n / 2 ** (32 - bits)) * 2 ** (32 - bits))}/${bits}`);
		fc.assert(
			fc.property(block, block, (one, other) => {
				if (cidrContains(one, other) && isPublicBlock(other)) expect(isPublicBlock(one)).toBe(true);
			}),
		);
	});

	it.each([
		['allow', { warnings: [] }],
		['warn', { warnings: [expect.stringMatching(/^203\.0\.113\.0\/24, 52\.0\.0\.0\/6 have public addresses: /)] }],
		['deny', { problem: 'invalid-request', pointer: '/remoteCidrs/1', detail: expect.stringContaining('203.0.113.0/24') }],
	] as const)('is judged as the deployment says where it is public: %s', (publicRemoteCidrs, verdict) => {
		const customerGateway = aCustomerGateway({ remoteCidrs: ['10.2.0.0/24', '203.0.113.0/24', '52.0.0.0/6'] });

		expect(policyVerdict(customerGateway, { floors: [], publicRemoteCidrs })).toMatchObject(verdict);
	});

	it('is nothing to speak of where it is private', () => {
		expect(policyVerdict(aCustomerGateway(), { floors: [], publicRemoteCidrs: 'deny' })).toEqual({ warnings: [] });
	});
});
