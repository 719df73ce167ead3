import { isNothing } from '../../domain/model/decision.ts';
import type { RouterAnswer } from '../../domain/model/router-answer.ts';
import { hasRoutes } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { isDue, routeMinuteOf } from '../../domain/monitoring/due.ts';
import { observe } from '../../domain/monitoring/observe.ts';
import { unlikeLastCheck } from '../../domain/monitoring/unlike-last-check.ts';
import { type CheckMessage, type Ports, StaleRead } from '../../ports.ts';
import { rejections, throwAll } from '../../several-errors.ts';
import { hintReconcile, hintRoutes } from '../shared/hint.ts';
import { hintAlert } from '../shared/hint-alert.ts';
import { decisionWrites } from './decision-writes.ts';
import { type RouterRows, readWatched } from './read-router.ts';
import { recordUsage } from './record-usage.ts';

/** A message older than this fraction of the interval is dropped: the next check will be more current. */
const freshPart = 0.8;
/** Short enough that a check whose outcome could not be written is repeated within the interval. */
const againAfterSeconds = 3;

const notAsked = { silence: { code: 'not-asked', detail: 'our check of it failed or was late' } } as const;

/**
 * Asks the routers of up to 50 VPCs about their tunnels and writes what has changed. Safe to run twice. A check that fails on our
 * side is no evidence about tunnels: routers that were not asked count as silent. If even that cannot be written, a `redelivered`
 * message that comes too late writes it.
 */
export const checkRouters = async (ports: Ports, message: CheckMessage, { redelivered = false } = {}): Promise<void> => {
	const { vpcIds, tickAt, again = redelivered, routes } = message;
	const { store, routers, clock, log, metrics, settings } = ports;
	const due = async () => (await readWatched(store, vpcIds)).filter(({ vpc }) => isDue(vpc));
	const ageMs = clock().getTime() - Date.parse(tickAt);
	if (ageMs > freshPart * settings.checkIntervalSeconds * 1_000) {
		// If all checks come late, this is the only sign of it.
		metrics.count('CheckLag', ageMs / 1_000);
		log.warn('late check dropped', { vpcs: vpcIds.length, ageSeconds: Math.round(ageMs / 1_000) });
		if (!again) return;
		const written = await Promise.allSettled((await due()).map((rows) => settle(ports, rows, notAsked)));
		return throwAll(rejections(written), 'parts of the check');
	}
	const before = await due();
	if (before.length === 0) return;
	await hintRoutes(
		ports,
		before.filter(({ vpc }) => hasRoutes(vpc) && (routes === 'all' || routes === routeMinuteOf(vpc.id))).map(({ vpc }) => vpc.id),
	);
	const deadlineMs = Math.min(20, settings.checkIntervalSeconds - 3) * 1_000;
	const byRouter = new Map(before.map((rows) => [rows.vpc.routerInstanceId, rows]));
	/** The outcome for each router that answered: an error if it could not be written. */
	const settling = new Map<string, Promise<unknown>>();
	const answered = (instanceId: string, answer: RouterAnswer) => {
		const rows = byRouter.get(instanceId);
		if (rows === undefined) return;
		// One failure must not end the wait for the others.
		settling.set(
			instanceId,
			settle(ports, rows, answer).then(
				() => undefined,
				(error: unknown) => error,
			),
		);
	};
	try {
		const answers = await routers.check([...byRouter.keys()], deadlineMs, answered);
		await Promise.all(settling.values());
		countFindings(ports, { before, answers, tickAt });
	} catch (error) {
		metrics.count('FailedChecks', 1);
		const unasked = before.filter(({ vpc }) => !settling.has(vpc.routerInstanceId));
		const unwritten = rejections(await Promise.allSettled(unasked.map((rows) => settle(ports, rows, notAsked))));
		const written = (await Promise.all(settling.values())).filter((one) => one !== undefined);
		throwAll([error, ...written, ...unwritten], 'parts of the check');
	}
	await tryAgain(ports, { message, before, settling });
};

type Unwritten = { message: CheckMessage; before: readonly RouterRows[]; settling: ReadonlyMap<string, Promise<unknown>> };

