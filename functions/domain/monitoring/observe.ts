import { type Alerting, defaultAlerting } from '../alerts/alerting.ts';
import { type FlapChange, flappingAfter } from '../alerts/flapping.ts';
import { type CheckedHealth, nextNotification } from '../alerts/notified-health.ts';
import { connectionAlert, isMuted } from '../alerts/owed-alert.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import { type Decision, type EventDraft, nothing } from '../model/decision.ts';
import { reasons } from '../model/reasons.ts';
import type { ConnectionReport, RouterReport } from '../model/report.ts';
import type { RouterAnswer } from '../model/router-answer.ts';
import { stateReason } from '../model/state-reason.ts';
import { bumpGeneration, type Vpc } from '../model/vpc.ts';
import type { Observed, StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { unsupportedBy } from '../rules/router-capabilities.ts';
import { isDue } from './due.ts';
import { healthOfPairs } from './health.ts';
import { intervalsSince } from './intervals-since.ts';
import { keyTrials } from './key-trials.ts';
import { nextRouterFacts, routerAnswered, routerSilent } from './router-watch.ts';
import { transition } from './transitions.ts';

export type Observation = {
	vpc: Vpc;
	/** The rows of the VPC's slots. */
	connections: readonly VpnConnection[];
	/** For names and peers in the alerts. */
	customerGateways?: readonly CustomerGateway[];
	answer: RouterAnswer;
	now: Date;
	intervalSeconds: number;
	alerting?: Alerting;
	docsBaseUrl?: string;
};

/** What one check of a router means: level-triggered, so that the same answer twice changes nothing the second time. */
export const observe = (observation: Observation): Decision => {
	const { vpc, answer } = observation;
	if (!isDue(vpc)) return nothing;
	if ('silence' in answer) return routerSilent({ ...observation, silence: answer.silence });
	const { report } = answer;
	const router = routerAnswered(observation);
	if (report.busy) return router;
	const facts = nextRouterFacts(vpc.router, report, observation.now);
	const watched = facts === vpc.router ? router : { ...router, vpc: { ...(router.vpc ?? touched(observation)), router: facts } };
	const hint = router.reconcile || wantsReconcile(vpc, report);
	if (!isOurs(vpc, report)) return { ...watched, reconcile: true };
	const looks = observation.connections
		.filter(({ state }) => state === 'Connected' || state === 'Disconnected')
		.map((connection) => look(connection, observation, report));
	// One event a connection: where this check has another already, the trial of a key ends with the next.
	const quiet = looks.filter(({ event }) => event === undefined).map(({ item }) => item);
	const trials = keyTrials(quiet, observation);
	const changes = looks.map(({ was, item }) => ({ was, item: trials.connections.get(was.id) ?? item }));
	const events = [...watched.events, ...looks.flatMap(({ event }) => event ?? []), ...trials.events];
	return {
		...watched,
		...(trials.failed ? { vpc: bumpGeneration(watched.vpc ?? vpc, observation.now) } : {}),
		connections: changes.filter(({ was, item }) => item !== was),
		customerGateways: trials.customerGateways,
		events,
		reconcile: hint || trials.failed || looks.some(({ reconcile }) => reconcile),
		alerts: events.some(({ alert }) => alert !== undefined),
	};
};

const touched = ({ vpc, now }: Observation): Vpc => ({ ...vpc, updatedAt: now.toISOString() });

/**
 * Connections that are not Pending are the same in the applied generation and in one that is on its way. What a report of
 * any other generation says is about another configuration.
 */
const isOurs = (vpc: Vpc, { revision }: RouterReport): boolean =>
	typeof revision === 'string' || revision.generation === vpc.generation || revision.generation === vpc.appliedGeneration;

const wantsReconcile = (vpc: Vpc, { revision, packetRules, boot }: RouterReport): boolean =>
	typeof revision === 'string' ||
	revision.generation !== vpc.generation ||
	packetRules === 'missing' ||
	(vpc.router !== undefined && vpc.router.boot !== boot);

type Look = { was: VpnConnection; item: VpnConnection; event?: EventDraft; reconcile: boolean };

const look = (was: VpnConnection, observation: Observation, report: RouterReport): Look => {
	const { vpc, now, customerGateways, docsBaseUrl } = observation;
	const customerGateway = customerGateways?.find(({ id }) => id === was.customerGatewayId);
	const line = report.connections.find(({ connectionId }) => connectionId === was.id);
	const seen = line === undefined ? unnamed(was, observation, report) : named(line);
	const item = after(was, { seen, observation });
	const reconcile = seen.reason?.code === 'config-not-applied' || seen.reason?.kind === 'transient';
	if (item === was) return { was, item, reconcile };
	const flap = flapOf(was, item);
	const notification = nextNotification(was.notified, found(item, observation));
	const alerts = flap !== 'none' || (notification.alert && item.flappingSince === undefined);
	const event: EventDraft | undefined =
		item.state === was.state && item.notified === was.notified && flap === 'none'
			? undefined
			: {
					connectionId: was.id,
					accountId: was.accountId,
					vpcId: vpc.id,
					at: now.toISOString(),
					who: 'check',
					kind: item.state === was.state ? 'notified' : 'state',
					from: item.state === was.state ? was.notified : was.state,
					to: item.state === was.state ? item.notified : item.state,
					why: item.stateReason?.code,
					detail: item.stateReason?.detail,
					alert: alerts ? connectionAlert({ was, item, vpc, customerGateway, now, docsBaseUrl, flap }) : undefined,
				};
	return { was, item, event, reconcile };
};

type Seen = { up: boolean[]; reason?: StateReason; observed: Pick<Observed, 'up' | 'reason' | 'candidates'> };

const named = ({ up, reasons: [code, ...candidates] }: ConnectionReport): Seen => ({
	up,
	reason: code && stateReason(code, { candidates }),
	observed: { up, reason: code, candidates },
});

/** Drift, unless it was left out of the bundle since this router cannot do it: pushing again would not help then. */
const unnamed = (connection: VpnConnection, { vpc, customerGateways }: Observation, report: RouterReport): Seen => {
	const customerGateway = customerGateways?.find(({ id }) => id === connection.customerGatewayId);
	const initiates = !connection.passive && customerGateway?.gateway !== 'any';
	const detail = customerGateway && unsupportedBy(report, customerGateway, { initiates });
	const code = detail === undefined ? 'config-not-applied' : 'unsupported-by-router';
	const pairs = vpc.slots[connection.id]?.remoteCidrs.length ?? connection.observed?.up.length ?? 1;
	const up = Array<boolean>(pairs).fill(false);
	return { up, reason: stateReason(code, { detail }), observed: { up, reason: code, candidates: [] } };
};

const sameObserved = (a: Observed | undefined, b: Seen['observed']): a is Observed =>
	a !== undefined && a.up.join() === b.up.join() && a.reason === b.reason && a.candidates.join() === b.candidates.join();

const found = (connection: VpnConnection, { alerting = defaultAlerting, ...check }: Observation): CheckedHealth => {
	const { observed, degradedSince, stateChangedAt } = connection;
	return {
		health: healthOfPairs(observed?.up ?? [], observed?.reason),
		lasting: degradedSince !== undefined && intervalsSince(degradedSince, check) >= 1,
		confirmed: intervalsSince(stateChangedAt, check) >= alerting.afterChecks - 1,
		muted: isMuted(connection, check.now),
	};
};

const flapOf = (was: VpnConnection, item: VpnConnection): FlapChange => {
	if (was.flappingSince === item.flappingSince) return 'none';
	return item.flappingSince === undefined ? 'settles' : 'begins';
};

/** The connection as it is to be, or itself where nothing but bytes has changed. */
const after = (was: VpnConnection, { seen, observation }: { seen: Seen; observation: Observation }): VpnConnection => {
	const { now } = observation;
	const at = now.toISOString();
	const health = healthOfPairs(seen.up, seen.reason?.code);
	const state = health === 'down' ? 'Disconnected' : 'Connected';
	const same = sameObserved(was.observed, seen.observed);
	const reason = seen.reason && { ...seen.reason, kind: reasons[seen.reason.code].kind };
	const placed =
		state === was.state
			? { ...was, stateReason: same ? was.stateReason : reason }
			: transition(was, state, { now, reason, who: 'check' });
	const item: VpnConnection = {
		...placed,
		observed: same ? was.observed : { ...seen.observed, observedAt: at },
		degradedSince: health === 'degraded' ? (was.degradedSince ?? at) : undefined,
		downSince: health === 'down' ? (was.downSince ?? at) : health === 'up' ? undefined : was.downSince,
		updatedAt: at,
	};
	item.notified = nextNotification(was.notified, found(item, observation)).notified;
	if (!isMuted(was, now)) {
		const { lossTimes, flappingSince } = flappingAfter({ was, state, now, alerting: observation.alerting ?? defaultAlerting });
		Object.assign(item, { lossTimes, flappingSince });
	}
	const changed =
		state !== was.state ||
		!same ||
		item.notified !== was.notified ||
		item.degradedSince !== was.degradedSince ||
		item.flappingSince !== was.flappingSince;
	return changed ? item : was;
};
