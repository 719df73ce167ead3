import { describe, expect, it } from 'vitest';
import {
	type ConnectionVerdict,
	mayChangeCustomerGateway,
	mayConnect,
} from '../../../functions/domain/rules/connection-rules.ts';
import { mayCreateGateway, mayDeleteGateway } from '../../../functions/domain/rules/gateway-rules.ts';
import { mayDeleteVpc, mayPatchVpc, mayPutNetwork } from '../../../functions/domain/rules/vpc-rules.ts';
import { aCustomerGateway, aGateway, aRouter, aVpc, idOf, start } from '../../support/builders.ts';

const empty = { slots: {}, vpnGatewayId: undefined };
const account = {
	id: 'acme',
	accountId: 'acme',
	name: 'Acme',
	vpnEnabled: true,
	createdAt: start.toISOString(),
	updatedAt: start.toISOString(),
	version: 1,
	rev: 0,
};

describe('a VPN gateway', () => {
	it('may be on any of the public IPs, by default the source-NAT one (F-14)', () => {
		const publicIps = [
			{ ip: '192.0.2.9', sourceNat: false },
			{ ip: '192.0.2.1', sourceNat: true },
		];

		expect(mayCreateGateway(aVpc({ ...empty, publicIps }))).toBeUndefined();

		expect(mayCreateGateway(aVpc({ ...empty, publicIps }), '192.0.2.9')).toBeUndefined();

		expect(mayCreateGateway(aVpc({ ...empty, publicIps }), '192.0.2.10')).toMatchObject({ problem: 'invalid-request' });
	});

	it('is refused if the VPC already has one', () => {
		expect(mayCreateGateway(aVpc())).toMatchObject({ problem: 'gateway-exists' });
	});

	it('cannot share a router with remote-access VPN (F-12)', () => {
		expect(mayCreateGateway(aVpc({ ...empty, remoteAccessVpn: true }))).toMatchObject({ problem: 'remote-access-vpn' });

		expect(mayPatchVpc(aVpc(), { remoteAccessVpn: true }, aGateway())).toMatchObject({ problem: 'remote-access-vpn' });
	});

	it('cannot be deleted while it has connections', () => {
		expect(mayDeleteGateway(aVpc(), [])).toMatchObject({ problem: 'in-use' });

		expect(mayDeleteGateway(aVpc({ slots: {} }), [])).toBeUndefined();
	});
});

describe('a VPC', () => {
	it('cannot be deleted while it has a gateway or a connection, even by force', () => {
		expect(mayDeleteVpc(aVpc({ slots: {} }), { force: true })).toMatchObject({ problem: 'in-use' });

		expect(mayDeleteVpc(aVpc({ vpnGatewayId: undefined }), { force: true })).toMatchObject({ problem: 'in-use' });
	});

	it('cannot be deleted until its router has taken the last change, except by force', () => {
		const behind = aVpc({ ...empty, generation: 4 });

		expect(mayDeleteVpc(behind)).toMatchObject({ problem: 'in-use' });

		expect(mayDeleteVpc(behind, { force: true })).toBeUndefined();

		expect(mayDeleteVpc(aVpc(empty))).toBeUndefined();
	});

	it('cannot lose the public IP of its gateway', () => {
		const publicIps = [{ ip: '192.0.2.9', sourceNat: true }];

		expect(mayPatchVpc(aVpc(), { publicIps }, aGateway())).toMatchObject({ problem: 'in-use', pointer: '/publicIps' });

		expect(mayPatchVpc(aVpc(empty), { publicIps })).toBeUndefined();
	});

	it.each([
		['address', { ip: '192.0.2.2', sourceNat: false }],
		['inner address', { ip: '192.0.2.8', privateIp: '192.0.2.2', sourceNat: false }],
	])('cannot get as its own %s that of a peer that it is connected to', (_what, address) => {
		const publicIps = [{ ip: '192.0.2.1', sourceNat: true }, address];

		expect(mayPatchVpc(aVpc(), { publicIps }, aGateway())).toMatchObject({
			problem: 'in-use',
			detail: `192.0.2.2 is the peer of ${idOf('vpnc', 1)}`,
			pointer: '/publicIps',
		});
		expect(mayPatchVpc(aVpc(empty), { publicIps })).toBeUndefined();
	});

	it('cannot get a CIDR that overlaps a remote subnet or leaves out a network', () => {
		expect(mayPatchVpc(aVpc(), { cidr: '10.0.0.0/14' }, aGateway())).toMatchObject({ problem: 'cidr-overlap', pointer: '/cidr' });

		expect(mayPatchVpc(aVpc(), { cidr: '10.1.2.0/24' }, aGateway())).toMatchObject({ problem: 'in-use' });

		expect(mayPatchVpc(aVpc(), { cidr: '10.0.0.0/15' }, aGateway())).toBeUndefined();
	});

	it('cannot have a network outside its CIDR (F-19)', () => {
		expect(mayPutNetwork(aVpc(), { cidr: '10.1.7.0/24' })).toBeUndefined();

		expect(mayPutNetwork(aVpc(), { cidr: '10.9.0.0/24' })).toMatchObject({ problem: 'invalid-request' });
	});
});

