import { connectionAlert } from '../alerts/owed-alert.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import { type ConnectionChange, type Decision, type EventDraft, nothing } from '../model/decision.ts';
import { connectionEvent } from '../model/event-of.ts';
import { isMuted } from '../model/is-muted.ts';
import { listOfRoutes, type OwnRoute, routesOfList } from '../model/route-table.ts';
import { stateReason } from '../model/state-reason.ts';
import type { Vpc } from '../model/vpc.ts';
import type { StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { nextRetry } from './retry.ts';
import { type RouteFault, type RoutePlan, uniqueRoutes, within } from './route-plan.ts';

type Around = {
	vpc: Vpc;
	connections: readonly VpnConnection[];
	customerGateways: readonly CustomerGateway[];
	plan: RoutePlan;
	now: Date;
	docsBaseUrl?: string;
};

/**
 * Written before EC2 is asked for anything: what is about to be made, so that it is found again whatever happens, and whose routes
 * somebody has removed. That is told at once: by the time of the next check they are back.
 */
export const beginRoutes = ({ vpc, connections, customerGateways, plan, now, docsBaseUrl }: Around): Decision => {
	const { create, replace, missing, target } = plan;
	const isMissing = within(missing);
	const next = routesAs(vpc, {
		routes: listOfRoutes(vpc.routes).filter((route) => !isMissing(route)),
		routesBegun: uniqueRoutes([...listOfRoutes(vpc.routesBegun), ...create, ...replace]),
		routeTargets: [...(vpc.routeTargets ?? []), ...(target !== undefined && create.length + replace.length > 0 ? [target] : [])],
	});
	const changes = connections.flatMap((current): { change: ConnectionChange; event: EventDraft }[] => {
		const lost = missing.filter(({ connectionId }) => connectionId === current.id);
		if (lost.length === 0) return [];
		const detail = listed(lost.map(({ tableId, cidr }) => `${tableId} had lost the route to ${cidr}`));
		const { state, notified, flappingSince } = current;
		const tells = state === 'Connected' && notified === 'up' && flappingSince === undefined && !isMuted(current, now);
		const after: VpnConnection = {
			...current,
			routeTrouble: stateReason('route-missing', { detail }),
			...(tells ? { notified: 'degraded', degradedSince: now.toISOString() } : {}),
			updatedAt: now.toISOString(),
		};
		const customerGateway = customerGateways.find(({ id }) => id === current.customerGatewayId);
		const alert = tells ? connectionAlert({ current, next: after, vpc, customerGateway, now, docsBaseUrl }) : undefined;
		return [{ change: { current, next: after }, event: routeEvent(current, { next: after, detail, alert, now }) }];
	});
	return {
		...nothing,
		vpc: next === undefined ? undefined : { ...next, updatedAt: now.toISOString() },
		connections: changes.map(({ change }) => change),
		events: changes.map(({ event }) => event),
		alerts: changes.some(({ event }) => event.alert !== undefined),
	};
};

/** What became of the plan. */
export type RouteOutcome = {
	/** Those that were created, moved or removed. */
	done: readonly OwnRoute[];
	/** Those that EC2 refused, and why. */
	refused: readonly (OwnRoute & { detail: string })[];
	/** Those that have to wait until the account may change routes again. */
	left: readonly OwnRoute[];
};

/** Written afterwards: which routes there are, what is wrong with them, and when to look again where something is unfinished. */
export const settleRoutes = ({
	vpc,
	connections,
	plan,
	outcome,
	now,
}: Omit<Around, 'customerGateways'> & { outcome: RouteOutcome }): Decision => {
	const isDone = within(outcome.done);
	const isKept = within(plan.kept);
	const before = listOfRoutes(vpc.routes);
	/** Of those that could not be moved or removed, each is still where it was. */
	const stuck = [...plan.replace, ...plan.remove].filter((route) => !isDone(route));
	const created = plan.create.filter(isDone);
	const made = uniqueRoutes([...plan.right, ...created, ...plan.replace.filter(isDone), ...stuck, ...before.filter(isKept)]);
	const faults: RouteFault[] = [
		...plan.faults,
		...outcome.refused.map((one) => ({ ...one, code: 'route-refused' as const, detail: `${one.tableId}: ${one.detail}` })),
	];
	const waits = outcome.left.length > 0;
	const unfinished = waits || faults.length > 0 || stuck.length > 0 || connections.some(isWaiting);
	const changed = routesAs(vpc, {
		routes: made,
		routesBegun: listOfRoutes(vpc.routesBegun).filter(isKept),
		routeTargets: targetsAfter(vpc, { plan, stuck, made }),
	});
	// What waits has not failed.
	const retry = unfinished ? nextRetry(waits ? undefined : vpc.routeRetry, now) : undefined;
	const next = changed ?? (retry === vpc.routeRetry ? undefined : vpc);
	const wasMade = within(before);
	const changes = connections.flatMap((current) => {
		const gained = [...plan.right, ...created].filter((route) => route.connectionId === current.id && !wasMade(route));
		return changeOf(current, { faults, gained, isWaiting: isWaiting(current), now }) ?? [];
	});
	return {
		...nothing,
		vpc: next === undefined ? undefined : { ...next, routeRetry: retry, updatedAt: now.toISOString() },
		connections: changes.flatMap(({ change }) => change ?? []),
		events: changes.map(({ event }) => event),
	};
};

/** The router has yet to take it, or to drop it. */
const isWaiting = ({ state, stateReason: reason }: VpnConnection): boolean =>
	state === 'Pending' || state === 'Deleting' || (state === 'Error' && reason?.kind === 'transient');

type Found = { faults: readonly RouteFault[]; gained: readonly OwnRoute[]; isWaiting: boolean; now: Date };

const changeOf = (
	current: VpnConnection,
	{ faults, gained, isWaiting: waits, now }: Found,
): { change?: ConnectionChange; event: EventDraft } | undefined => {
	const own = faults.filter(({ connectionId }) => connectionId === current.id);
	const routeTrouble = waits ? current.routeTrouble : troubleOf(own);
	const same = routeTrouble?.code === current.routeTrouble?.code && routeTrouble?.detail === current.routeTrouble?.detail;
	if (same && gained.length === 0) return undefined;
	const next: VpnConnection = { ...current, routeTrouble, updatedAt: now.toISOString() };
	const detail = routeTrouble?.detail ?? listed(gained.map(({ tableId, cidr }) => `${tableId} routes ${cidr} to the router`));
	return {
		...(same ? {} : { change: { current, next } }),
		event: routeEvent(current, { next, detail, now }),
	};
};

/** A foreign route has to be seen to by somebody, whatever else is wrong. */
const troubleOf = (faults: readonly RouteFault[]): StateReason | undefined => {
	const [first] = faults.toSorted((a, b) => (a.code < b.code ? -1 : Number(a.code > b.code)));
	if (first === undefined) return undefined;
	const details = faults.filter(({ code }) => code === first.code).map(({ detail }) => detail);
	return stateReason(first.code, { detail: listed([...new Set(details)]) });
};

type Happened = { next: VpnConnection; detail: string; alert?: EventDraft['alert']; now: Date };

const routeEvent = (current: VpnConnection, { next, detail, alert, now }: Happened): EventDraft =>
	connectionEvent(current, {
		who: 'reconcile',
		kind: 'route',
		from: current.routeTrouble?.code,
		to: next.routeTrouble?.code ?? 'routed',
		why: next.routeTrouble?.code,
		detail,
		alert,
		now,
	});

/** A connection may have ten blocks in ten tables. */
const mostListed = 5;
const listed = (texts: readonly string[]): string =>
	texts.length <= mostListed
		? texts.join('; ')
		: `${texts.slice(0, mostListed).join('; ')}; and ${texts.length - mostListed} more`;

type After = { plan: RoutePlan; stuck: readonly OwnRoute[]; made: readonly OwnRoute[] };

/** A former router's interface is known until none of our routes may lead to it any more. */
const targetsAfter = ({ routeTargets = [] }: Vpc, { plan, stuck, made }: After): string[] => {
	if (made.length + plan.kept.length === 0) return [];
	const current = plan.target === undefined ? [] : [plan.target];
	return stuck.length + plan.kept.length + plan.faults.length > 0 ? [...routeTargets, ...current] : current;
};

type Known = { routes: readonly OwnRoute[]; routesBegun: readonly OwnRoute[]; routeTargets: readonly string[] };

/** The row with these routes; undefined if it has them already. */
const routesAs = (vpc: Vpc, { routes, routesBegun, routeTargets }: Known): Vpc | undefined => {
	const targets = [...new Set(routeTargets)].sort();
	const known = {
		routes: routesOfList(routes),
		routesBegun: routesOfList(routesBegun),
		routeTargets: targets.length === 0 ? undefined : targets,
	};
	const before = { routes: vpc.routes, routesBegun: vpc.routesBegun, routeTargets: vpc.routeTargets };
	return JSON.stringify(known) === JSON.stringify(before) ? undefined : { ...vpc, ...known };
};
