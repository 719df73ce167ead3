import { chunks } from '../../chunks.ts';
import { type Decision, isNothing } from '../../domain/model/decision.ts';
import { listOfRoutes, type OwnRoute } from '../../domain/model/route-table.ts';
import { hasRoutes, routesChanged } from '../../domain/model/vpc.ts';
import { nextRetry } from '../../domain/monitoring/retry.ts';
import { planRoutes, type RoutePlan } from '../../domain/monitoring/route-plan.ts';
import { beginRoutes, type RouteOutcome, settleRoutes } from '../../domain/monitoring/settle-routes.ts';
import type { Ports, RouteDone } from '../../ports.ts';
import { hintAlert } from '../shared/hint-alert.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { countInMinute } from '../shared/share-of-minute.ts';
import { decisionWrites } from './decision-writes.ts';
import { readRouter, type WholeRouterRows } from './read-router.ts';

/** So many calls at once: EC2 throttles bursts of changes. */
const mostCalls = 5;
/**
 * Routes of an account that are made or removed in a minute. EC2 takes some five such calls a second for the whole AWS account, and a
 * customer gateway may have ten blocks, changed as often as its router answers, in ten tables. A move to another router is an admin's.
 */
const mostChanges = 120;

/** Makes the VPC's route tables lead to its router what its connections reach, and to nowhere what they no longer do. */
export const reconcileRoutes = (ports: Ports, vpcId: string): Promise<void> =>
	retryOnStaleRead(async () => {
		const { store, routeTables, clock, log, settings } = ports;
		const rows = await readRouter(store, vpcId);
		if (rows === undefined || !hasRoutes(rows.vpc)) return;
		const { vpc } = rows;
		const known = [...listOfRoutes(vpc.routes), ...listOfRoutes(vpc.routesBegun)].map(({ tableId }) => tableId);
		const tableIds = [...new Set([...vpc.routeTableIds, ...known])];
		const seen = await routeTables.read({ tableIds, instanceId: vpc.routerInstanceId });
		if ('refused' in seen) {
			log.warn('route tables not read', { vpcId, why: seen.refused });
			const now = clock();
			const next = { ...vpc, routeRetry: nextRetry(vpc.routeRetry, now), updatedAt: now.toISOString() };
			return store.transact([{ put: 'vpcs', next, current: vpc }]);
		}
		const plan = planRoutes(rows, seen);
		const begun = beginRoutes({ ...rows, plan, now: clock(), docsBaseUrl: settings.docsBaseUrl });
		if (!isNothing(begun)) await store.transact(decisionWrites(begun, rows, ports));
		if (begun.alerts) await hintAlert(ports, vpc.accountId);
		const outcome = await carryOut(ports, plan, vpc.accountId);
		for (const { detail, ...route } of outcome.refused) log.warn('route refused', { vpcId, ...route, why: detail });
		const current = rowsAfter(rows, begun);
		const settled = settleRoutes({ ...current, plan, outcome, now: clock() });
		if (!isNothing(settled)) await store.transact(decisionWrites(settled, current, ports));
	});

/** Has the tick hint the VPC until its route tables have been looked at. */
export const lookLater = ({ store, clock }: Ports, vpcId: string): Promise<void> =>
	retryOnStaleRead(async () => {
		const current = await store.get('vpcs', vpcId);
		if (current === undefined || current.routeRetry !== undefined) return;
		await store.transact([{ put: 'vpcs', next: routesChanged(current, clock()), current }]);
	});

/** The rows as the transaction has left them, if nobody has changed them since. */
const rowsAfter = (rows: WholeRouterRows, { vpc, connections }: Decision): WholeRouterRows => ({
	...rows,
	vpc: vpc === undefined ? rows.vpc : { ...vpc, rev: rows.vpc.rev + 1 },
	connections: rows.connections.map((row) => {
		const next = connections.find(({ current }) => current === row)?.next;
		return next === undefined ? row : { ...next, rev: row.rev + 1 };
	}),
});

/** Removes first, since a table holds only so many routes. */
const carryOut = async (
	ports: Ports,
	{ remove, replace, create, target = '' }: RoutePlan,
	accountId: string,
): Promise<RouteOutcome> => {
	const { routeTables } = ports;
	const done: OwnRoute[] = [];
	const left: OwnRoute[] = [];
	const inShare = (call: (route: OwnRoute) => Promise<RouteDone>) => async (route: OwnRoute) => {
		const nextMinute = await countInMinute(ports, { accountId, counted: 'routes', most: mostChanges });
		return nextMinute === undefined ? call(route) : undefined;
	};
	const refused: (OwnRoute & { detail: string })[] = [];
	const each = async (routes: readonly OwnRoute[], call: (route: OwnRoute) => Promise<RouteDone | undefined>) => {
		for (const some of chunks(routes, mostCalls)) {
			await Promise.all(
				some.map(async (route) => {
					const answer = await call(route);
					if (answer === undefined) left.push(route);
					else if ('done' in answer) done.push(route);
					else refused.push({ ...route, detail: answer.refused });
				}),
			);
		}
	};
	await each(
		remove,
		inShare((route) => routeTables.remove(route)),
	);
	await each(replace, (route) => routeTables.replace(route, target));
	await each(
		create,
		inShare((route) => routeTables.create(route, target)),
	);
	return { done, refused, left };
};
