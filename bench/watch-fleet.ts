import { setTimeout as pause } from 'node:timers/promises';
import { defaultChecksAtOnce } from '../cdk/settings.ts';
import { ssmRouterShell } from '../functions/adapters/ssm/ssm-router-shell.ts';
import { defaultAlerting } from '../functions/domain/alerts/alerting.ts';
import { shardOf } from '../functions/domain/monitoring/due.ts';
import type { CheckMessage, Ports, Store, TableName } from '../functions/ports.ts';
import { checkRouters } from '../functions/usecases/loops/check-routers.ts';
import { tick } from '../functions/usecases/loops/tick.ts';
import { percentile } from './clock.ts';
import { aConnection, aVpc, instanceIdOf, quietReport, routerOf, routerOfConnection, vpcIdOf } from './simulated-fleet.ts';
import { simulatedSsm } from './simulated-ssm.ts';

const intervalSeconds = 30;

/** us-east-1, on demand. */
const price = { readUnit: 0.125e-6, sqsCall: 0.4e-6, lambdaCall: 0.2e-6, lambdaGbSecond: 13.3334e-6 };
const lambdaGb = 0.5;
const monthSeconds = 730 * 3_600;
/** A row below 4 kB takes a unit to read, and half of one where the read may lag. */
const unitsARow = { consistent: 1, mayLag: 0.5 };

export type FleetRun = {
	routers: number;
	perRouter: number;
	lost: number;
	messages: number;
	send: number;
	list: number;
	throttled: number;
	unanswered: number;
	/** Routers whose check came too late and was dropped. */
	notAsked: number;
	rowsRead: number;
	writes: number;
	lagP50: number;
	lagP99: number;
	wholeSeconds: number;
	memoryMb: number;
	costAMonth: number;
};

/**
 * One interval of the monitor on a fleet where nothing changes, but that one router in `lostOneIn` gives no answer any more: the real
 * tick, checks and shell against a simulated SSM.
 */
export const watchFleet = async (routers: number, perRouter: number, lostOneIn = Number.POSITIVE_INFINITY): Promise<FleetRun> => {
	const counted = { rowsRead: 0, writes: 0, unanswered: 0, notAsked: 0 };
	let readUnits = 0;
	const row = (table: TableName, id: string) => {
		if (table === 'vpcs') return aVpc(routerOf(id), perRouter);
		if (table !== 'connections') throw new Error(`a quiet check reads no ${table}`);
		const router = routerOfConnection(id);
		return aConnection(router, Number.parseInt(id.slice(5), 16) - router * 100);
	};
	const shards = Array.from({ length: 8 }, (_, shard) =>
		Array.from({ length: routers }, (_, router) => router).filter((router) => shardOf(vpcIdOf(router)) === String(shard)),
	);
	const store = {
		getMany: async (table: TableName, ids: readonly string[], { mayLag = false } = {}) => {
			counted.rowsRead += ids.length;
			readUnits += ids.length * (mayLag ? unitsARow.mayLag : unitsARow.consistent);
			// Only of a router that gave no answer in time.
			if (table === 'customerGateways') return [];
			return ids.map((id) => row(table, id));
		},
		transact: async () => void counted.writes++,
		dueVpcs: async (shard: number) =>
			(shards[shard] ?? []).map((router) => ({ id: vpcIdOf(router), routerInstanceId: instanceIdOf(router) })),
		dirtyVpcs: async () => [],
	} as unknown as Store;
	const { client, counts } = simulatedSsm(
		(instanceId) => quietReport(routerOf(instanceId), perRouter),
		(instanceId) => (routerOf(instanceId) + 1) % lostOneIn === 0,
	);
	const queued: { message: CheckMessage; delaySeconds: number }[] = [];
	const lags: number[] = [];
	const shell = ssmRouterShell(client, { apply: 'apply', check: 'check', logs: 'logs', inspect: 'inspect' });
	const dueAt = new Map<string, number>();
	const check: Ports['routers']['check'] = (ids, deadlineMs, answered = () => {}) =>
		shell.check(ids, deadlineMs, (id, answer) => {
			if ('report' in answer) lags.push((Date.now() - (dueAt.get(id) ?? Number.NaN)) / 1_000);
			answered(id, answer);
		});
	const ports = {
		store,
		routers: { check },
		events: { accountsOwed: async () => [] },
		turns: { take: async () => true },
		secretIntents: { madeBefore: async () => [] },
		queues: { check: async (messages: typeof queued) => void queued.push(...messages) },
		metrics: {
			count: (name: string, value: number) => {
				if (name === 'UnreachableRouters') counted.unanswered += value;
			},
		},
		clock: () => new Date(),
		log: {
			info: () => {},
			warn: (event: string, { vpcs = 0 }: { vpcs?: number } = {}) => {
				if (event === 'late check dropped') counted.notAsked += vpcs;
			},
			error: () => {},
		},
		settings: { checkIntervalSeconds: intervalSeconds, alerting: defaultAlerting, docsBaseUrl: '' },
	} as unknown as Ports;

	const begin = Date.now();
	await tick(ports, { scheduledAt: new Date().toISOString() });
	const first = queued
		.filter(({ delaySeconds }) => delaySeconds < intervalSeconds)
		.sort((a, b) => a.delaySeconds - b.delaySeconds);
	let peak = process.memoryUsage().rss;
	let busySeconds = 0;
	const worker = async () => {
		for (let next = first.shift(); next !== undefined; next = first.shift()) {
			await pause(Math.max(0, begin + next.delaySeconds * 1_000 - Date.now()));
			const taken = Date.now();
			for (const id of next.message.vpcIds) dueAt.set(instanceIdOf(routerOf(id)), Date.parse(next.message.tickAt));
			await checkRouters(ports, next.message);
			const ended = Date.now();
			busySeconds += (ended - taken) / 1_000;
			peak = Math.max(peak, process.memoryUsage().rss);
		}
	};
	const messages = first.length;
	await Promise.all(Array.from({ length: defaultChecksAtOnce }, worker));
	const seconds = (Date.now() - begin) / 1_000;

	const intervals = monthSeconds / intervalSeconds;
	const costAMonth =
		intervals *
		(readUnits * price.readUnit +
			(messages / 10 + 2 * messages) * price.sqsCall +
			messages * price.lambdaCall +
			busySeconds * lambdaGb * price.lambdaGbSecond);
	return {
		routers,
		perRouter,
		lost: Math.floor(routers / lostOneIn),
		messages,
		...counts,
		...counted,
		lagP50: percentile(lags, 50),
		lagP99: percentile(lags, 99),
		wholeSeconds: seconds,
		memoryMb: peak / 1_048_576,
		costAMonth,
	};
};
