import { describe, expect, it } from 'vitest';
import {
	type ConnectionVerdict,
	mayChangeCustomerGateway,
	mayConnect,
} from '../../../functions/domain/rules/connection-rules.ts';
import { mayCreateGateway, mayDeleteGateway } from '../../../functions/domain/rules/gateway-rules.ts';
import { mayDeleteVpc, mayPatchVpc, mayPutNetwork } from '../../../functions/domain/rules/vpc-rules.ts';
import { aCustomerGateway, aGateway, aVpc, idOf, start } from '../../support/builders.ts';

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

	it('is the only one of its VPC', () => {
		expect(mayCreateGateway(aVpc())).toMatchObject({ problem: 'gateway-exists' });
	});

	it('shares no router with remote-access VPN (F-12)', () => {
		expect(mayCreateGateway(aVpc({ ...empty, remoteAccessVpn: true }))).toMatchObject({ problem: 'remote-access-vpn' });

		expect(mayPatchVpc(aVpc(), { remoteAccessVpn: true }, aGateway())).toMatchObject({ problem: 'remote-access-vpn' });
	});

	it('stays while it has connections', () => {
		expect(mayDeleteGateway(aVpc())).toMatchObject({ problem: 'in-use' });

		expect(mayDeleteGateway(aVpc({ slots: {} }))).toBeUndefined();
	});
});

describe('a VPC', () => {
	it('stays while it has a gateway or a connection, whoever forces', () => {
		expect(mayDeleteVpc(aVpc({ slots: {} }), { force: true })).toMatchObject({ problem: 'in-use' });

		expect(mayDeleteVpc(aVpc({ vpnGatewayId: undefined }), { force: true })).toMatchObject({ problem: 'in-use' });
	});

	it('stays until its router took the last change, unless it is forced', () => {
		const behind = aVpc({ ...empty, generation: 4 });

		expect(mayDeleteVpc(behind)).toMatchObject({ problem: 'in-use' });

		expect(mayDeleteVpc(behind, { force: true })).toBeUndefined();

		expect(mayDeleteVpc(aVpc(empty))).toBeUndefined();
	});

	it('keeps the public IP that its gateway is on', () => {
		const publicIps = [{ ip: '192.0.2.9', sourceNat: true }];

		expect(mayPatchVpc(aVpc(), { publicIps }, aGateway())).toMatchObject({ problem: 'in-use', pointer: '/publicIps' });

		expect(mayPatchVpc(aVpc(empty), { publicIps })).toBeUndefined();
	});

	it('takes no CIDR that a connection reaches, or that leaves a network out', () => {
		expect(mayPatchVpc(aVpc(), { cidr: '10.0.0.0/14' }, aGateway())).toMatchObject({ problem: 'cidr-overlap', pointer: '/cidr' });

		expect(mayPatchVpc(aVpc(), { cidr: '10.1.2.0/24' }, aGateway())).toMatchObject({ problem: 'in-use' });

		expect(mayPatchVpc(aVpc(), { cidr: '10.0.0.0/15' }, aGateway())).toBeUndefined();
	});

	it('covers its networks (F-19)', () => {
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
		maxConnections: 4,
	};
	const withPeer = (overrides: Parameters<typeof aCustomerGateway>[0]): ConnectionVerdict =>
		mayConnect({ ...request, customerGateway: { ...request.customerGateway, ...overrides } });

	it('may be made', () => {
		expect(mayConnect(request)).toEqual({ warnings: [] });
	});

	it.each([
		['its customer gateway is in another', { connectionId: idOf('vpnc', 9) }, 'customer-gateway-in-use'],
		['its customer gateway is another account’s', { accountId: 'other' }, 'not-found'],
		['its peer has a connection of the gateway', { gateway: '192.0.2.2' }, 'peer-taken'],
		['it overlaps the VPC', { remoteCidrs: ['10.4.0.0/24', '10.1.9.0/24'] }, 'cidr-overlap'],
		['it overlaps another connection', { remoteCidrs: ['10.2.0.0/16'] }, 'cidr-overlap'],
	])('may not where %s', (_why, overrides, problem) => {
		expect(withPeer(overrides)).toMatchObject({ problem });
	});

	it('points at the block that overlaps', () => {
		expect(withPeer({ remoteCidrs: ['10.4.0.0/24', '10.1.9.0/24'] })).toMatchObject({ pointer: '/remoteCidrs/1' });
	});

	it('may not be one too many, nor for an account whose VPN is disabled (F-11)', () => {
		expect(mayConnect({ ...request, maxConnections: 1 })).toMatchObject({ problem: 'too-many-connections' });

		expect(mayConnect({ ...request, account: { ...account, vpnEnabled: false } })).toMatchObject({ problem: 'vpn-disabled' });

		expect(mayConnect({ ...request, account })).toEqual({ warnings: [] });
	});

	it('with a peer of no fixed address is the only such of its gateway', () => {
		const any = { gateway: 'any', remoteId: 'branch.example' };
		const slots = { [idOf('vpnc', 1)]: { customerGatewayId: idOf('cgw', 1), peer: 'any', remoteCidrs: ['10.2.0.0/24'] } };

		expect(withPeer(any)).toEqual({ warnings: [] });

		expect(
			mayConnect({ ...request, vpc: aVpc({ slots }), customerGateway: { ...request.customerGateway, ...any } }),
		).toMatchObject({
			problem: 'peer-taken',
		});
	});

	it('heeds the floors of the deployment and of the account', () => {
		expect(mayConnect({ ...request, floors: [{ legacy: 'warn' }] })).toEqual({ warnings: ['the crypto suite is legacy'] });

		expect(
			mayConnect({ ...request, floors: [{ legacy: 'warn' }], account: { ...account, cryptoFloor: { legacy: 'deny' } } }),
		).toMatchObject({ problem: 'crypto-denied' });
	});

	it('is refused at once where the router is known not to do it', () => {
		const router = { flavor: 'libreswan' as const, version: '4.10', capabilities: ['modp2048'], boot: 0, reportedAt: '' };

		expect(mayConnect({ ...request, vpc: aVpc({ router }) })).toMatchObject({ problem: 'unsupported-by-router' });
	});

	it('is warned of where ESP outlives IKE', () => {
		const { ike, esp } = request.customerGateway;

		expect(withPeer({ ike: { ...ike, lifetimeSeconds: 3_600 }, esp: { ...esp, lifetimeSeconds: 7_200 } })).toEqual({
			warnings: ['the ESP lifetime (7200 s) is above the IKE lifetime (3600 s)'],
		});
	});

	it('is held against the others, not itself, when its customer gateway changes', () => {
		const change = { vpc: aVpc(), floors: [] };

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
