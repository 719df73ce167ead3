import type { ChangePlan } from '../model/change-plan.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import { listOfRoutes } from '../model/route-table.ts';
import { slotOf, type Vpc } from '../model/vpc.ts';
import { wantedRoutes, within } from './route-plan.ts';

/** What a change of its customer gateway does to a connection's routes. Of those that are there only the ones that we have made go. */
export const routesOfChange = (vpc: Vpc, connectionId: string, next: CustomerGateway): NonNullable<ChangePlan['routes']> => {
	const after = wantedRoutes({ ...vpc, slots: { [connectionId]: slotOf(next) } });
	const isBefore = within(wantedRoutes(vpc));
	const isAfter = within(after);
	const made = listOfRoutes(vpc.routes).filter((route) => route.connectionId === connectionId);
	return [
		...after.filter((route) => !isBefore(route)).map((route) => ({ ...route, effect: 'comes' as const })),
		...made.filter((route) => !isAfter(route)).map((route) => ({ ...route, effect: 'goes' as const })),
	].map(({ tableId, cidr, effect }) => ({ routeTableId: tableId, cidr, effect }));
};
