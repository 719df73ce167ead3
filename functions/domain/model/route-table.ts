import * as z from 'zod';
import { Ipv4Cidr } from './cidr.ts';
import { ConnectionId } from './ids.ts';

export const RouteTableId = z.string().regex(/^rtb-([0-9a-f]{8}|[0-9a-f]{17})$/, 'must be a route table id (rtb-…)');

/** By connection and route table, the remote blocks to which a route of ours leads. */
export const VpcRoutes = z.record(ConnectionId, z.record(RouteTableId, z.array(Ipv4Cidr)));
export type VpcRoutes = z.infer<typeof VpcRoutes>;

/** One route of ours: the connection that it is for, its table and its block. */
export type OwnRoute = { connectionId: string; tableId: string; cidr: string };

/** A route to an IPv4 block as EC2 shows it. `target`: what it leads to, such as `eni-…`, `nat-…` or `local`. */
export type TableRoute = { cidr: string; target: string; propagated: boolean };
export type RouteTable = { id: string; routes: readonly TableRoute[] };

/** What EC2 shows of a VPC: those of the tables that exist, and the network interface of the router, if it has one. */
export type SeenRoutes = { tables: readonly RouteTable[]; target: string | undefined };

export const listOfRoutes = (routes: VpcRoutes | undefined): OwnRoute[] =>
	Object.entries(routes ?? {}).flatMap(([connectionId, tables]) =>
		Object.entries(tables).flatMap(([tableId, cidrs]) => cidrs.map((cidr) => ({ connectionId, tableId, cidr }))),
	);

/** Sorted, each once; undefined if there are none, so that equal routes are equal JSON. */
export const routesOfList = (list: readonly OwnRoute[]): VpcRoutes | undefined => {
	const routes: VpcRoutes = {};
	for (const { connectionId, tableId, cidr } of [...list].sort((a, b) => (routeKey(a) < routeKey(b) ? -1 : 1))) {
		const tables = routes[connectionId] ?? {};
		routes[connectionId] = { ...tables, [tableId]: [...new Set([...(tables[tableId] ?? []), cidr])] };
	}
	return list.length === 0 ? undefined : routes;
};

export const routeKey = ({ connectionId, tableId, cidr }: OwnRoute): string => `${connectionId} ${tableId} ${cidr}`;