/** Only the routers whose outcome could not be written are checked again. */
const tryAgain = async ({ queues, metrics, log }: Ports, { message, before, settling }: Unwritten): Promise<void> => {
	const failed: string[] = [];
	for (const { vpc } of before) {
		const error = await settling.get(vpc.routerInstanceId);
		if (error === undefined) continue;
		failed.push(vpc.id);
		log.error('check not written', { vpcId: vpc.id, error });
	}
	if (failed.length === 0) return;
	metrics.count('FailedChecks', failed.length);
	await queues.check([{ message: { vpcIds: failed, tickAt: message.tickAt, again: true }, delaySeconds: againAfterSeconds }]);
};

const countFindings = (
	{ metrics, clock }: Ports,
	{ before, answers, tickAt }: { before: readonly RouterRows[]; answers: ReadonlyMap<string, RouterAnswer>; tickAt: string },
): void => {
	const states = new Map<string, number>();
	for (const { state } of before.flatMap(({ connections }) => connections)) states.set(state, (states.get(state) ?? 0) + 1);
	for (const [state, count] of states) metrics.count('Connections', count, { State: state });
	const silences = [...answers.values()].flatMap((answer) => ('silence' in answer ? [answer.silence.code] : []));
	metrics.count('UnreachableRouters', silences.length);
	metrics.count('Throttles', silences.filter((code) => code === 'throttled').length);
	metrics.count('CheckLag', (clock().getTime() - Date.parse(tickAt)) / 1_000);
	for (const { vpc, connections } of before) countProbes(metrics, connections, answers.get(vpc.routerInstanceId));
};

/** Those that have one. An alarm on such a number is its owner's to make. */
const countProbes = (
	metrics: Ports['metrics'],
	connections: readonly VpnConnection[],
	answer: RouterAnswer | undefined,
): void => {
	if (answer === undefined || 'silence' in answer || answer.report.busy) return;
	for (const { connectionId, probe } of answer.report.connections) {
		if (probe === undefined || !connections.some((one) => one.id === connectionId && one.probe !== undefined)) continue;
		metrics.count('ProbeLoss', probe.lossPercent, { ConnectionId: connectionId });
		if (probe.rttMs !== undefined) metrics.count('ProbeRoundTrip', probe.rttMs, { ConnectionId: connectionId });
	}
};

/** An outcome is valid only for the rows it was decided on: rows that have changed meanwhile wait for the next check. */
const settle = async (ports: Ports, rows: RouterRows, answer: RouterAnswer): Promise<void> => {
	const { clock, settings, store, log } = ports;
	const { vpc } = rows;
	// Customer gateways are needed only to describe a change or to end the trial of a key: a quiet check does not read them.
	const connections = unlikeLastCheck(rows.connections, answer);
	const customerGateways = await store.getMany(
		'customerGateways',
		connections.map(({ customerGatewayId }) => customerGatewayId),
	);
	const decision = observe({
		vpc,
		connections,
		customerGateways,
		answer,
		now: clock(),
		intervalSeconds: settings.checkIntervalSeconds,
		alerting: settings.alerting,
		docsBaseUrl: settings.docsBaseUrl,
		routerScripts: settings.routerScripts,
	});
	if ('silence' in answer) log.warn('router silent', { vpcId: vpc.id, ...answer.silence });
	if (!isNothing(decision)) {
		try {
			await store.transact(decisionWrites(decision, { vpc, customerGateways }, ports));
		} catch (error) {
			if (!(error instanceof StaleRead)) throw error;
			log.info('check overtaken by a change', { vpcId: vpc.id });
			return;
		}
	}
	// The usage of rows that this check has changed is recorded by the next one.
	if ('report' in answer && !answer.report.busy) {
		const changed = new Set(decision.connections.map(({ current }) => current.id));
		await recordUsage(
			ports,
			rows.connections.filter(({ id }) => !changed.has(id)),
			answer.report,
		);
	}
	if (decision.reconcile) await hintReconcile(ports, vpc.id);
	if (decision.alerts) await hintAlert(ports, vpc.accountId);
};
