import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../functions/domain/model/problem-kind.ts';
import type { Slot } from '../../../functions/domain/model/vpc.ts';
import {
	type ConnectionVerdict,
	mayChangeCustomerGateway,
	mayConnect,
	policyVerdict,
} from '../../../functions/domain/rules/connection-rules.ts';
import { mayCreateGateway, mayDeleteGateway, sourceNatIp } from '../../../functions/domain/rules/gateway-rules.ts';
import { mayDeleteVpc, mayPatchVpc, mayPutNetwork } from '../../../functions/domain/rules/vpc-rules.ts';
import { aCustomerGateway, aGateway, aVpc, idOf, start } from '../../support/builders.ts';
import { goldenPage } from '../../support/golden-page.ts';

const connectionId = idOf('vpnc', 1);
const bare = { slots: {}, vpnGatewayId: undefined };
const retired = [{ instanceId: 'i-00000000000000002', retry: { at: start.toISOString(), attempts: 1 } }] as never;
const disabled = {
	id: 'acme',
	accountId: 'acme',
	name: 'Acme',
	vpnEnabled: false,
	createdAt: start.toISOString(),
	updatedAt: start.toISOString(),
	version: 1,
	rev: 0,
};

/** Another office, which is in no connection. */
const office = aCustomerGateway({ id: idOf('cgw', 2), gateway: '192.0.2.3', remoteCidrs: ['10.3.0.0/24', '10.4.0.0/24'] });
type Over = Partial<Parameters<typeof mayConnect>[0]>;
const connect = (over: Over = {}): ConnectionVerdict =>
	mayConnect({
		vpc: aVpc(),
		gateway: aGateway(),
		customerGateway: office,
		floors: [],
		publicRemoteCidrs: 'warn',
		maxConnections: 2,
		...over,
	});
const change = (over: Over): ConnectionVerdict =>
	mayChangeCustomerGateway({ vpc: aVpc(), customerGateway: office, floors: [], publicRemoteCidrs: 'warn', ...over });
const slots = (slot: Partial<Slot>) => ({
	[connectionId]: { customerGatewayId: idOf('cgw', 1), peer: '192.0.2.2', remoteCidrs: ['10.2.0.0/24'], ...slot },
});

type Refused = [
	what: string,
	verdict: () => ConnectionVerdict | Refusal | undefined,
	problem: Refusal['problem'],
	pointer?: string,
];

const ofVpcs: Refused[] = [
	['to delete a VPC that has a gateway', () => mayDeleteVpc(aVpc()), 'in-use'],
	['to delete a VPC that has a connection', () => mayDeleteVpc(aVpc({ vpnGatewayId: undefined })), 'in-use'],
	['to delete a VPC whose router is behind', () => mayDeleteVpc(aVpc({ ...bare, generation: 4 }), {}), 'in-use'],
	['to delete a VPC whose former router is to be cleaned', () => mayDeleteVpc(aVpc({ ...bare, retired })), 'in-use'],
	[
		'to delete a VPC whose routes are to be removed',
		() => mayDeleteVpc(aVpc({ ...bare, routes: { 'i-00000000000000001': { 'rtb-00000001': [], 'rtb-00000002': [] } } as never })),
		'in-use',
	],
	[
		'to delete a VPC whose first routes may have been made',
		() => mayDeleteVpc(aVpc({ ...bare, routesBegun: { 'i-00000000000000001': { 'rtb-00000001': [] } } as never })),
		'in-use',
	],
	[
		'remote-access VPN beside a gateway',
		() => mayPatchVpc(aVpc(), { remoteAccessVpn: true }),
		'remote-access-vpn',
		'/remoteAccessVpn',
	],
	[
		'to take the public IP that a gateway is on',
		() => mayPatchVpc(aVpc(), { publicIps: [{ ip: '192.0.2.9', sourceNat: true }] }, aGateway()),
		'in-use',
		'/publicIps',
	],
	['a CIDR that leaves a network out', () => mayPatchVpc(aVpc(), { cidr: '10.1.2.0/24' }), 'in-use', '/cidr'],
	[
		'a CIDR that a connection reaches',
		() => mayPatchVpc(aVpc({ networks: [] }), { cidr: '10.2.1.0/25' }),
		'cidr-overlap',
		'/cidr',
	],
	['a network outside its VPC', () => mayPutNetwork(aVpc(), { cidr: '10.9.0.0/24' }), 'invalid-request', '/cidr'],
];

