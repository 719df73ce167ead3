import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { Ipv4Cidr } from '../../functions/domain/model/cidr.ts';
import { QueryError } from '../query-protocol.ts';
import { readJson } from '../read-json.ts';
import type { Instance } from '../routers/instance.ts';
import { writeDurably } from '../write-durably.ts';

const Target = z.string().regex(/^(local|[a-z]+-[0-9a-f]+)$/, 'must be local or an id such as nat-0a1b2c3d');
const StoredRoute = z.strictObject({ cidr: z.union([Ipv4Cidr, z.literal('0.0.0.0/0')]), target: Target });

/** What of a route table can be set from outside. */
export const TableSteering = z
	.strictObject({ tags: z.record(z.string(), z.string()), routes: z.array(StoredRoute), exists: z.boolean() })
	.partial();
export type TableSteering = z.infer<typeof TableSteering>;
export type LocalTable = Required<TableSteering>;

/** As the deployment guide has a table made: ours to change, and empty. */
const newTable: LocalTable = { tags: { 's2s:routes': 'true' }, routes: [], exists: true };

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: non-propagated routes. */
const mostRoutes = 50;

export const interfaceOf = (instanceId: string): string => `eni-${instanceId.slice(2)}`;
export const instanceOfInterface = (target: string): string => target.replace(/^eni-/, 'i-');

type Options = {
	file: string;
	instanceOf(instanceId: string): Instance;
	/** Makes packets go where the table says, where there are any. */
	changed(id: string, table: LocalTable): Promise<void>;
};
export type LocalRouteTables = ReturnType<typeof localRouteTables>;
type Route = { tableId: string; cidr: string };

/**
 * Route tables as EC2 has them, kept on disk. Like routers, each exists until somebody says otherwise. A change is carried out before it
 * is answered.
 */
export const localRouteTables = ({ file, instanceOf, changed }: Options) => {
	const ready = mkdir(dirname(file), { recursive: true }).then(() => readJson<Record<string, LocalTable>>(file, {}));
	let last: Promise<unknown> = Promise.resolve();
	/** Tables that packets are known to follow: those of an earlier run of the platform may go nowhere. */
	const followed = new Set<string>();

	/** One at a time. */
	const alone = <T>(work: (tables: Record<string, LocalTable>) => Promise<T>): Promise<T> => {
		const done = last.then(async () => work(await ready));
		last = done.catch(() => {});
		return done;
	};
	const put = async (tables: Record<string, LocalTable>, id: string, table: LocalTable): Promise<LocalTable> => {
		tables[id] = table;
		await writeDurably(file, JSON.stringify(tables));
		await changed(id, table);
		followed.add(id);
		return table;
	};
	const existing = (tables: Record<string, LocalTable>, id: string): LocalTable => {
		const table = tables[id] ?? newTable;
		if (!table.exists) throw new QueryError('InvalidRouteTableID.NotFound', `The routeTable ID '${id}' does not exist`);
		return table;
	};
	const throwIfNoInterface = (target: string): void => {
		const { state } = instanceOf(instanceOfInterface(target));
		if (!target.startsWith('eni-') || state === 'gone' || state === 'terminated')
			throw new QueryError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${target}' does not exist`);
	};
	const notFound = ({ tableId, cidr }: Route) =>
		new QueryError('InvalidRoute.NotFound', `no route with destination-cidr-block ${cidr} in route table ${tableId}`);

	return {
		/** Its tags, for whoever decides about a call; none of a table that does not exist. */
		async tagsOf(id: string): Promise<LocalTable['tags']> {
			const table = (await ready)[id] ?? newTable;
			return table.exists ? table.tags : {};
		},
		/** Undefined if it does not exist. */
		read: (id: string): Promise<LocalTable | undefined> =>
			alone(async (tables) => {
				const table = tables[id] ?? newTable;
				if (table.exists && !followed.has(id) && tables[id] !== undefined) {
					await changed(id, table);
					followed.add(id);
				}
				return table.exists ? table : undefined;
			}),
		steer: (id: string, steering: TableSteering): Promise<LocalTable> =>
			alone((tables) => put(tables, id, { ...(tables[id] ?? newTable), ...steering })),
		create: (route: Route & { target: string }): Promise<unknown> =>
			alone(async (tables) => {
				const { tableId, cidr, target } = route;
				const table = existing(tables, tableId);
				throwIfNoInterface(target);
				if (table.routes.some((one) => one.cidr === cidr))
					throw new QueryError('RouteAlreadyExists', `The route identified by ${cidr} already exists.`);
				if (table.routes.length >= mostRoutes)
					throw new QueryError(
						'RouteLimitExceeded',
						`The maximum number of routes (${mostRoutes}) has been reached for ${tableId}.`,
					);
				return put(tables, tableId, { ...table, routes: [...table.routes, { cidr, target }] });
			}),
		replace: (route: Route & { target: string }): Promise<unknown> =>
			alone(async (tables) => {
				const { tableId, cidr, target } = route;
				const table = existing(tables, tableId);
				throwIfNoInterface(target);
				if (!table.routes.some((one) => one.cidr === cidr)) throw notFound(route);
				const routes = table.routes.map((one) => (one.cidr === cidr ? { cidr, target } : one));
				return put(tables, tableId, { ...table, routes });
			}),
		remove: (route: Route): Promise<unknown> =>
			alone(async (tables) => {
				const { tableId, cidr } = route;
				const table = existing(tables, tableId);
				const routes = table.routes.filter((one) => one.cidr !== cidr);
				if (routes.length === table.routes.length) throw notFound(route);
				return put(tables, tableId, { ...table, routes });
			}),
	};
};
