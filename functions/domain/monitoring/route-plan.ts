import type { ReasonCode } from '../model/reasons.ts';
import {
	listOfRoutes,
	type OwnRoute,
	type RouteTable,
	routeKey,
	type SeenRoutes,
	type TableRoute,
} from '../model/route-table.ts';
import type { Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

/** What stands in the way of one route. */
export type RouteFault = OwnRoute & { code: Extract<ReasonCode, 'route-conflict' | 'route-refused'>; detail: string };

/** What there is to do in the route tables of a VPC, and what is right already. */
export type RoutePlan = {
	target: string | undefined;
	create: OwnRoute[];
	/** Routes of ours that lead to a former router. */
	replace: OwnRoute[];
	remove: OwnRoute[];
	/** Lead to the router. */
	right: OwnRoute[];
	/** Of connections that the router has yet to take or to drop, and those that cannot be moved now: they stay as they are until then. */
	kept: OwnRoute[];
	/** Those to create that we had made: somebody has removed them. */
	missing: OwnRoute[];
	/** Of those that can be neither made nor moved. */
	faults: RouteFault[];
};

/** Whether the routes of a connection are made and mended, stay as they are, or go. */
type Stance = 'routed' | 'kept' | 'unrouted';

/**
 * Routes follow what the router has taken: before, and while it has a change yet to take, packets are better left where they went. A
 * refused connection is on no router.
 */
const stanceOf = ({ state, stateReason }: VpnConnection): Stance => {
	if (state === 'Connected' || state === 'Disconnected') return 'routed';
	return state === 'Error' && stateReason?.kind === 'refused' ? 'unrouted' : 'kept';
};

/** Where a route for the same block stands already, and it is neither ours nor to the router, it is left alone. */
export const planRoutes = (
	{ vpc, connections }: { vpc: Vpc; connections: readonly VpnConnection[] },
	{ tables, target }: SeenRoutes,
): RoutePlan => {
	const stances = new Map(connections.map((connection) => [connection.id, stanceOf(connection)]));
	const isOfStance =
		(stance: Stance) =>
		({ connectionId }: OwnRoute) =>
			(stances.get(connectionId) ?? 'unrouted') === stance;
	const made = listOfRoutes(vpc.routes);
	const known = uniqueRoutes([...made, ...listOfRoutes(vpc.routesBegun)]);
	const wanted = wantedRoutes(vpc).filter(isOfStance('routed'));
	const kept = known.filter(isOfStance('kept'));
	const plan: RoutePlan = { target, create: [], replace: [], remove: [], right: [], kept, missing: [], faults: [] };

	const isKnown = within(known);
	const isMade = within(made);
	const isOurs = ({ target: to }: TableRoute) => to === target || vpc.routeTargets?.includes(to) === true;
	for (const route of wanted) {
		const { tableId, cidr } = route;
		const table = tables.find(({ id }) => id === tableId);
		const standing = routesTo(table, cidr);
		if (table === undefined) plan.faults.push({ ...route, code: 'route-refused', detail: `${tableId} does not exist` });
		else if (target === undefined) {
			plan.faults.push({ ...route, code: 'route-refused', detail: noTarget(vpc) });
			if (standing.some((one) => !one.propagated && isOurs(one)) && isKnown(route)) kept.push(route);
		} else if (standing.some(({ target: to }) => to === target)) plan.right.push(route);
		else if (standing.some((one) => !one.propagated && isOurs(one)) && isKnown(route)) plan.replace.push(route);
		else if (standing[0] !== undefined) {
			const detail = `${tableId} routes ${cidr} to ${standing[0].target}`;
			plan.faults.push({ ...route, code: 'route-conflict', detail });
		} else {
			plan.create.push(route);
			if (isMade(route)) plan.missing.push(route);
		}
	}

	const isWanted = within(wanted);
	const isNeeded = (route: OwnRoute) =>
		[...wanted, ...kept].some(({ tableId, cidr }) => tableId === route.tableId && cidr === route.cidr);
	for (const route of known) {
		if (isWanted(route) || isOfStance('kept')(route) || isNeeded(route)) continue;
		const table = tables.find(({ id }) => id === route.tableId);
		if (routesTo(table, route.cidr).some((one) => !one.propagated && isOurs(one))) plan.remove.push(route);
	}
	return plan;
};

/** A managed node that is registered with Systems Manager may be anywhere. */
const noTarget = ({ routerInstanceId }: Vpc): string =>
	routerInstanceId.startsWith('mi-')
		? `no route can lead to ${routerInstanceId}, which is not an EC2 instance`
		: `EC2 shows no network interface of the router ${routerInstanceId}`;

/** Every remote block of every connection, in every table that is given to us. */
export const wantedRoutes = ({ slots, routeTableIds }: Pick<Vpc, 'slots' | 'routeTableIds'>): OwnRoute[] =>
	Object.entries(slots).flatMap(([connectionId, { remoteCidrs }]) =>
		routeTableIds.flatMap((tableId) => remoteCidrs.map((cidr) => ({ connectionId, tableId, cidr }))),
	);

const routesTo = (table: RouteTable | undefined, cidr: string): TableRoute[] =>
	(table?.routes ?? []).filter((route) => route.cidr === cidr);

export const within = (routes: readonly OwnRoute[]): ((route: OwnRoute) => boolean) => {
	const keys = new Set(routes.map(routeKey));
	return (route) => keys.has(routeKey(route));
};

export const uniqueRoutes = (routes: readonly OwnRoute[]): OwnRoute[] => [
	...new Map(
		routes.map(({ connectionId, tableId, cidr }) => [routeKey({ connectionId, tableId, cidr }), { connectionId, tableId, cidr }]),
	).values(),
];
