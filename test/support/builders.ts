import type { CustomerGateway } from '../../functions/domain/model/customer-gateway.ts';
import type { DesiredRouter } from '../../functions/domain/model/desired-router.ts';
import type { ConnectionReport, RouterReport } from '../../functions/domain/model/report.ts';
import type { RouterFacts, Vpc } from '../../functions/domain/model/vpc.ts';
import type { VpnConnection } from '../../functions/domain/model/vpn-connection.ts';
import type { VpnGateway } from '../../functions/domain/model/vpn-gateway.ts';

export const start = new Date('2026-01-02T03:04:05.000Z');
export const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1_000);

/** Subnet pairs as a report has them: `10` is one up and one down. */
export const pairs = (digits: string): boolean[] => [...digits].map((digit) => digit === '1');

/** An id of the given kind, such as `cgw-00000000000000001` for 1. */
export const idOf = (prefix: 'vpnc' | 'cgw' | 'vgw' | 'vpc', n: number): string =>
	`${prefix}-${n.toString(16).padStart(17, '0')}`;

const entity = { accountId: 'acme', createdAt: start.toISOString(), updatedAt: start.toISOString(), version: 1, rev: 0 };

export const aCustomerGateway = (overrides: Partial<CustomerGateway> = {}): CustomerGateway => ({
	id: idOf('cgw', 1),
	...entity,
	name: 'Branch office',
	gateway: '192.0.2.2',
	remoteCidrs: ['10.2.0.0/24', '10.2.1.0/24'],
	ike: { version: 'ikev1', encryption: 'aes128', hash: 'sha1', dhGroup: 5, lifetimeSeconds: 86_400 },
	esp: { encryption: 'aes128', hash: 'sha1', pfsGroup: 5, lifetimeSeconds: 3_600 },
	dpd: { enabled: true, delaySeconds: 30, timeoutSeconds: 120 },
	forceEncaps: false,
	pskVersion: 1,
	pskUpdatedAt: start.toISOString(),
	...overrides,
});

export const aGateway = (overrides: Partial<VpnGateway> = {}): VpnGateway => ({
	id: idOf('vgw', 1),
	...entity,
	vpcId: idOf('vpc', 1),
	publicIp: '192.0.2.1',
	...overrides,
});

export const aConnection = (overrides: Partial<VpnConnection> = {}): VpnConnection => ({
	id: idOf('vpnc', 1),
	...entity,
	vpnGatewayId: idOf('vgw', 1),
	customerGatewayId: idOf('cgw', 1),
	vpcId: idOf('vpc', 1),
	passive: false,
	state: 'Pending',
	stateChangedAt: start.toISOString(),
	desiredRevision: 1,
	appliedRevision: 0,
	notified: 'none',
	...overrides,
});

/** What a router of Debian's Libreswan reported about itself. */
export const aRouter = (overrides: Partial<RouterFacts> = {}): RouterFacts => ({
	flavor: 'libreswan',
	version: '4.10',
	capabilities: [],
	boot: 1_767_000_000,
	reportedAt: start.toISOString(),
	...overrides,
});

/** A VPC with one connection's slot, a gateway and an implemented network, whose router took generation 3. */
export const aVpc = (overrides: Partial<Vpc> = {}): Vpc => ({
	id: idOf('vpc', 1),
	...entity,
	name: 'Head office',
	cidr: '10.1.0.0/16',
	routerInstanceId: 'i-0123456789abcdef0',
	publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	networks: [{ id: 'net-1', cidr: '10.1.1.0/24', state: 'Implemented' }],
	remoteAccessVpn: false,
	routeTableIds: [],
	vpnGatewayId: idOf('vgw', 1),
	slots: {
		[idOf('vpnc', 1)]: { customerGatewayId: idOf('cgw', 1), peer: '192.0.2.2', remoteCidrs: ['10.2.0.0/24', '10.2.1.0/24'] },
	},
	generation: 3,
	appliedGeneration: 3,
	...overrides,
});

export const aDesiredRouter = (overrides: Partial<DesiredRouter> = {}): DesiredRouter => ({
	vpc: aVpc(),
	gateway: aGateway(),
	connections: [{ connection: aConnection(), customerGateway: aCustomerGateway() }],
	pskPrefix: '/s2s/dev',
	flooring: [],
	...overrides,
});

export const aLine = (overrides: Partial<ConnectionReport> = {}): ConnectionReport => ({
	connectionId: idOf('vpnc', 1),
	phase1: true,
	up: pairs('11'),
	bytesIn: 0,
	bytesOut: 0,
	reasons: [],
	...overrides,
});

export const aReport = (overrides: Partial<RouterReport> = {}): RouterReport => ({
	flavor: 'libreswan',
	version: '4.10',
	daemon: true,
	busy: false,
	revision: { generation: 3, hash: '0123456789abcdef' },
	packetRules: 'ok',
	boot: 1_767_000_000,
	capabilities: [],
	connections: [aLine()],
	steps: [],
	...overrides,
});