const leaving = [
	{ id: connectionId, state: 'Deleting' },
	{ id: idOf('vpnc', 2), state: 'Connected' },
] as const;
const ofGateways: Refused[] = [
	['a second gateway', () => mayCreateGateway(aVpc()), 'gateway-exists'],
	['a gateway beside remote-access VPN', () => mayCreateGateway(aVpc({ ...bare, remoteAccessVpn: true })), 'remote-access-vpn'],
	['a gateway on another’s address', () => mayCreateGateway(aVpc(bare), '192.0.2.9'), 'invalid-request', '/publicIp'],
	[
		'to delete a gateway that connections use',
		() => mayDeleteGateway(aVpc({ slots: { ...slots({}), [idOf('vpnc', 2)]: slots({})[connectionId] as never } }), []),
		'in-use',
	],
	[
		'to delete a gateway of whose connections one is being deleted',
		() => mayDeleteGateway(aVpc({ slots: { ...slots({}), [idOf('vpnc', 2)]: slots({})[connectionId] as never } }), leaving),
		'in-use',
	],
	['to delete a gateway whose connections are being deleted', () => mayDeleteGateway(aVpc(), leaving), 'in-use'],
];

const ofConnections: Refused[] = [
	['to an account without VPN', () => connect({ account: disabled }), 'vpn-disabled'],
	['a change to an account without VPN', () => change({ account: disabled }), 'vpn-disabled'],
	[
		'another account’s customer gateway',
		() => connect({ customerGateway: { ...office, accountId: 'other' } }),
		'not-found',
		'/customerGatewayId',
	],
	['another account’s VPC', () => connect({ vpc: aVpc({ accountId: 'other' }) }), 'not-found', '/vpnGatewayId'],
	[
		'a customer gateway that is connected',
		() => connect({ customerGateway: { ...office, connectionId: idOf('vpnc', 9) } }),
		'customer-gateway-in-use',
		'/customerGatewayId',
	],
	[
		'a customer gateway whose connection is being deleted',
		() => connect({ customerGateway: { ...office, connectionId: idOf('vpnc', 9) }, user: { state: 'Deleting' } }),
		'customer-gateway-in-use',
		'/customerGatewayId',
	],
	['one connection more than the most', () => connect({ maxConnections: 1 }), 'too-many-connections'],
	[
		'one connection more than the most, of several',
		() =>
			connect({ vpc: aVpc({ slots: { ...slots({}), [idOf('vpnc', 2)]: slots({})[connectionId] as never } }), maxConnections: 2 }),
		'too-many-connections',
	],
];

