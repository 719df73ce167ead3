import { idPrefix } from '../../../functions/domain/model/ids.ts';
import { isDirty } from '../../../functions/domain/monitoring/due.ts';
import type {
	AlertMessage,
	CheckMessage,
	Delayed,
	Ports,
	Queues,
	ReconcileMessage,
	Rows,
	Write,
} from '../../../functions/ports.ts';
import { checkRouters } from '../../../functions/usecases/loops/check-routers.ts';
import { reconcileRouter } from '../../../functions/usecases/loops/reconcile-router.ts';
import { sendAlerts } from '../../../functions/usecases/loops/send-alerts.ts';
import { tick } from '../../../functions/usecases/loops/tick.ts';
import { start } from '../builders.ts';
import { memoryPorts } from '../memory-ports.ts';
import { recordingSecrets } from './parameter-store.ts';
import { routerFleet } from './router-fleet.ts';
import { type Stop, stoppedPorts, type Within } from './stopped-ports.ts';

type Bodies = { reconcile: ReconcileMessage; check: CheckMessage; alert: AlertMessage };
type Message = { [Q in keyof Bodies]: { queue: Q; body: Bodies[Q] } }[keyof Bodies] & {
	id: string;
	visibleAt: number;
	receives: number;
};
export type QueueName = keyof Bodies;

/** The visibility timeouts of the stack's queues. */
const hiddenMs = { reconcile: 195_000, check: 75_000, alert: 75_000 };
const mostReceives = 5;
const minuteMs = 60_000;

/** Where a process is stopped; or that its calls are counted, or traced to their use cases; or that it is left alone. */
type Watch = Stop | 'counted' | 'traced' | 'alone';
export type Outcome<T> = 'stopped' | { value: T } | { error: unknown };

/**
 * The whole service in memory: the schedule, the routers, and queues that redeliver a message whose reader died. Time moves only when a
 * test says so.
 */
