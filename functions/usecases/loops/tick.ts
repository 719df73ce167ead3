import type { DueVpc } from '../../domain/model/vpc.ts';
import { indexShards, type Ports } from '../../ports.ts';
import { hintReconcile } from '../shared/hint.ts';
import { hintAlert } from '../shared/hint-alert.ts';
import { finishIntents } from './finish-intents.ts';

/** Run Command takes 50 instances a call. */
const mostRouters = 50;
const minuteSeconds = 60;
/** Checks are spread since Systems Manager throttles what comes at once; the last part of an interval is for their answers. */
const spreadPart = 2 / 3;
/** A check makes two or three calls, and all of them together may make 25 a second: a larger fleet takes more of the interval. */
const mostChecksASecond = 10;
/** The Scheduler may deliver a minute twice, and Lambda may take it twice; neither does so after an hour. */
const retoldForSeconds = 3_600;
/** Long enough that a hint on its way is not doubled. */
const owedForMs = 60_000;

/**
 * Once a minute, since EventBridge ticks no faster: enqueues the checks of that minute, the later ones delayed by the interval,
 * and hints again whatever is unfinished. Silent routers go into checks of their own, so that they delay nobody, and those that Run
 * Command refuses each alone.
 * A minute that is told again (`scheduledAt`, as the Scheduler names it) has had its checks; without one it is a tick by hand, whose first checks are made
 * at once.
 */
export const tick = async (ports: Ports, { scheduledAt }: { scheduledAt?: string } = {}): Promise<void> => {
	const { store, queues, events, control, clock, log, settings } = ports;
	const now = clock();
	if (scheduledAt !== undefined && !(await control.takeTurn(`tick#${scheduledAt}`, now, retoldForSeconds))) {
		return log.warn('minute told again', { scheduledAt });
	}
	const shards = Array.from({ length: indexShards }, (_, shard) => shard);
	const due = (await Promise.all(shards.map((shard) => store.dueVpcs(shard)))).flat();
	// The silent ones first: their checks wait the longest.
	const groups = [
		...due.filter(isRefused).map((vpc) => [vpc]),
		...chunks(due.filter((vpc) => vpc.silentSince !== undefined && !isRefused(vpc))),
		...chunks(due.filter(({ silentSince }) => silentSince === undefined)),
	];
	const { checkIntervalSeconds: interval } = settings;
	const spread =
		scheduledAt === undefined ? 0 : Math.min(interval, Math.max(interval * spreadPart, groups.length / mostChecksASecond));
	const rounds = Array.from({ length: minuteSeconds / interval }, (_, round) => round * interval);
	await queues.check(
		rounds.flatMap((begin) =>
			groups.map((group, n) => {
				const delaySeconds = begin + Math.floor((n * spread) / groups.length);
				const tickAt = new Date(now.getTime() + delaySeconds * 1_000).toISOString();
				return { message: { vpcIds: group.map(({ id }) => id), tickAt }, delaySeconds };
			}),
		),
	);
	const dirty = (await Promise.all(shards.map((shard) => store.dirtyVpcs(shard)))).flat();
	for (const vpcId of dirty) await hintReconcile(ports, vpcId, { ifBehind: true });
	const owed = await events.accountsOwed(new Date(now.getTime() - owedForMs).toISOString());
	for (const accountId of owed) await hintAlert(ports, accountId);
	await finishIntents(ports);
	ports.metrics.count('Ticks', 1);
};

/** Run Command refuses the whole call because of such a one: it is asked alone. */
const isRefused = ({ silence }: DueVpc): boolean => silence?.code === 'not-managed';

const chunks = <T>(items: readonly T[]): T[][] =>
	Array.from({ length: Math.ceil(items.length / mostRouters) }, (_, n) => items.slice(n * mostRouters, (n + 1) * mostRouters));
