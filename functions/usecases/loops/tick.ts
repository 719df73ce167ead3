import { chunks } from '../../chunks.ts';
import type { DueVpc } from '../../domain/model/vpc.ts';
import { routeMinutes } from '../../domain/monitoring/due.ts';
import { indexShards, type Ports } from '../../ports.ts';
import { throwAll } from '../../several-errors.ts';
import { hintReconciles } from '../shared/hint.ts';
import { hintAlerts } from '../shared/hint-alert.ts';
import { finishIntents } from './finish-intents.ts';

/** Run Command takes 50 instances per call. */
const mostRouters = 50;
const minuteSeconds = 60;
/** Checks are spread out because Systems Manager throttles bursts; the last part of an interval is for their answers. */
const spreadPart = 2 / 3;
/** A check makes two or three calls, and 25 calls a second are allowed in all: a larger fleet uses more of the interval. */
const mostChecksPerSecond = 10;
/** The Scheduler may deliver a minute twice, and Lambda may run it twice, but neither does so an hour later. */
const mayRepeatForSeconds = 3_600;
/** Long enough that an alert whose hint is still on its way is not hinted again. */
const owedForMs = 60_000;

/**
 * Runs once a minute, since EventBridge ticks no faster: enqueues the checks of that minute, the later ones delayed by the
 * interval, and hints whatever is unfinished again. Silent routers are checked apart from the others, so that they do not delay
 * them; routers that Run Command refuses are checked one by one. A minute (`scheduledAt`, as the Scheduler names it) that is
 * delivered again does nothing; a tick without one was made by hand, and its first checks run at once.
 */
export const tick = async (ports: Ports, { scheduledAt }: { scheduledAt?: string } = {}): Promise<void> => {
	const { turns, clock, log } = ports;
	const now = clock();
	if (scheduledAt !== undefined && !(await turns.take(`tick#${scheduledAt}`, now, mayRepeatForSeconds))) {
		return log.warn('minute delivered again', { scheduledAt });
	}
	// In order of importance; if one part fails, the others still run.
	const parts = [
		() => enqueueChecks(ports, { now, routes: scheduledAt === undefined ? 'all' : minuteOf(scheduledAt) % routeMinutes }),
		() => hintOwedAlerts(ports, now),
		() => hintDirtyVpcs(ports),
		() => finishIntents(ports),
	];
	const errors: unknown[] = [];
	for (const part of parts) await part().catch((error: unknown) => errors.push(error));
	throwAll(errors, 'parts of the tick');
};

const minuteOf = (at: string): number => Math.floor(Date.parse(at) / (minuteSeconds * 1_000));

const shards = Array.from({ length: indexShards }, (_, shard) => shard);

const enqueueChecks = async (
	{ store, queues, metrics, settings }: Ports,
	{ now, routes }: { now: Date; routes: number | 'all' },
): Promise<void> => {
	const due = (await Promise.all(shards.map((shard) => store.dueVpcs(shard)))).flat();
	// Silent routers come first: their checks wait the longest.
	const groups = [
		...due.filter(isRefused).map((vpc) => [vpc]),
		...chunks(
			due.filter((vpc) => vpc.silentSince !== undefined && !isRefused(vpc)),
			mostRouters,
		),
		...chunks(
			due.filter(({ silentSince }) => silentSince === undefined),
			mostRouters,
		),
	];
	const { checkIntervalSeconds: interval } = settings;
	const spread = routes === 'all' ? 0 : Math.min(interval, Math.max(interval * spreadPart, groups.length / mostChecksPerSecond));
	const rounds = Array.from({ length: minuteSeconds / interval }, (_, round) => round * interval);
	await queues.check(
		rounds.flatMap((begin) =>
			groups.map((group, n) => {
				const delaySeconds = begin + Math.floor((n * spread) / groups.length);
				const tickAt = new Date(now.getTime() + delaySeconds * 1_000).toISOString();
				const message = { vpcIds: group.map(({ id }) => id), tickAt };
				return { message: begin === 0 ? { ...message, routes } : message, delaySeconds };
			}),
		),
	);
	// The alarm on missing ticks means that no tunnel is watched: a tick counts once its checks are enqueued.
	metrics.count('Ticks', 1);
};

const hintOwedAlerts = async (ports: Ports, now: Date): Promise<void> => {
	const owedBefore = new Date(now.getTime() - owedForMs).toISOString();
	await hintAlerts(ports, await ports.events.accountsOwed(owedBefore));
};

const hintDirtyVpcs = async (ports: Ports): Promise<void> => {
	const dirty = (await Promise.all(shards.map((shard) => ports.store.dirtyVpcs(shard)))).flat();
	await hintReconciles(ports, dirty, { ifBehind: true });
};

/** Run Command refuses a whole call because of one such instance, so it is asked alone. */
const isRefused = ({ silence }: DueVpc): boolean => silence?.code === 'not-managed';