/** The pointers are those of a change of the customer gateway; to a request that connects it, it is one thing. */
const ofWhatDoesNotFit: [what: string, over: Over, problem: Refusal['problem'], pointer?: string][] = [
	[
		'the gateway’s own address for a peer',
		{ vpc: aVpc({ publicIps: [{ ip: '192.0.2.1', sourceNat: true }] }), customerGateway: { ...office, gateway: '192.0.2.1' } },
		'invalid-request',
		'/gateway',
	],
	[
		'the router’s own address behind it for a peer',
		{
			vpc: aVpc({ publicIps: [{ ip: '192.0.2.1', privateIp: '172.31.0.10', sourceNat: true }] }),
			customerGateway: { ...office, gateway: '172.31.0.10' },
		},
		'invalid-request',
		'/gateway',
	],
	[
		'one of several addresses of the router for a peer',
		{
			vpc: aVpc({ publicIps: ['192.0.2.9', '192.0.2.1'].map((ip) => ({ ip, sourceNat: false })) }),
			customerGateway: { ...office, gateway: '192.0.2.9' },
		},
		'invalid-request',
		'/gateway',
	],
	['a peer twice', { customerGateway: { ...office, gateway: '192.0.2.2' } }, 'peer-taken'],
	[
		'a second peer without an address',
		{ vpc: aVpc({ slots: slots({ peer: 'any' }) }), customerGateway: { ...office, gateway: 'any' } },
		'peer-taken',
	],
	[
		'the address of another peer for an identity',
		{ customerGateway: { ...office, remoteId: '192.0.2.2' } },
		'peer-taken',
		'/remoteId',
	],
	[
		'an address that is another peer’s identity',
		{ vpc: aVpc({ slots: slots({ remoteId: '192.0.2.3' }) }) },
		'peer-taken',
		'/gateway',
	],
	[
		'the identity of another peer',
		{
			vpc: aVpc({ slots: slots({ peer: 'any', remoteId: 'HQ.example' }) }),
			customerGateway: { ...office, remoteId: '@hq.example' },
		},
		'peer-taken',
		'/remoteId',
	],
	[
		'the identity of another peer, but for dots at its end',
		{
			vpc: aVpc({ slots: slots({ peer: 'any', remoteId: 'hq.example' }) }),
			customerGateway: { ...office, remoteId: 'hq.example..' },
		},
		'peer-taken',
		'/remoteId',
	],
	[
		'a block of the VPC',
		{ customerGateway: { ...office, remoteCidrs: ['10.3.0.0/24', '10.1.9.0/24'] } },
		'cidr-overlap',
		'/remoteCidrs/1',
	],
	[
		'a block of another connection',
		{ customerGateway: { ...office, remoteCidrs: ['10.2.1.128/25'] } },
		'cidr-overlap',
		'/remoteCidrs/0',
	],
	[
		'what the router cannot do',
		{ vpc: aVpc({ router: { flavor: 'libreswan', version: '4.10', capabilities: ['ikev2'] } as never }) },
		'unsupported-by-router',
	],
	[
		'a public block where the deployment allows none',
		{ customerGateway: { ...office, remoteCidrs: ['10.9.0.0/24', '203.0.113.0/24'] }, publicRemoteCidrs: 'deny' },
		'invalid-request',
		'/remoteCidrs/1',
	],
	['a suite below the floor', { floors: [{ legacy: 'deny' }] }, 'crypto-denied'],
];

const ofFits = ofWhatDoesNotFit.flatMap(([what, over, problem, pointer]): Refused[] => [
	[what, () => connect(over), problem, '/customerGatewayId'],
	[`${what}, in a change`, () => change(over), problem, pointer],
]);

const all = [...ofVpcs, ...ofGateways, ...ofConnections, ...ofFits];

describe('a refusal', () => {
	it.each(all)('of %s is a problem of its own kind, and says where in the request', (_what, verdict, problem, pointer) => {
		expect(verdict()).toEqual({
			problem,
			detail: expect.stringMatching(/^\S.*\S$/),
			...(pointer === undefined ? {} : { pointer }),
		});
	});

	it('says what is in the way', async () => {
		const page = all.map(([what, verdict]) => [what, (verdict() as Refusal).detail] as const);

		await expect(goldenPage(page)).toMatchFileSnapshot('../../golden/refusals.txt');
	});
});

describe('what is allowed', () => {
	const allowed: [what: string, verdict: () => ConnectionVerdict | Refusal | undefined][] = [
		[
			'to delete by force a VPC whose former router is to be cleaned',
			() => mayDeleteVpc(aVpc({ ...bare, retired }), { force: true }),
		],
		[
			'to delete by force a VPC whose routes are to be removed',
			() => mayDeleteVpc(aVpc({ ...bare, routes: { 'i-00000000000000001': { 'rtb-00000001': [] } } as never }), { force: true }),
		],
		['to delete a VPC with nothing left of its former routers', () => mayDeleteVpc(aVpc({ ...bare, retired: [] }))],
		['remote-access VPN without a gateway', () => mayPatchVpc(aVpc(bare), { remoteAccessVpn: true })],
		['to switch remote-access VPN off beside a gateway', () => mayPatchVpc(aVpc(), { remoteAccessVpn: false }, aGateway())],
		['another name', () => mayPatchVpc(aVpc(), { name: 'x' }, aGateway())],
		[
			'public IPs of which the gateway’s is one',
			() => mayPatchVpc(aVpc(), { publicIps: ['192.0.2.9', '192.0.2.1'].map((ip) => ({ ip, sourceNat: false })) }, aGateway()),
		],
		[
			'a gateway on the only address, which is no source-NAT one',
			() => mayCreateGateway(aVpc({ ...bare, publicIps: [{ ip: '192.0.2.1', sourceNat: false }] })),
		],
	];
	it.each(allowed)('%s', (_what, verdict) => {
		expect(verdict()).toBeUndefined();
	});

	it('is a connection up to the most', () => {
		expect(connect({ maxConnections: 2 })).toEqual({ warnings: [] });
	});

	it('is a peer with another identity, which differs by a dot within', () => {
		const vpc = aVpc({ slots: slots({ peer: 'any', remoteId: 'hqexample' }) });

		expect(connect({ vpc, customerGateway: { ...office, remoteId: 'hq.example' } })).toEqual({ warnings: [] });
	});

	it.each([
		['one', ['203.0.113.0/24', '10.3.0.0/24'], '203.0.113.0/24 has public addresses: hosts of the VPC reach it through'],
		[
			'several',
			['10.3.0.0/24', '203.0.113.0/24', '198.51.100.0/24'],
			'203.0.113.0/24, 198.51.100.0/24 have public addresses: hosts of the VPC reach them through',
		],
	])('are public blocks, with a warning about %s of them, or without where the deployment says so', (_, remoteCidrs, warning) => {
		const customerGateway = { ...office, remoteCidrs };

		expect(connect({ customerGateway })).toEqual({ warnings: [expect.stringContaining(warning)] });
		expect(connect({ customerGateway, publicRemoteCidrs: 'allow' })).toEqual({ warnings: [] });
		expect(connect({ publicRemoteCidrs: 'deny' })).toEqual({ warnings: [] });
	});

	it('is a peer beside one without an address', () => {
		expect(connect({ vpc: aVpc({ slots: slots({ peer: 'any' }) }) })).toEqual({ warnings: [] });
	});
});

