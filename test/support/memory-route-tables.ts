import type { RouteDone, RouteOf, RouteTables } from '../../functions/ports.ts';

/** The network interface of an instance, as the memory has it. */
export const interfaceOf = (instanceId: string): string => `eni-${instanceId.slice(2)}`;

/** The route tables of EC2 in memory: by table, the target of each block. A table that is not in it does not exist. */
export const memoryRouteTables = () => {
	const tables = new Map<string, Map<string, string>>();
	const outside = {
		/** What EC2 says to a change, or to a read, instead of doing it. */
		refuses: (_call: keyof RouteTables, _route?: RouteOf): string | undefined => undefined,
		reads: 0,
	};
	const change = async (
		call: 'create' | 'replace' | 'remove',
		route: RouteOf,
		work: (table: Map<string, string>, stands: boolean) => RouteDone,
	): Promise<RouteDone> => {
		const refused = outside.refuses(call, route);
		if (refused !== undefined) return { refused };
		const table = tables.get(route.tableId);
		if (table === undefined) return call === 'remove' ? { done: true } : { refused: 'no such table' };
		return work(table, table.has(route.cidr));
	};
	const routeTables: RouteTables = {
		async read({ tableIds, instanceId }) {
			outside.reads++;
			const refused = outside.refuses('read');
			if (refused !== undefined) return { refused };
			return {
				tables: tableIds.flatMap((id) => {
					const table = tables.get(id);
					if (table === undefined) return [];
					return { id, routes: [...table].map(([cidr, target]) => ({ cidr, target, propagated: false })) };
				}),
				target: instanceId.startsWith('i-') ? interfaceOf(instanceId) : undefined,
			};
		},
		create: (route, target) =>
			change('create', route, (table, stands) => {
				if (stands) return { refused: 'there is a route already' };
				table.set(route.cidr, target);
				return { done: true };
			}),
		replace: (route, target) =>
			change('replace', route, (table, stands) => {
				if (!stands) return { refused: 'there is no such route' };
				table.set(route.cidr, target);
				return { done: true };
			}),
		remove: (route) =>
			change('remove', route, (table) => {
				table.delete(route.cidr);
				return { done: true };
			}),
	};
	return { routeTables, tables, outside };
};
