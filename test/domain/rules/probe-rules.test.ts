import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressToNumber, cidrContains, cidrRange, numberToAddress } from '../../../functions/domain/model/cidr.ts';
import { CreateVpnConnection, PatchVpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { keepsProbe, mayProbe } from '../../../functions/domain/rules/probe-rules.ts';
import { anyCidr } from '../../support/arbitraries.ts';
import { aConnection, idOf } from '../../support/builders.ts';

const blocks = ['10.2.0.0/24', '10.3.0.4/30', '10.4.0.8/31', '10.5.0.7/32'];

describe('a probe', () => {
	it.each(['10.2.0.1', '10.2.0.254', '10.3.0.5', '10.3.0.6', '10.4.0.8', '10.4.0.9', '10.5.0.7'])('may be of %s', (host) => {
		expect(mayProbe(host, blocks)).toBeUndefined();
	});

	it.each([
		['10.2.0.0', 'is the network address of 10.2.0.0/24', '10.2.0.1'],
		['10.2.0.255', 'is the broadcast address of 10.2.0.0/24', '10.2.0.1'],
		['10.3.0.4', 'is the network address of 10.3.0.4/30', '10.3.0.5'],
		['10.3.0.7', 'is the broadcast address of 10.3.0.4/30', '10.3.0.5'],
		['10.1.0.9', 'is in none of the remote CIDRs', blocks.join(', ')],
		['10.5.0.6', 'is in none of the remote CIDRs', blocks.join(', ')],
	])('is not of %s, which %s, and is told the way out', (host, wrong, wayOut) => {
		const refusal = mayProbe(host, blocks);

		expect(refusal).toMatchObject({ problem: 'invalid-request', pointer: '/probe/host' });
		expect(refusal?.detail).toMatch(new RegExp(`^${host} ${wrong}`));
		expect(refusal?.detail).toContain(wayOut);
	});

	it('is of a host in one of the blocks that is neither the first nor the last address there, or of any other in none', () => {
		fc.assert(
			fc.property(anyCidr, fc.nat(2 ** 32 - 1), fc.nat(3), (cidr, far, near) => {
				const { first, last } = cidrRange(cidr);
				const host = numberToAddress([first, last, Math.min(last, first + 1 + (far % (last - first + 1))), far][near] ?? far);
				const n = addressToNumber(host);
				const isEdge = last - first > 1 && (n === first || n === last);

				expect(mayProbe(host, [cidr]) === undefined).toBe(cidrContains(cidr, `${host}/32`) && !isEdge);
			}),
		);
	});

	it.each(['10.2.0', '10.2.0.256', 'branch.example', '-f', '10.2.0.1\n', 'fd00::1', '', 7])(
		'is not of %s, which is no IPv4 address',
		(host) => {
			expect(PatchVpnConnection.safeParse({ probe: { host } }).error?.issues).toMatchObject([{ path: ['probe', 'host'] }]);
		},
	);

	it('has a host and nothing else, and is cleared with null, which none has at first', () => {
		expect(PatchVpnConnection.safeParse({ probe: {} }).success).toBe(false);
		expect(PatchVpnConnection.safeParse({ probe: { host: '10.2.0.1', port: 80 } }).success).toBe(false);
		expect(PatchVpnConnection.parse({ probe: null })).toEqual({ probe: null });
		expect(PatchVpnConnection.parse({})).toEqual({});
		const ends = { vpnGatewayId: idOf('vgw', 1), customerGatewayId: idOf('cgw', 1) };
		expect(CreateVpnConnection.safeParse({ ...ends, probe: null }).success).toBe(false);
	});
});

describe('the remote CIDRs of a customer gateway', () => {
	const connection = aConnection({ probe: { host: '10.2.0.1' } });

	it('stay around the host that its connection probes', () => {
		expect(keepsProbe(connection, ['10.2.0.0/25'])).toBeUndefined();
		expect(keepsProbe(connection, ['10.3.0.0/24'])).toMatchObject({
			problem: 'in-use',
			pointer: '/remoteCidrs',
			detail: expect.stringMatching(/10\.2\.0\.1.*change or clear the probe first/),
		});
		expect(keepsProbe(aConnection(), ['10.3.0.0/24'])).toBeUndefined();
	});
});
