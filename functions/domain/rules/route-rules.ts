import type { Refusal } from '../model/problem-kind.ts';
import { listOfRoutes, type RouteTable } from '../model/route-table.ts';
import type { Vpc } from '../model/vpc.ts';

type Request = {
	/** With the slot that is to be added, or as it is to be changed. */
	vpc: Pick<Vpc, 'slots' | 'routeTableIds' | 'routes' | 'routesBegun'>;
	tables: readonly RouteTable[];
	limit: number;
};

/**
 * Whether every table has room for the routes of all connections, those included that are yet to be made. Propagated routes have a quota
 * of their own.
 */
export const routesFit = ({ vpc, tables, limit }: Request): Refusal | undefined => {
	const wanted = new Set(Object.values(vpc.slots).flatMap(({ remoteCidrs }) => remoteCidrs));
	const ours = new Set(
		[...listOfRoutes(vpc.routes), ...listOfRoutes(vpc.routesBegun)].map(({ tableId, cidr }) => `${tableId} ${cidr}`),
	);
	for (const { id, routes } of tables.filter((table) => vpc.routeTableIds.includes(table.id))) {
		const others = routes.filter(({ cidr, propagated }) => !propagated && !wanted.has(cidr) && !ours.has(`${id} ${cidr}`));
		if (others.length + wanted.size <= limit) continue;
		const detail = `${id} holds ${others.length} other routes, and the connections of the VPC would need ${wanted.size}; the limit is ${limit}: remove routes from the table, or have its limit raised`;
		return { problem: 'too-many-routes', detail };
	}
	return undefined;
};
