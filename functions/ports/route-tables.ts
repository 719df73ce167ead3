import type { OwnRoute, SeenRoutes } from '../domain/model/route-table.ts';

/** A route in its table. */
export type RouteOf = Pick<OwnRoute, 'tableId' | 'cidr'>;
/** `refused`: what EC2 said. */
export type RouteDone = { done: true } | { refused: string };

/** The route tables of EC2. Never throws for what EC2 or one of its limits does; throttled calls are tried again. */
export type RouteTables = {
	/** Those of the tables that exist, and the network interface of the instance. */
	read(of: { tableIds: readonly string[]; instanceId: string }): Promise<SeenRoutes | { refused: string }>;
	/** Refused where there is a route for the block already. */
	create(route: RouteOf, target: string): Promise<RouteDone>;
	replace(route: RouteOf, target: string): Promise<RouteDone>;
	/** Also done where there is no such route any more. */
	remove(route: RouteOf): Promise<RouteDone>;
};
