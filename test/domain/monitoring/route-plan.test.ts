import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouteTable, TableRoute } from '../../../functions/domain/model/route-table.ts';
import type { Vpc } from '../../../functions/domain/model/vpc.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { planRoutes } from '../../../functions/domain/monitoring/route-plan.ts';
import { beginRoutes, settleRoutes } from '../../../functions/domain/monitoring/settle-routes.ts';
import { aConnection, aVpc, idOf, start } from '../../support/builders.ts';

const [tableA, tableB] = ['rtb-0000000a', 'rtb-0000000b'];
const [router, former, foreign] = ['eni-router', 'eni-former', 'nat-0a1b2c3d'];
const one = idOf('vpnc', 1);
const [block, other] = ['10.2.0.0/24', '10.2.1.0/24'];
const to = (target: string, cidr = block): TableRoute => ({ cidr, target, propagated: false });
const at = (tableId = tableA, cidr = block) => ({ connectionId: one, tableId, cidr });

type Case = {
	vpc?: Partial<Vpc>;
	connection?: Partial<VpnConnection>;
	routes?: TableRoute[];
	target?: string | undefined;
	tables?: RouteTable[];
};
const slots = { [one]: { customerGatewayId: idOf('cgw', 1), peer: '192.0.2.2', remoteCidrs: [block] } };
const planOf = ({ vpc, connection, routes = [], tables = [{ id: tableA, routes }], ...rest }: Case) => {
	const target = 'target' in rest ? rest.target : router;
	const rows = {
		vpc: aVpc({ routeTableIds: [tableA], slots, ...vpc }),
		connections: connection === undefined ? [aConnection({ state: 'Connected' })] : [aConnection(connection)],
	};
	const { target: _target, ...plan } = planRoutes(rows, { tables, target });
	return Object.fromEntries(Object.entries(plan).filter(([, list]) => list.length > 0));
};
const known = { routes: { [one]: { [tableA]: [block] } }, routeTargets: [router] };

