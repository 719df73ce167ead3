import type { Ports } from '../../../functions/ports.ts';

/** Where a process ends: before a port's call, after it has taken effect, or within one that its adapter makes in several steps. */
export type Stop = { at: number; when: 'before' | 'within' | 'after' };
/** A call that a process made of a port, such as `store.transact`; `from`: the file of the use case that made it, where it is traced. */
export type PortCall = { name: string; args: readonly unknown[]; from: string | undefined };

/** What the first steps of such a call have done by then. Undefined where these arguments take one step. */
export type Within = Partial<Record<string, (args: readonly unknown[]) => (() => void) | undefined>>;

const outside = [
	'store',
	'events',
	'requests',
	'turns',
	'secretIntents',
	'secrets',
	'routers',
	'queues',
	'alerts',
	'subscriptions',
	'usage',
] as const satisfies readonly (keyof Ports)[];

type AnyCall = (...args: unknown[]) => Promise<unknown>;

/**
 * The ports of one process, which end with it: what it asks for afterwards is never done and never answered, so that neither a catch
 * nor a finally of it goes on. `stopped` settles once its last call has had its effect.
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

/** Every place at which a process that made these calls may end. */
export const stopsOf = (calls: readonly PortCall[], within: Within): Stop[] =>
	calls.flatMap(({ name, args }, at) => [
		{ at, when: 'before' as const },
		...(within[name]?.(args) === undefined ? [] : [{ at, when: 'within' as const }]),
		{ at, when: 'after' as const },
	]);

const reads =
	/^(store\.(get|getMany|holderOf|list|dueVpcs|dirtyVpcs)|events\.(list|owed|accountsOwed)|secretIntents\.madeBefore|routers\.(check|logs)|alerts\.subscriptions|subscriptions\.(get|list)|usage\.\w+)$/;
/** Whether a call leaves everything as it was. One that nobody has named here counts as a write. */
export const isRead = (name: string): boolean => reads.test(name);
