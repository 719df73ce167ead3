import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { PutAccount } from '../../../functions/domain/model/account.ts';
import { CreateAlertSubscription } from '../../../functions/domain/model/alert-subscription.ts';
import { Ipv4, Ipv4Cidr, RemoteCidrs } from '../../../functions/domain/model/cidr.ts';
import {
	DhGroup,
	Dpd,
	Encryption,
	EspPolicy,
	Hash,
	IkePolicy,
	IkeVersion,
} from '../../../functions/domain/model/crypto-suite.ts';
import {
	CreateCustomerGateway,
	IkeIdentity,
	PatchCustomerGateway,
	Peer,
	Psk,
} from '../../../functions/domain/model/customer-gateway.ts';
import {
	AccountId,
	AlertSubscriptionId,
	ConnectionId,
	CustomerGatewayId,
	NetworkId,
	RouterInstanceId,
	VpcId,
	VpnGatewayId,
} from '../../../functions/domain/model/ids.ts';
import { CreateVpc, PatchVpc, PublicIp, PutNetwork } from '../../../functions/domain/model/vpc.ts';
import { CreateVpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { CreateVpnGateway } from '../../../functions/domain/model/vpn-gateway.ts';
import { goldenPage } from '../../support/golden-page.ts';

const hex17 = '0123456789abcdef0';
const cgw = `cgw-${hex17}`;
const vgw = `vgw-${hex17}`;
const ike = { encryption: 'aes128', hash: 'sha1', dhGroup: 5 };
const esp = { encryption: 'aes128', hash: 'sha1' };
const customerGateway = { gateway: '192.0.2.2', remoteCidrs: ['10.2.0.0/24'], ike, esp, psk: 'long enough' };
const vpc = {
	id: 'vpc-0a1b2c3d',
	accountId: 'acme',
	cidr: '10.1.0.0/16',
	routerInstanceId: 'i-0a1b2c3d',
	publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
};
const blocks = (count: number) => Array.from({ length: count }, (_, n) => `10.${n}.0.0/24`);
const routeTables = (count: number) => Array.from({ length: count }, (_, n) => `rtb-${String(n).padStart(8, '0')}`);
const addresses = (count: number) => Array.from({ length: count }, (_, n) => ({ ip: `192.0.2.${n}`, sourceNat: n === 0 }));
const without = (row: object, field: string) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));

type Shape = { schema: z.ZodType; takes: unknown[]; refuses: unknown[] };
const dpd = (delaySeconds: number, timeoutSeconds: number) => ({ delaySeconds, timeoutSeconds });

