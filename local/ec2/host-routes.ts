import type { Lab } from '../lab/lab.ts';
import { instanceOfInterface, type LocalTable } from './route-tables.ts';

/** The address of the lab's router in its VPC. */
const router = '10.1.0.1';
/** Marks the routes of tables among those of the host. */
const protocol = 250;

type Fleet = { labOf(instanceId: string): Promise<Lab | undefined> };

/**
 * On the lab, a table is the routes of the VPC's host: packets go where the table says, and to nowhere else. A route that leads to
 * anything but the router ends there, since the lab has nothing else.
 */
export const hostRoutes = (fleet: Fleet) => {
	const labs = new Map<string, Lab>();
	return async (tableId: string, { routes }: LocalTable): Promise<void> => {
		for (const { target } of routes) {
			const lab = target.startsWith('eni-') ? await fleet.labOf(instanceOfInterface(target)) : undefined;
			if (lab !== undefined) labs.set(tableId, lab);
		}
		const lab = labs.get(tableId);
		if (lab === undefined) return;
		const lines = routes
			.filter(({ target }) => target !== 'local')
			.map(({ cidr, target }) =>
				target.startsWith('eni-')
					? `ip route replace ${cidr} via ${router} proto ${protocol}`
					: `ip route replace unreachable ${cidr} proto ${protocol}`,
			);
		await lab.sh('host', [`ip route flush proto ${protocol}`, 'ip route del default 2>/dev/null || true', ...lines].join('; '));
	};
};
