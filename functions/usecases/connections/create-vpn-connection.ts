import { connectionEvent } from '../../domain/model/event-of.ts';
import { bumpGeneration, slotOf } from '../../domain/model/vpc.ts';
import type { CreateVpnConnection, VpnConnection } from '../../domain/model/vpn-connection.ts';
import { freed } from '../../domain/monitoring/psk-rotation.ts';
import { mayConnect } from '../../domain/rules/connection-rules.ts';
import { mayProbe } from '../../domain/rules/probe-rules.ts';
import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { newEntity } from '../shared/new-entity.ts';
import { throwIfRefused } from '../shared/problem-error.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { throwIfTablesAreFull } from '../shared/throw-if-tables-are-full.ts';

type Created = { connection: VpnConnection; warnings: string[] };

export const createVpnConnection = async (
	ports: Ports,
	{ caller, input }: { caller: Caller; input: CreateVpnConnection },
): Promise<Created> => {
	const created = await retryOnStaleRead(async () => {
		const { store, clock, newId, newEventId, settings } = ports;
		const now = clock();
		const gateway = await loadVisible(store, caller, { table: 'vpnGateways', id: input.vpnGatewayId, pointer: '/vpnGatewayId' });
		const accountId = accountOf(caller, input.accountId ?? gateway.accountId);
		if (gateway.accountId !== accountId) throw notFound('vpnGateways', input.vpnGatewayId, '/vpnGatewayId');
		const cgw = { table: 'customerGateways', id: input.customerGatewayId, pointer: '/customerGatewayId' } as const;
		const customerGateway = await loadVisible(store, caller, cgw);
		const vpc = await store.get('vpcs', gateway.vpcId);
		if (vpc === undefined) throw notFound('vpcs', gateway.vpcId);
		const account = await store.get('accounts', accountId);
		const { connectionId } = customerGateway;
		const user = connectionId === undefined ? undefined : await store.get('connections', connectionId);
		const { passive = false, probe } = input;
		const verdict = mayConnect({
			vpc,
			gateway,
			customerGateway,
			user,
			account,
			floors: [settings.cryptoFloor],
			publicRemoteCidrs: settings.publicRemoteCidrs,
			passive,
			maxConnections: settings.maxConnectionsPerGateway,
		});
		const warnings = throwIfRefused(verdict)?.warnings ?? [];
		throwIfRefused(probe && mayProbe(probe.host, customerGateway.remoteCidrs));
		const id = newId('connection');
		const slots = { ...vpc.slots, [id]: slotOf(customerGateway) };
		await throwIfTablesAreFull(ports, { ...vpc, slots });
		const next: VpnConnection = {
			id,
			...newEntity(accountId, now),
			vpnGatewayId: gateway.id,
			customerGatewayId: customerGateway.id,
			vpcId: vpc.id,
			passive,
			probe,
			state: 'Pending',
			stateChangedAt: now.toISOString(),
			desiredRevision: 1,
			appliedRevision: 0,
			notified: 'none',
		};
		await store.transact([
			{ put: 'connections', next, current: undefined },
			{ put: 'vpcs', next: { ...bumpGeneration(vpc, now), slots }, current: vpc },
			{
				put: 'customerGateways',
				next: { ...freed(customerGateway, now), connectionId: next.id },
				current: customerGateway,
			},
			{ unchanged: 'vpnGateways', id: gateway.id, current: gateway },
			{ unchanged: 'accounts', id: accountId, current: account },
			record(connectionEvent(next, { who: caller.who, kind: 'state', to: 'Pending', why: 'created', now }), newEventId),
		]);
		return { connection: next, warnings };
	});
	await hintReconcile(ports, created.connection.vpcId);
	return created;
};