export const memoryPlatform = () => {
	const memory = memoryPorts();
	const { outside, seen } = memory;
	const store = recordingSecrets(memory.ports.secrets);
	const fleet = routerFleet(memory, store);
	const messages: Message[] = [];
	/** Violations of what must never happen, as they are seen. */
	const wrongs: string[] = [];
	let ids = 0;
	let nextTick = start.getTime() + minuteMs;
	/** No ticks, and every hint is handled before its sender goes on: SQS at its fastest. */
	let onlyHints = false;
	let writesRefused = 0;
	let publishesRefused = 0;
	let onPush: (() => Promise<unknown>) | undefined;
	/** The message that is being handled. */
	let current: Message | undefined;

	const now = () => outside.now.getTime();
	const enqueue = async <Q extends QueueName>(queue: Q, body: Bodies[Q], delaySeconds = 0) => {
		const message = { queue, body, id: `message-${++ids}`, visibleAt: now() + delaySeconds * 1_000, receives: 0 } as Message;
		messages.push(message);
		if (onlyHints && delaySeconds === 0) await receive(message);
	};
	const enqueueAll = async <Q extends QueueName>(queue: Q, all: readonly Delayed<Bodies[Q]>[]) => {
		for (const { message, delaySeconds } of all) await enqueue(queue, message, delaySeconds);
	};
	const queues: Queues = {
		reconcile: (all) => enqueueAll('reconcile', all),
		check: (all) => enqueueAll('check', all),
		alert: (all) => enqueueAll('alert', all),
	};

	const watchLease = (write: Write): void => {
		if (!('put' in write) || write.put !== 'vpcs') return;
		const before = (seen.kept.rows.vpcs.get(write.next.id) as Rows['vpcs'] | undefined)?.lease;
		const after = write.next.lease;
		if (before === undefined || before.owner === current?.id || before.owner === after?.owner) return;
		if (Date.parse(before.until) > now()) wrongs.push(`${current?.id} took the lease of ${before.owner} on ${write.next.id}`);
	};
	const watchPush = (instanceId: string): void => {
		for (const vpc of seen.kept.rows.vpcs.values() as Iterable<Rows['vpcs']>) {
			if (vpc.routerInstanceId !== instanceId) continue;
			const held = vpc.lease?.owner === current?.id && Date.parse(vpc.lease?.until ?? '') > now();
			if (!held) wrongs.push(`${current?.id} pushed to ${instanceId} without the lease`);
		}
	};
	const ports: Ports = {
		...memory.ports,
		queues,
		secrets: store.secrets,
		newId: (kind) => `${idPrefix[kind]}-${(++ids).toString(16).padStart(17, '0')}`,
		store: {
			...memory.ports.store,
			async transact(writes) {
				if (writesRefused > 0) {
					writesRefused--;
					throw new Error('throttled');
				}
				for (const write of writes) watchLease(write);
				return memory.ports.store.transact(writes);
			},
		},
		routers: {
			...memory.ports.routers,
			async apply(instanceId, bundle) {
				watchPush(instanceId);
				const answer = await memory.ports.routers.apply(instanceId, bundle);
				const happening = onPush;
				onPush = undefined;
				await happening?.();
				return answer;
			},
		},
	};
	outside.publish = () => {
		if (publishesRefused === 0) return;
		publishesRefused--;
		throw new Error('throttled');
	};

	const half = <T>(send: (some: T[]) => Promise<void>, all: readonly T[]) =>
		all.length < 2 ? undefined : () => void send(all.slice(0, Math.floor(all.length / 2)));
	/** What calls that the DynamoDB and SQS adapters make in several steps have done halfway. */
	const within: Within = {
		'events.claim': ([events, hold]) => {
			const [, ...others] = events as Parameters<Ports['events']['claim']>[0];
			const { messageId, now: triedAt, until: heldUntil } = hold as Parameters<Ports['events']['claim']>[1];
			if (others.length === 0) return undefined;
			return () => {
				for (const { id } of others)
					Object.assign(seen.kept.events.find((one) => one.id === id)?.alert ?? {}, {
						messageId,
						leads: false,
						triedAt,
						heldUntil,
					});
			};
		},
		'events.pay': ([events, paidAt]) => {
			const [, ...others] = events as Parameters<Ports['events']['pay']>[0];
			if (others.length === 0) return undefined;
			return () => {
				for (const { id } of others) Object.assign(seen.kept.events.find((one) => one.id === id)?.alert ?? {}, { paidAt });
			};
		},
		'queues.reconcile': ([all]) => half((some) => queues.reconcile(some), all as Parameters<Queues['reconcile']>[0]),
		'queues.check': ([all]) => half((some) => queues.check(some), all as Parameters<Queues['check']>[0]),
		'queues.alert': ([all]) => half((some) => queues.alert(some), all as Parameters<Queues['alert']>[0]),
	};

	/** Runs one process, until it is stopped. */
	const run = async <T>(work: (ports: Ports) => Promise<T>, watch: Watch = 'counted') => {
		const how = typeof watch === 'object' ? { stop: watch } : { traced: watch === 'traced' };
		const {
			ports: own,
			calls,
			stopped,
		} = watch === 'alone' ? { ports, calls: [], stopped: new Promise<never>(() => {}) } : stoppedPorts(ports, { within, ...how });
		const ended: Promise<Outcome<T>> = work(own).then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		return { outcome: await Promise.race([ended, stopped]), calls };
	};

	const workOf = (message: Message) => (own: Ports) => {
		if (message.queue === 'reconcile') return reconcileRouter(own, { ...message.body, owner: message.id });
		if (message.queue === 'check') return checkRouters(own, message.body, { redelivered: message.receives > 1 });
		return sendAlerts(own, message.body.accountId);
	};
	const receive = async (message: Message, watch?: Watch) => {
		message.receives++;
		message.visibleAt = now() + hiddenMs[message.queue];
		const outer = current;
		current = message;
		const result = await run(workOf(message), watch);
		current = outer;
		const { outcome } = result;
		if (outcome !== 'stopped' && 'value' in outcome) {
			messages.splice(messages.indexOf(message), 1);
			for (const vpc of seen.kept.rows.vpcs.values() as Iterable<Rows['vpcs']>)
				if (vpc.lease?.owner === message.id && Date.parse(vpc.lease.until) > now())
					wrongs.push(`${message.id} is done and keeps the lease on ${vpc.id}`);
		} else if (message.receives >= mostReceives) {
			wrongs.push(`a dead letter of ${message.queue}: ${outcome === 'stopped' ? 'stopped' : String(outcome.error)}`);
			messages.splice(messages.indexOf(message), 1);
		}
		return result;
	};
	const minute = async (watch?: Watch) => {
		const scheduledAt = new Date(nextTick).toISOString();
		nextTick += minuteMs;
		return run((own) => tick(own, { scheduledAt }), watch);
	};

	const nextMessage = () => messages.reduce<Message | undefined>((a, b) => (a && a.visibleAt <= b.visibleAt ? a : b), undefined);
	/** Lets time pass, with all ticks and messages that fall into it. */
	const pass = async (seconds: number) => {
		const end = now() + seconds * 1_000;
		for (;;) {
			const message = nextMessage();
			const at = Math.min(onlyHints ? Number.POSITIVE_INFINITY : nextTick, message?.visibleAt ?? Number.POSITIVE_INFINITY);
			if (at > end) break;
			outside.now = new Date(Math.max(at, now()));
			if (!onlyHints && at === nextTick) await minute('alone');
			else if (message !== undefined) await receive(message, 'alone');
		}
		outside.now = new Date(end);
	};

	const vpcs = () => [...seen.kept.rows.vpcs.values()] as Rows['vpcs'][];
	/** Work that is still to be done. */
	const unfinished = (): string[] => [
		...messages.filter(({ queue }) => queue !== 'check').map(({ queue, id }) => `${id} of ${queue}`),
		...vpcs()
			.filter(isDirty)
			.map(
				({ id, generation, appliedGeneration, retry }) =>
					`${id} is behind: ${appliedGeneration} of ${generation}, ${JSON.stringify(retry)}`,
			),
		...[...seen.intents.keys()].map((id) => `intent ${id}`),
		...seen.kept.events.flatMap(({ alert }) =>
			alert !== undefined && alert.paidAt === undefined ? [`owed: ${alert.subject}`] : [],
		),
	];

	return {
		ports,
		memory,
		fleet,
		parameterStore: store,
		wrongs,
		within,
		run,
		enqueue,
		pass,
		unfinished,
		vpcs,
		/** Lets time pass without any tick or message. */
		skip(seconds: number) {
			outside.now = new Date(now() + seconds * 1_000);
			nextTick = start.getTime() + Math.ceil((now() - start.getTime()) / minuteMs) * minuteMs;
		},
		/** From now on there are no ticks, and hints are handled at once. */
		hintsOnly: () => {
			onlyHints = true;
		},
		/** Drops all hints to reconcile or to send alerts. */
		loseHints() {
			for (const message of messages.filter(({ queue }) => queue !== 'check')) messages.splice(messages.indexOf(message), 1);
		},
		/** Makes DynamoDB refuse the next `count` transactions. */
		refuseWrites: (count: number) => {
			writesRefused = count;
		},
		/** Makes SNS refuse the next `count` messages. */
		refusePublish: (count: number) => {
			publishesRefused = count;
		},
		/** Runs once, when the router has taken the next bundle and its answer is on its way. */
		duringPush: (happening: () => Promise<unknown>) => {
			onPush = happening;
		},
		/** Handles the oldest message of a queue, or the next tick, now. */
		async deliver(queue: QueueName | 'tick', watch?: Watch) {
			if (queue === 'tick') {
				outside.now = new Date(Math.max(now(), nextTick));
				return minute(watch);
			}
			const message = messages.filter((one) => one.queue === queue).sort((a, b) => a.visibleAt - b.visibleAt)[0];
			if (message === undefined) throw new Error(`nothing waits in ${queue}`);
			outside.now = new Date(Math.max(now(), message.visibleAt));
			return receive(message, watch);
		},
		/** Lets time pass until no work is left, for at least two minutes. */
		async settle(mostMinutes = 40) {
			await pass(120);
			for (let minutes = 2; minutes < mostMinutes && unfinished().length > 0; minutes++) await pass(60);
		},
	};
};
export type MemoryPlatform = ReturnType<typeof memoryPlatform>;
