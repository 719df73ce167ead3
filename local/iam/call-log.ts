import type { Need } from './need.ts';
import { nameOf, type Principal } from './principal.ts';

/** `flow`: the route, loop or router that made the call. */
export type Call = Need & { principal: Principal; flow: string; allowed: boolean; count: number };
export type CallLog = {
	add(call: Omit<Call, 'count'>): void;
	/** Each once, with how often it was made; the oldest are forgotten. */
	list(): Call[];
};

const mostCalls = 20_000;

/** The calls that were made, for whoever wants to know what a grant is good for. */
export const callLog = (): CallLog => {
	const calls = new Map<string, Call>();
	return {
		add(call) {
			const key = JSON.stringify([nameOf(call.principal), call.action, call.resource, call.context, call.flow, call.allowed]);
			const known = calls.get(key);
			calls.delete(key);
			calls.set(key, { ...call, count: (known?.count ?? 0) + 1 });
			for (const oldest of calls.keys()) {
				if (calls.size <= mostCalls) break;
				calls.delete(oldest);
			}
		},
		list: () => [...calls.values()],
	};
};