describe('a connection', () => {
	const request = {
		vpc: aVpc(),
		gateway: aGateway(),
		customerGateway: aCustomerGateway({ id: idOf('cgw', 2), gateway: '192.0.2.3', remoteCidrs: ['10.3.0.0/24'] }),
		floors: [],
		publicRemoteCidrs: 'warn' as const,
		maxConnections: 4,
	};
	const withPeer = (overrides: Parameters<typeof aCustomerGateway>[0]): ConnectionVerdict =>
		mayConnect({ ...request, customerGateway: { ...request.customerGateway, ...overrides } });

	it('is allowed if nothing is in its way', () => {
		expect(mayConnect(request)).toEqual({ warnings: [] });
	});

	it.each([
		['its customer gateway is used by another', { connectionId: idOf('vpnc', 9) }, 'customer-gateway-in-use'],
		['its customer gateway belongs to another account', { accountId: 'other' }, 'not-found'],
		['the gateway already has a connection to its peer', { gateway: '192.0.2.2' }, 'peer-taken'],
		['it overlaps the VPC', { remoteCidrs: ['10.4.0.0/24', '10.1.9.0/24'] }, 'cidr-overlap'],
		['it overlaps another connection', { remoteCidrs: ['10.2.0.0/16'] }, 'cidr-overlap'],
	])('is refused if %s', (_why, overrides, problem) => {
		expect(withPeer(overrides)).toMatchObject({ problem });
	});

	it('is refused with the block that overlaps, by a pointer to a field of its own', () => {
		expect(withPeer({ remoteCidrs: ['10.4.0.0/24', '10.1.9.0/24'] })).toMatchObject({
			detail: expect.stringContaining('10.1.9.0/24'),
			pointer: '/customerGatewayId',
		});
	});

	it('is refused beyond the limit, and to an account whose VPN is disabled (F-11)', () => {
		expect(mayConnect({ ...request, maxConnections: 1 })).toMatchObject({ problem: 'too-many-connections' });

		expect(mayConnect({ ...request, account: { ...account, vpnEnabled: false } })).toMatchObject({ problem: 'vpn-disabled' });

		expect(mayConnect({ ...request, account })).toEqual({ warnings: [] });
	});

	it('to a peer without a fixed address is refused if the gateway already has one', () => {
		const any = { gateway: 'any', remoteId: 'branch.example' };
		const slots = { [idOf('vpnc', 1)]: { customerGatewayId: idOf('cgw', 1), peer: 'any', remoteCidrs: ['10.2.0.0/24'] } };

		expect(withPeer(any)).toEqual({ warnings: [] });

		expect(
			mayConnect({ ...request, vpc: aVpc({ slots }), customerGateway: { ...request.customerGateway, ...any } }),
		).toMatchObject({
			problem: 'peer-taken',
		});
	});

	it('is judged by the floors of both the deployment and the account', () => {
		expect(mayConnect({ ...request, floors: [{ legacy: 'warn' }] })).toEqual({ warnings: ['the crypto suite is legacy'] });

		expect(
			mayConnect({ ...request, floors: [{ legacy: 'warn' }], account: { ...account, cryptoFloor: { legacy: 'deny' } } }),
		).toMatchObject({ problem: 'crypto-denied' });
	});

	it('is refused at once if the router is known not to support it', () => {
		const router = aRouter({ capabilities: ['modp2048'] });

		expect(mayConnect({ ...request, vpc: aVpc({ router }) })).toMatchObject({ problem: 'unsupported-by-router' });
	});

	it('gets a warning if the ESP lifetime exceeds the IKE lifetime', () => {
		const { ike, esp } = request.customerGateway;

		expect(withPeer({ ike: { ...ike, lifetimeSeconds: 3_600 }, esp: { ...esp, lifetimeSeconds: 7_200 } })).toEqual({
			warnings: ['the ESP lifetime (7200 s) is above the IKE lifetime (3600 s)'],
		});
	});

	it('is compared with the others, but not with itself, when its customer gateway changes', () => {
		const change = { vpc: aVpc(), floors: [], publicRemoteCidrs: 'warn' as const };

		expect(mayChangeCustomerGateway({ ...change, customerGateway: aCustomerGateway({ connectionId: idOf('vpnc', 1) }) })).toEqual(
			{
				warnings: [],
			},
		);

		expect(
			mayChangeCustomerGateway({ ...change, customerGateway: aCustomerGateway({ remoteCidrs: ['10.1.1.0/24'] }) }),
		).toMatchObject({ problem: 'cidr-overlap' });
	});
});