describe('the routes of a VPC', () => {
	it.each<[string, Case, object]>([
		['are made where there are none', {}, { create: [at()] }],
		['are right where they lead to the router', { routes: [to(router)], vpc: known }, { right: [at()] }],
		['that somebody made to the router are taken over', { routes: [to(router)] }, { right: [at()] }],
		['that we made and that are gone are missing, and made again', { vpc: known }, { create: [at()], missing: [at()] }],
		[
			'that were only begun are made without being missed',
			{ vpc: { routesBegun: known.routes, routeTargets: [router] } },
			{ create: [at()] },
		],
		[
			'of ours to a former router are moved',
			{ vpc: { ...known, routeTargets: [former] }, routes: [to(former)] },
			{ replace: [at()] },
		],
		[
			'to a former router that we did not make are left alone',
			{ vpc: { routeTargets: [former] }, routes: [to(former)] },
			{ faults: [{ ...at(), code: 'route-conflict', detail: `${tableA} routes ${block} to ${former}` }] },
		],
		[
			'to elsewhere are left alone, even where ours was before',
			{ vpc: known, routes: [to(foreign)] },
			{ faults: [{ ...at(), code: 'route-conflict', detail: `${tableA} routes ${block} to ${foreign}` }] },
		],
		[
			'that a VPN gateway of AWS propagates are left alone',
			{ routes: [{ ...to('vgw-0a1b2c3d'), propagated: true }] },
			{ faults: [{ ...at(), code: 'route-conflict', detail: `${tableA} routes ${block} to vgw-0a1b2c3d` }] },
		],
		['to other blocks are none of ours', { routes: [to(router, '0.0.0.0/0'), to(foreign, '10.2.0.0/16')] }, { create: [at()] }],
		[
			'cannot be made in a table that does not exist',
			{ tables: [] },
			{ faults: [{ ...at(), code: 'route-refused', detail: `${tableA} does not exist` }] },
		],
		[
			'cannot be made to a router without an interface',
			{ target: undefined },
			{
				faults: [{ ...at(), code: 'route-refused', detail: 'EC2 shows no network interface of the router i-0123456789abcdef0' }],
			},
		],
		[
			'cannot be made to a router outside EC2',
			{ target: undefined, vpc: { routerInstanceId: 'mi-0123456789abcdef0' } },
			{
				faults: [
					{
						...at(),
						code: 'route-refused',
						detail: 'no route can lead to mi-0123456789abcdef0, which is not an EC2 instance',
					},
				],
			},
		],
		[
			'of ours stay known where the router has no interface to move them to',
			{ target: undefined, vpc: known, routes: [to(router)] },
			{
				kept: [at()],
				faults: [{ ...at(), code: 'route-refused', detail: 'EC2 shows no network interface of the router i-0123456789abcdef0' }],
			},
		],
		[
			'are made for every block in every table',
			{
				vpc: {
					routeTableIds: [tableA, tableB],
					slots: { [one]: { customerGatewayId: idOf('cgw', 1), peer: '192.0.2.2', remoteCidrs: [block, other] } },
				},
				tables: [
					{ id: tableA, routes: [] },
					{ id: tableB, routes: [to(router)] },
				],
			},
			{ create: [at(), at(tableA, other), at(tableB, other)], right: [at(tableB)] },
		],
		[
			'stay while the router has a change to take',
			{ vpc: known, routes: [to(router)], connection: { state: 'Pending' } },
			{ kept: [at()] },
		],
		[
			'stay until the router has dropped the tunnel',
			{ vpc: known, routes: [to(router)], connection: { state: 'Deleting' } },
			{ kept: [at()] },
		],
		['are not made before the router has the tunnel', { connection: { state: 'Pending' } }, {}],
		[
			'stay while the router cannot be reached',
			{
				vpc: known,
				routes: [to(router)],
				connection: { state: 'Error', stateReason: { code: 'router-unreachable', kind: 'transient', detail: '' } },
			},
			{ kept: [at()] },
		],
		[
			'of a connection that the router refuses are removed',
			{
				vpc: known,
				routes: [to(router)],
				connection: { state: 'Error', stateReason: { code: 'crypto-denied', kind: 'refused', detail: '' } },
			},
			{ remove: [at()] },
		],
		['of a connection that is gone are removed', { vpc: { ...known, slots: {} }, routes: [to(router)] }, { remove: [at()] }],
		[
			'of a connection that is gone are removed from a former router too',
			{ vpc: { ...known, slots: {}, routeTargets: [former] }, routes: [to(former)] },
			{ remove: [at()] },
		],
		[
			'that were begun for a connection that is gone are removed',
			{ vpc: { slots: {}, routesBegun: known.routes, routeTargets: [router] }, routes: [to(router)] },
			{ remove: [at()] },
		],
		[
			'of a connection that is gone are left alone once they lead elsewhere',
			{ vpc: { ...known, slots: {} }, routes: [to(foreign)] },
			{},
		],
		[
			'of a table that is no longer ours to use are removed',
			{ vpc: { ...known, routeTableIds: [] }, routes: [to(router)] },
			{ remove: [at()] },
		],
		[
			'to a block that the connection no longer reaches are removed',
			{
				vpc: { ...known, slots: { [one]: { customerGatewayId: idOf('cgw', 1), peer: '192.0.2.2', remoteCidrs: [other] } } },
				routes: [to(router)],
			},
			{ create: [at(tableA, other)], remove: [at()] },
		],
		[
			'stay where another connection has taken over the block',
			{ vpc: { ...known, routes: { [idOf('vpnc', 9)]: { [tableA]: [block] } } }, routes: [to(router)] },
			{ right: [at()] },
		],
	])('%s', (_what, situation, plan) => {
		expect(planOf(situation)).toEqual(plan);
	});

	const cidrs = [block, other, '10.3.0.0/24', '10.4.0.0/24'];
	const aTarget = fc.constantFrom(router, former, foreign);
	const someRoutes = fc.uniqueArray(fc.record({ cidr: fc.constantFrom(...cidrs), target: aTarget }), {
		selector: ({ cidr }) => cidr,
	});
	const tableIds = [tableA, tableB];
	const someKnown = fc.uniqueArray(fc.tuple(fc.constantFrom(...tableIds), fc.constantFrom(...cidrs)), { selector: String });

	it('are as they should be after one pass, no foreign one is touched, and a second pass finds nothing to do', () => {
		fc.assert(
			fc.property(
				fc.tuple(someRoutes, someRoutes),
				fc.subarray(cidrs),
				fc.subarray(tableIds),
				someKnown,
				fc.constantFrom<VpnConnection['state']>('Connected', 'Disconnected', 'Pending', 'Deleting'),
				fc.boolean(),
				(standing, remoteCidrs, routeTableIds, ours, state, exists) => {
					const made: Record<string, string[]> = {};
					for (const [id, cidr] of ours) made[id] = [...(made[id] ?? []), cidr];
					const isOurs = (id: string, cidr: string) => ours.some(([table, own]) => table === id && own === cidr);
					const world = new Map(tableIds.map((id, n) => [id, new Map((standing[n] ?? []).map((one) => [one.cidr, one.target]))]));
					const before = new Map([...world].map(([id, table]) => [id, new Map(table)]));
					let vpc = aVpc({
						routeTableIds,
						slots: exists ? { [one]: { customerGatewayId: idOf('cgw', 1), peer: '192.0.2.2', remoteCidrs } } : {},
						routes: ours.length === 0 ? undefined : { [one]: made },
						routeTargets: [former, router],
					});
					let connections = exists ? [aConnection({ state })] : [];
					const pass = () => {
						const tables = [...world].map(([id, table]) => ({
							id,
							routes: [...table].map(([cidr, target]) => to(target, cidr)),
						}));
						const plan = planRoutes({ vpc, connections }, { tables, target: router });
						const around = { customerGateways: [], plan, now: start };
						vpc = beginRoutes({ vpc, connections, ...around }).vpc ?? vpc;
						for (const { tableId, cidr } of [...plan.create, ...plan.replace]) world.get(tableId)?.set(cidr, router);
						for (const { tableId, cidr } of plan.remove) world.get(tableId)?.delete(cidr);
						const done = [...plan.create, ...plan.replace, ...plan.remove];
						const settled = settleRoutes({ vpc, connections, plan, now: start, outcome: { done, refused: [], left: [] } });
						vpc = settled.vpc ?? vpc;
						connections = connections.map((row) => settled.connections.find(({ current }) => current === row)?.next ?? row);
						return { ...plan, settled };
					};
					pass();
					const routed = exists && (state === 'Connected' || state === 'Disconnected');
					const kept = exists && !routed;
					for (const [id, table] of before) {
						for (const cidr of cidrs) {
							const [was, is] = [table.get(cidr), world.get(id)?.get(cidr)];
							const wanted = routed && routeTableIds.includes(id) && remoteCidrs.includes(cidr);
							if (was === foreign || kept) expect(is).toBe(was);
							else if (wanted) expect(is).toBe(was === former && !isOurs(id, cidr) ? former : router);
							else expect(is).toBe(isOurs(id, cidr) ? undefined : was);
						}
					}
					expect(pass()).toMatchObject({
						create: [],
						replace: [],
						remove: [],
						missing: [],
						settled: { connections: [], events: [] },
					});
				},
			),
		);
	});
});
