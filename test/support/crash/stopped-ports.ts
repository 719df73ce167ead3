import type { Ports } from '../../../functions/ports.ts';

/** Where a process dies: before a port call, after the call took effect, or halfway through one that its adapter makes in several steps. */
export type Stop = { at: number; when: 'before' | 'within' | 'after' };
/** A call that a process made of a port, such as `store.transact`; `from`: the file of the use case that made it, where it is traced. */
export type PortCall = { name: string; args: readonly unknown[]; from: string | undefined };

/** By port call, what its first steps do; undefined if the call takes a single step with these arguments. */
export type Within = Partial<Record<string, (args: readonly unknown[]) => (() => void) | undefined>>;

type Inside = 'metrics' | 'clock' | 'newId' | 'newEventId' | 'log' | 'settings';
/** The ports that lead out of the process. */
const outside = Object.keys({
	store: 0,
	events: 0,
	requests: 0,
	cursorKeys: 0,
	turns: 0,
	secretIntents: 0,
	secrets: 0,
	routers: 0,
	routeTables: 0,
	instances: 0,
	queues: 0,
	alerts: 0,
	subscriptions: 0,
	usage: 0,
} satisfies Record<Exclude<keyof Ports, Inside>, 0>) as Exclude<keyof Ports, Inside>[];

type AnyCall = (...args: unknown[]) => Promise<unknown>;

/**
 * The ports of one process that dies at `stop`. From then on no call has an effect or an answer, so no catch and no finally of the
 * process can go on. `stopped` settles when the last call has taken effect.
 */
export const stoppedPorts = (
	ports: Ports,
	{ stop, within = {}, traced = false }: { stop?: Stop; within?: Within; traced?: boolean },
) => {
	const calls: PortCall[] = [];
	const { promise: stopped, resolve: end } = Promise.withResolvers<'stopped'>();
	const never = new Promise<never>(() => {});
	let isOver = false;

	const ending = (port: object): object =>
		Object.fromEntries(
			Object.entries(port as Record<string, AnyCall>).map(([method, real]) => [
				method,
				(...args: unknown[]) => {
					if (isOver) return never;
					const name = `${nameOf.get(port)}.${method}`;
					const isLast = stop?.at === calls.length;
					calls.push({ name, args, from: traced ? useCaseOf(new Error().stack) : undefined });
					if (!isLast) return real(...args);
					isOver = true;
					if (stop.when === 'within') within[name]?.(args)?.();
					if (stop.when === 'after')
						real(...args).then(
							() => end('stopped'),
							() => end('stopped'),
						);
					else end('stopped');
					return never;
				},
			]),
		);
	const nameOf = new Map<object, string>(outside.map((name) => [ports[name], name]));
	const ended = Object.fromEntries(outside.map((name) => [name, ending(ports[name])]));
	return { ports: { ...ports, ...ended } as Ports, calls, stopped };
};

const useCaseOf = (stack = ''): string | undefined => /functions\/usecases\/(?!shared\/)([\w/-]+\.ts)/.exec(stack)?.[1];

/** Every place at which a process that made these calls may die. */
export const stopsOf = (calls: readonly PortCall[], within: Within): Stop[] =>
	calls.flatMap(({ name, args }, at) => [
		{ at, when: 'before' as const },
		...(within[name]?.(args) === undefined ? [] : [{ at, when: 'within' as const }]),
		{ at, when: 'after' as const },
	]);

const reads =
	/^(store\.(get|getMany|holderOf|countOf|list|dueVpcs|dirtyVpcs)|events\.(list|owed|accountsOwed)|secretIntents\.madeBefore|routers\.(check|logs|inspect)|routeTables\.read|instances\.read|alerts\.subscriptions|subscriptions\.(get|list)|cursorKeys\.current|usage\.\w+)$/;
/** A call that is not listed as a read counts as a write. */
export const isRead = (name: string): boolean => reads.test(name);