const shapes: Record<string, Shape> = {
	Ipv4: {
		schema: Ipv4,
		takes: ['0.0.0.0', '192.0.2.1', '255.255.255.255', '10.99.100.199', '200.249.250.9'],
		refuses: [
			'',
			'192.0.2',
			'192.0.2.1.1',
			'256.0.0.1',
			'1.0.0.300',
			'01.2.3.4',
			'1.2.3.4 ',
			' 1.2.3.4',
			'1,2.3.4',
			'1.2.3.1234',
			1,
		],
	},
	Ipv4Cidr: {
		schema: Ipv4Cidr,
		takes: [
			'10.0.0.0/8',
			'10.2.0.0/24',
			'192.0.2.1/32',
			'128.0.0.0/3',
			'1.0.0.0/9',
			'223.255.255.255/32',
			'192.0.0.0/3',
			'1.0.0.0/19',
		],
		refuses: [
			'10.2.0.0',
			'0.0.0.0/0',
			'10.2.0.0/0',
			'10.2.3.4/16',
			'10.2.0.1/31',
			'10.2.0.0/33',
			'10.2.0.0/40',
			'10.2.0.0/08',
			'10.2.0.0/24 ',
			' 10.2.0.0/24',
			'x10.2.0.0/24',
			'10.2.0.256/24',
			'/24',
			'0.1.0.0/16',
			'127.9.0.0/16',
			'169.254.0.0/24',
			'224.0.0.0/4',
			'255.255.255.255/32',
			'126.0.0.0/7',
		],
	},
	RemoteCidrs: {
		schema: RemoteCidrs,
		takes: [blocks(1), blocks(10)],
		refuses: [[], blocks(11), ['10.2.0.0/16', '10.2.3.0/24'], ['10.2.3.0/24', '10.3.0.0/24', '10.2.0.0/16'], 'x'],
	},
	VpnGatewayId: {
		schema: VpnGatewayId,
		takes: [vgw],
		refuses: [cgw, `vgw-${hex17}0`, `xvgw-${hex17}`, 'vgw-0', `vgw-${'A'.repeat(17)}`],
	},
	CustomerGatewayId: { schema: CustomerGatewayId, takes: [cgw], refuses: [vgw] },
	ConnectionId: { schema: ConnectionId, takes: [`vpnc-${hex17}`], refuses: [vgw] },
	AlertSubscriptionId: { schema: AlertSubscriptionId, takes: [`sub-${hex17}`], refuses: [vgw] },
	VpcId: {
		schema: VpcId,
		takes: ['vpc-0a1b2c3d', `vpc-${hex17}`],
		refuses: ['vpc-0a1b2c3', 'vpc-0a1b2c3d4', `vpc-${hex17}0`, 'xvpc-0a1b2c3d', 'vpc-0A1B2C3D'],
	},
	RouterInstanceId: {
		schema: RouterInstanceId,
		takes: ['i-0a1b2c3d', `i-${hex17}`, `mi-${hex17}`],
		refuses: ['m-0a1b2c3d', 'i-0a1b2c3', 'i-0a1b2c3d4', 'mi-0a1b2c3d', `mi-${hex17}0`, 'ii-0a1b2c3d', 'i-0A1B2C3D'],
	},
	AccountId: {
		schema: AccountId,
		takes: ['a', '7', 'a-_Z9', 'a'.repeat(64)],
		refuses: ['', '-a', '_a', 'a'.repeat(65), 'a.b', 'a/b', ' a', 'a '],
	},
	NetworkId: {
		schema: NetworkId,
		takes: ['a', 'net-1', 'a'.repeat(64)],
		refuses: ['', '-a', 'a'.repeat(65), 'a/b', ' a', 'a '],
	},
	Encryption: { schema: Encryption, takes: ['aes128', 'aes192', 'aes256', '3des'], refuses: ['', 'des', 'aes'] },
	Hash: { schema: Hash, takes: ['md5', 'sha1', 'sha256', 'sha384', 'sha512'], refuses: ['', 'sha2'] },
	DhGroup: { schema: DhGroup, takes: [2, 5, 14, 15, 16], refuses: [1, 3, '2', null] },
	IkeVersion: { schema: IkeVersion, takes: ['ikev1', 'ikev2'], refuses: ['', 'ikev3'] },
	IkePolicy: {
		schema: IkePolicy,
		takes: [ike, { ...ike, lifetimeSeconds: 180 }, { ...ike, lifetimeSeconds: 86_400 }, { ...ike, version: 'ikev2' }],
		refuses: [
			...['encryption', 'hash', 'dhGroup'].map((field) => without(ike, field)),
			{ ...ike, lifetimeSeconds: 179 },
			{ ...ike, lifetimeSeconds: 86_401 },
			{ ...ike, lifetimeSeconds: 180.5 },
			{ ...ike, pfsGroup: 5 },
			{ ...ike, dhGroup: null },
		],
	},
	EspPolicy: {
		schema: EspPolicy,
		takes: [esp, { ...esp, pfsGroup: 2 }, { ...esp, pfsGroup: null }, { ...esp, lifetimeSeconds: 180 }],
		refuses: [
			...['encryption', 'hash'].map((field) => without(esp, field)),
			{ ...esp, lifetimeSeconds: 179 },
			{ ...esp, dhGroup: 5 },
		],
	},
	Dpd: {
		schema: Dpd,
		takes: [{}, { enabled: false }, dpd(1, 2), dpd(3_600, 86_400), { delaySeconds: 119 }, { timeoutSeconds: 31 }],
		refuses: [
			dpd(0, 2),
			dpd(30, 30),
			dpd(3_601, 86_400),
			dpd(30, 86_401),
			{ delaySeconds: 120 },
			{ timeoutSeconds: 30 },
			{ x: 1 },
			dpd(1, 2.5),
		],
	},
	Peer: {
		schema: Peer,
		takes: ['any', '192.0.2.2'],
		refuses: ['', 'Any', 'peer.example', '192.0.2', '0.0.0.0', '127.0.0.1', '169.254.1.1', '224.0.0.5', '255.255.255.255'],
	},
	IkeIdentity: {
		schema: IkeIdentity,
		takes: ['a', '192.0.2.2', '@branch.example', 'user_1@branch-2.example', 'a'.repeat(127), `@${'a'.repeat(127)}`],
		refuses: ['', '@', '.a', '-a', 'a'.repeat(128), 'two words', 'a/b', ' a', 'a ', '@@a', '0.0.0.0'],
	},
	Psk: {
		schema: Psk,
		takes: ['8 letters', 'p'.repeat(8), 'p'.repeat(128), 'süß und "geheim"'],
		refuses: ['p'.repeat(7), 'p'.repeat(129), 'a line\nbreak', 'a tab\there!', '\u0000eight..', 'control \u0085'],
	},
	CreateCustomerGateway: {
		schema: CreateCustomerGateway,
		takes: [
			customerGateway,
			{ ...customerGateway, accountId: 'acme', name: 'n', remoteId: 'a', dpd: {}, forceEncaps: true },
			{ ...customerGateway, name: 'n'.repeat(255) },
			{ ...customerGateway, gateway: 'any', remoteId: 'branch.example' },
		],
		refuses: [
			...['gateway', 'remoteCidrs', 'ike', 'esp'].map((field) => without(customerGateway, field)),
			{ ...customerGateway, psk: '12345678' },
			{ ...customerGateway, gateway: 'any' },
			{ ...customerGateway, gateway: '10.2.0.9' },
			{ ...customerGateway, gateway: '10.3.0.9', remoteCidrs: ['10.2.0.0/24', '10.3.0.9/32'] },
			{ ...customerGateway, remoteCidrs: '10.2.0.0/24' },
			{ ...customerGateway, ike: { ...ike, dhGroup: 7 } },
			{ ...customerGateway, name: '' },
			{ ...customerGateway, name: 'n'.repeat(256) },
			{ ...customerGateway, forceEncaps: 1 },
			{ ...customerGateway, unknown: 1 },
		],
	},
	PatchCustomerGateway: {
		schema: PatchCustomerGateway,
		takes: [
			{},
			{ ike: {}, esp: {}, dpd: {} },
			{ ike: { version: 'ikev2' }, esp: { pfsGroup: null }, dpd: { timeoutSeconds: 2 } },
			customerGateway,
			{ name: 'n', forceEncaps: false, remoteId: 'a', gateway: 'any' },
		],
		refuses: [
			{ accountId: 'acme' },
			{ unknown: 1 },
			{ ike: { unknown: 1 } },
			{ esp: { unknown: 1 } },
			{ dpd: { unknown: 1 } },
			{ ike: { lifetimeSeconds: 179 } },
			{ dpd: { delaySeconds: 0 } },
			{ remoteId: null },
		],
	},
	PublicIp: {
		schema: PublicIp,
		takes: [
			{ ip: '192.0.2.1', sourceNat: false },
			{ ip: '192.0.2.1', privateIp: '10.0.0.1', sourceNat: true },
		],
		refuses: [
			{ ip: '192.0.2.1' },
			{ sourceNat: true },
			{ ip: 'x', sourceNat: true },
			{ ip: '192.0.2.1', privateIp: 'x', sourceNat: true },
			{ ip: '192.0.2.1', sourceNat: true, x: 1 },
		],
	},
	CreateVpc: {
		schema: CreateVpc,
		takes: [
			vpc,
			{ ...vpc, name: 'n'.repeat(255), remoteAccessVpn: true, routeTableIds: ['rtb-0a1b2c3d', `rtb-${hex17}`] },
			{ ...vpc, publicIps: addresses(50) },
			{ ...vpc, routeTableIds: routeTables(10) },
		],
		refuses: [
			...Object.keys(vpc).map((field) => without(vpc, field)),
			{ ...vpc, name: '' },
			{ ...vpc, name: 'n'.repeat(256) },
			{ ...vpc, publicIps: [] },
			{ ...vpc, publicIps: addresses(51) },
			{ ...vpc, publicIps: [...addresses(2), { ip: '192.0.2.1', sourceNat: false }] },
			{ ...vpc, publicIps: addresses(2).map((one) => ({ ...one, sourceNat: true })) },
			{ ...vpc, publicIps: addresses(2).map((one) => ({ ...one, sourceNat: false })) },
			{ ...vpc, remoteAccessVpn: 'yes' },
			{ ...vpc, routeTableIds: ['rtb-0a1b2c3'] },
			{ ...vpc, routeTableIds: ['xrtb-0a1b2c3d'] },
			{ ...vpc, routeTableIds: ['rtb-0a1b2c3d0'] },
			{ ...vpc, routeTableIds: routeTables(11) },
			{ ...vpc, routeTableIds: ['rtb-0a1b2c3d', 'rtb-0a1b2c3d'] },
			{ ...vpc, unknown: 1 },
		],
	},
	PatchVpc: { schema: PatchVpc, takes: [{}, { name: 'n' }], refuses: [{ id: vpc.id }, { accountId: 'acme' }, { publicIps: [] }] },
	PutNetwork: {
		schema: PutNetwork,
		takes: (['Allocated', 'Implemented', 'Shutdown'] as const).map((state) => ({ cidr: '10.1.1.0/24', state })),
		refuses: [
			{ cidr: '10.1.1.0/24' },
			{ state: 'Allocated' },
			{ cidr: '10.1.1.0/24', state: 'Up' },
			{ id: 'n', cidr: '10.1.1.0/24', state: 'Allocated' },
		],
	},
	CreateVpnGateway: {
		schema: CreateVpnGateway,
		takes: [{ vpcId: vpc.id }, { vpcId: vpc.id, publicIp: '192.0.2.1', accountId: 'acme' }],
		refuses: [{}, { vpcId: 'x' }, { vpcId: vpc.id, publicIp: 'x' }, { vpcId: vpc.id, unknown: 1 }],
	},
	CreateVpnConnection: {
		schema: CreateVpnConnection,
		takes: [
			{ vpnGatewayId: vgw, customerGatewayId: cgw },
			{ vpnGatewayId: vgw, customerGatewayId: cgw, passive: true, accountId: 'acme' },
		],
		refuses: [
			{ vpnGatewayId: vgw },
			{ customerGatewayId: cgw },
			{ vpnGatewayId: cgw, customerGatewayId: vgw },
			{ vpnGatewayId: vgw, customerGatewayId: cgw, passive: 0 },
			{ vpnGatewayId: vgw, customerGatewayId: cgw, unknown: 1 },
		],
	},
	CreateAlertSubscription: {
		schema: CreateAlertSubscription,
		takes: [
			{ protocol: 'email', endpoint: 'jo@example.org' },
			{ protocol: 'email', endpoint: `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example.org`, accountId: 'acme' },
			{ protocol: 'sms', endpoint: '+4915112345678', accountId: 'acme' },
			{ protocol: 'sms', endpoint: '+1234567' },
			{ protocol: 'sms', endpoint: `+${'1'.repeat(15)}` },
		],
		refuses: [
			{ protocol: 'email', endpoint: 'jo' },
			{ protocol: 'email', endpoint: `jo@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.example.org` },
			{ protocol: 'sms', endpoint: 'jo@example.org' },
			{ protocol: 'sms', endpoint: '4915112345678' },
			{ protocol: 'sms', endpoint: '+0915112345678' },
			{ protocol: 'sms', endpoint: '+123456' },
			{ protocol: 'sms', endpoint: `+${'1'.repeat(16)}` },
			{ protocol: 'sms', endpoint: '+4915112345678 ' },
			{ protocol: 'sms', endpoint: ' +4915112345678' },
			{ protocol: 'pager', endpoint: '1' },
			{ protocol: 'sms', endpoint: '+1234567', unknown: 1 },
			{ protocol: 'email', endpoint: 'jo@example.org', unknown: 1 },
			{ endpoint: 'jo@example.org' },
		],
	},
	PutAccount: {
		schema: PutAccount,
		takes: [
			{},
			{ name: 'n', vpnEnabled: false, cryptoFloor: { legacy: 'deny', acceptable: 'warn', strong: 'allow' } },
			{ name: 'n'.repeat(255) },
		],
		refuses: [
			{ name: '' },
			{ name: 'n'.repeat(256) },
			{ vpnEnabled: 'no' },
			{ cryptoFloor: { legacy: 'never' } },
			{ cryptoFloor: { weak: 'deny' } },
			{ id: 'acme' },
		],
	},
};
const rows = (pick: 'takes' | 'refuses') =>
	Object.entries(shapes).flatMap(([name, shape]) => shape[pick].map((value) => ({ name, schema: shape.schema, value })));
