import { idPrefix } from '../../../functions/domain/model/ids.ts';
import { isDirty } from '../../../functions/domain/monitoring/due.ts';
import type { CheckMessage, Ports, Queues, Rows, Write } from '../../../functions/ports.ts';
import { checkRouters } from '../../../functions/usecases/loops/check-routers.ts';
import { reconcileRouter } from '../../../functions/usecases/loops/reconcile-router.ts';
import { sendAlerts } from '../../../functions/usecases/loops/send-alerts.ts';
import { tick } from '../../../functions/usecases/loops/tick.ts';
import { start } from '../builders.ts';
import { memoryPorts } from '../memory-ports.ts';
import { recordingSecrets } from './parameter-store.ts';
import { routerFleet } from './router-fleet.ts';
import { type Stop, stoppedPorts, type Within } from './stopped-ports.ts';

type Bodies = { reconcile: { vpcId: string; ifBehind?: boolean }; check: CheckMessage; alert: { accountId: string } };
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

export type Outcome<T> = 'stopped' | { value: T } | { error: unknown };

/**
 * The whole service in memory, with queues that hand a message out again whose reader was stopped, a schedule, and routers. Time moves
 * only where a test says so.
 */
export const memoryPlatform = () => {
	const memory = memoryPorts();
	const { outside, seen } = memory;
	const store = recordingSecrets(memory.ports.secrets);
	const fleet = routerFleet(memory, store);
	const messages: Message[] = [];
	/** What must never be, as it is seen. */
	const wrongs: string[] = [];
	let ids = 0;
	let nextTick = start.getTime() + minuteMs;
	/** No tick comes, and a hint is worked off while its sender still waits, as fast as SQS ever could. */
	let onlyHints = false;
	let writesRefused = 0;
	let publishesRefused = 0;
	let onPush: (() => Promise<unknown>) | undefined;
	/** The message that a process works on. */
	let current: Message | undefined;

	const now = () => outside.now.getTime();
	const enqueue = async <Q extends QueueName>(queue: Q, body: Bodies[Q], delaySeconds = 0) => {
		const message = { queue, body, id: `message-${++ids}`, visibleAt: now() + delaySeconds * 1_000, receives: 0 } as Message;
		messages.push(message);
		if (onlyHints && delaySeconds === 0) await receive(message);
	};
	const enqueueAll =
		<Q extends QueueName>(queue: Q) =>
		async (all: readonly { message: Bodies[Q]; delaySeconds?: number }[]) => {
			for (const { message, delaySeconds } of all) await enqueue(queue, message, delaySeconds);
		};
	const queues: Queues = { reconcile: enqueueAll('reconcile'), check: enqueueAll('check'), alert: enqueueAll('alert') };

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

	/** What the stepwise calls of DynamoDB's and SQS's adapters have done halfway. */
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
		'queues.check': ([checks]) => {
			const some = (checks as Parameters<Queues['check']>[0]).slice(1);
			return some.length === 0 ? undefined : () => void queues.check(some);
		},
	};

	/** One process, up to where it is stopped. */
	const run = async <T>(work: (ports: Ports) => Promise<T>, stop?: Stop | 'traced') => {
		const {
			ports: own,
			calls,
			stopped,
		} = stoppedPorts(ports, {
			within,
			...(stop === 'traced' ? { traced: true } : { stop }),
		});
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
	const receive = async (message: Message, stop?: Stop | 'traced') => {
		message.receives++;
		message.visibleAt = now() + hiddenMs[message.queue];
		const outer = current;
		current = message;
		const result = await run(workOf(message), stop);
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
	const minute = async (stop?: Stop | 'traced') => {
		const scheduledAt = new Date(nextTick).toISOString();
		nextTick += minuteMs;
		return run((own) => tick(own, { scheduledAt }), stop);
	};

	const nextMessage = () => messages.reduce<Message | undefined>((a, b) => (a && a.visibleAt <= b.visibleAt ? a : b), undefined);
	/** Does whatever comes until so many seconds from now. */
	const pass = async (seconds: number) => {
		const end = now() + seconds * 1_000;
		for (;;) {
			const message = nextMessage();
			const at = Math.min(onlyHints ? Number.POSITIVE_INFINITY : nextTick, message?.visibleAt ?? Number.POSITIVE_INFINITY);
			if (at > end) break;
			outside.now = new Date(Math.max(at, now()));
			if (!onlyHints && at === nextTick) await minute();
			else if (message !== undefined) await receive(message);
		}
		outside.now = new Date(end);
	};

	const vpcs = () => [...seen.kept.rows.vpcs.values()] as Rows['vpcs'][];
	/** What is still to be done. */
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
		/** Nothing happens for so long: no tick, and no message is read. */
		skip(seconds: number) {
			outside.now = new Date(now() + seconds * 1_000);
			nextTick = start.getTime() + Math.ceil((now() - start.getTime()) / minuteMs) * minuteMs;
		},
		/** No tick from now on, and hints at once. */
		hintsOnly: () => {
			onlyHints = true;
		},
		/** Takes from the queues whatever would hint a reconcile or an alert. */
		loseHints() {
			for (const message of messages.filter(({ queue }) => queue !== 'check')) messages.splice(messages.indexOf(message), 1);
		},
		/** DynamoDB refuses so many of the next transactions. */
		refuseWrites: (count: number) => {
			writesRefused = count;
		},
		/** SNS refuses so many of the next messages. */
		refusePublish: (count: number) => {
			publishesRefused = count;
		},
		/** Happens once, while the next bundle is on its way back. */
		duringPush: (happening: () => Promise<unknown>) => {
			onPush = happening;
		},
		/** Works off the oldest message of a queue, or the next minute, at once. */
		async deliver(queue: QueueName | 'tick', stop?: Stop | 'traced') {
			if (queue === 'tick') {
				outside.now = new Date(Math.max(now(), nextTick));
				return minute(stop);
			}
			const message = messages.filter((one) => one.queue === queue).sort((a, b) => a.visibleAt - b.visibleAt)[0];
			if (message === undefined) throw new Error(`nothing waits in ${queue}`);
			outside.now = new Date(Math.max(now(), message.visibleAt));
			return receive(message, stop);
		},
		/** Lets everything run until nothing is left to do, and two minutes more of checks. */
		async settle(mostMinutes = 40) {
			await pass(120);
			for (let minutes = 2; minutes < mostMinutes && unfinished().length > 0; minutes++) await pass(60);
		},
	};
};
export type MemoryPlatform = ReturnType<typeof memoryPlatform>;
