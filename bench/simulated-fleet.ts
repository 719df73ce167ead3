import type { Vpc } from '../functions/domain/model/vpc.ts';
import type { VpnConnection } from '../functions/domain/model/vpn-connection.ts';
import { pairs } from '../test/support/builders.ts';

const at = '2026-01-02T03:04:05.000Z';
const entity = { accountId: 'acme', createdAt: at, updatedAt: at, version: 1, rev: 1 };
const hex = (n: number): string => n.toString(16).padStart(17, '0');

export const vpcIdOf = (router: number): string => `vpc-${hex(router)}`;
export const instanceIdOf = (router: number): string => `i-${hex(router)}`;
const connectionIdOf = (router: number, n: number): string => `vpnc-${hex(router * 100 + n)}`;
export const routerOfConnection = (id: string): number => Math.floor(Number.parseInt(id.slice(5), 16) / 100);
export const routerOf = (id: string): number => Number.parseInt(id.slice(id.indexOf('-') + 1), 16);

export const aConnection = (router: number, n: number): VpnConnection => ({
	id: connectionIdOf(router, n),
	...entity,
	vpnGatewayId: `vgw-${hex(router)}`,
	customerGatewayId: `cgw-${hex(router * 100 + n)}`,
	vpcId: vpcIdOf(router),
	passive: false,
	state: 'Connected',
	stateChangedAt: at,
	desiredRevision: 1,
	appliedRevision: 1,
	observed: { up: pairs('1'), candidates: [], observedAt: at },
	notified: 'up',
});

export const aVpc = (router: number, connections: number): Vpc => ({
	id: vpcIdOf(router),
	...entity,
	name: 'a VPC of the fleet',
	cidr: '10.1.0.0/16',
	routerInstanceId: instanceIdOf(router),
	publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	networks: [{ id: 'n', cidr: '10.1.1.0/24', state: 'Implemented' }],
	remoteAccessVpn: false,
	routeTableIds: [],
	router: { flavor: 'libreswan', version: '4.10', capabilities: [], boot: 1, reportedAt: at },
	vpnGatewayId: `vgw-${hex(router)}`,
	slots: Object.fromEntries(
		Array.from({ length: connections }, (_, n) => [
			connectionIdOf(router, n),
			{ customerGatewayId: `cgw-${hex(router * 100 + n)}`, peer: `198.51.100.${n + 1}`, remoteCidrs: [`10.${n + 10}.0.0/24`] },
		]),
	),
	generation: 3,
	appliedGeneration: 3,
});

/** What the router prints when all is as it was. */
export const quietReport = (router: number, connections: number): string =>
	[
		's2s/1 libreswan/4.10 daemon=1 busy=0 revision=3-0123456789abcdef fw=ok boot=1 caps=-',
		...Array.from({ length: connections }, (_, n) => `${connectionIdOf(router, n)} p1=1 up=1 in=0 out=0`),
		`end ${connections}`,
		'',
	].join('\n');

export const aRouter = (router: number, connections: number) => ({
	vpc: aVpc(router, connections),
	connections: Array.from({ length: connections }, (_, n) => aConnection(router, n)),
	report: quietReport(router, connections),
});
