import type { Vpc } from '../../domain/model/vpc.ts';
import { routesFit } from '../../domain/rules/route-rules.ts';
import type { Ports } from '../../ports.ts';
import { throwIfRefused } from './problem-error.ts';

/** Tables that cannot be read refuse nothing here: what they have no room for is told of the connection. */
export const throwIfTablesAreFull = async ({ routeTables, settings }: Ports, vpc: Vpc): Promise<void> => {
	const { routeTableIds: tableIds, routerInstanceId: instanceId } = vpc;
	if (tableIds.length === 0) return;
	const seen = await routeTables.read({ tableIds, instanceId });
	if ('tables' in seen) throwIfRefused(routesFit({ vpc, tables: seen.tables, limit: settings.routesPerTable }));
};