describe('the address of a gateway', () => {
	it.each([
		[
			'the source-NAT one',
			[
				{ ip: '192.0.2.8', sourceNat: false },
				{ ip: '192.0.2.9', sourceNat: true },
			],
			'192.0.2.9',
		],
		[
			'the first where none is',
			[
				{ ip: '192.0.2.8', sourceNat: false },
				{ ip: '192.0.2.9', sourceNat: false },
			],
			'192.0.2.8',
		],
		['none where there are none', [], undefined],
	])('is %s', (_what, publicIps, ip) => {
		expect(sourceNatIp({ publicIps })).toBe(ip);
	});
});

describe('a suite on a router that initiates and cannot', () => {
	const openswan = { flavor: 'openswan', version: '3.0.0', capabilities: [], boot: 0, reportedAt: '' } as const;
	const weak = { ...office, esp: { ...office.esp, encryption: '3des' as const } };
	const on = (over: Partial<Parameters<typeof mayConnect>[0]>) =>
		connect({ vpc: aVpc({ router: openswan as never }), customerGateway: weak, ...over });

	it.each([
		['is refused', {}, { problem: 'unsupported-by-router' }],
		['is allowed where it only answers', { passive: true }, { warnings: [] }],
		[
			'is allowed where the peer has no address to begin with',
			{ customerGateway: { ...weak, gateway: 'any' } },
			{ warnings: [] },
		],
	])('%s', (_what, over, verdict) => {
		expect(on(over)).toMatchObject(verdict);
	});
});

describe('the floor', () => {
	it('of the account counts beside that of the deployment, for a new connection and for a change', () => {
		const account = { ...disabled, vpnEnabled: true, cryptoFloor: { legacy: 'deny' } } as const;

		expect(connect({ account })).toMatchObject({ problem: 'crypto-denied' });
		expect(
			mayChangeCustomerGateway({ vpc: aVpc(), customerGateway: office, account, floors: [{}], publicRemoteCidrs: 'warn' }),
		).toMatchObject({
			problem: 'crypto-denied',
		});
	});

	it('warns of the grade first, then of an ESP lifetime above that of IKE, and not of one that is the same', () => {
		const { ike, esp } = office;
		const lifetimes = (ikeSeconds: number, espSeconds: number) => ({
			...office,
			ike: { ...ike, lifetimeSeconds: ikeSeconds },
			esp: { ...esp, lifetimeSeconds: espSeconds },
		});

		expect(policyVerdict(lifetimes(3_600, 3_601), { floors: [{ legacy: 'warn' }], publicRemoteCidrs: 'warn' })).toEqual({
			warnings: ['the crypto suite is legacy', 'the ESP lifetime (3601 s) is above the IKE lifetime (3600 s)'],
		});
		expect(policyVerdict(lifetimes(3_600, 3_600), { floors: [], publicRemoteCidrs: 'warn' })).toEqual({ warnings: [] });
	});
});