const shown = (value: unknown) => JSON.stringify(value).replace(/(.)\1{20,}/g, (all, one) => `${one}×${all.length}`);

describe('what a request may say', () => {
	it.each(rows('takes'))('$name takes $value', ({ schema, value }) => {
		expect(schema.safeParse(value).error?.issues).toBeUndefined();
	});

	it.each(rows('refuses'))('$name refuses $value', ({ schema, value }) => {
		expect(schema.safeParse(value).success).toBe(false);
	});

	it('and why it may not is as on the golden page', async () => {
		const page = rows('refuses').map(({ name, schema, value }): [string, string] => [
			`${name} ${shown(value)}`,
			(schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `/${path.join('/')} ${message}`).join('\n'),
		]);

		await expect(goldenPage(page)).toMatchFileSnapshot('../../golden/refused-fields.txt');
	});
});

describe('what a request leaves out', () => {
	it.each([
		['a lifetime and a version of IKE', IkePolicy, ike, { ...ike, version: 'ikev1', lifetimeSeconds: 86_400 }],
		['PFS and a lifetime of ESP', EspPolicy, esp, { ...esp, pfsGroup: null, lifetimeSeconds: 3_600 }],
		['all of dead-peer detection', Dpd, {}, { enabled: true, delaySeconds: 30, timeoutSeconds: 120 }],
		['all of a patch', PatchCustomerGateway, { ike: {}, esp: {}, dpd: {} }, { ike: {}, esp: {}, dpd: {} }],
	])('has its default: %s', (_what, schema: z.ZodType, value, parsed) => {
		expect(schema.parse(value)).toEqual(parsed);
	});

	it('a block is stored as it was written, and a key as a secret', () => {
		expect(Ipv4Cidr.parse('10.2.0.0/16')).toBe('10.2.0.0/16');
		expect(JSON.stringify(Psk.parse('long enough'))).toBe('"***"');
	});
});
