import type { Lab } from '../../local/lab/lab.ts';
import { connectionOf, peerChildren, type RouterUnderTest, type Tunnel } from './router-under-test.ts';

export type Healing = {
	/** From the call until both sides had every pair that they should. */
	seconds: number;
	/** The longest time in which a pair was shown as up that the peer did not have before that look nor after it. */
	falseSeconds: number;
	reasons: string[];
};

/** Looks at both ends again and again until they agree that every pair is up but one. Where `never` it looks for all of the time. */
export const untilHealed = async (of: {
	lab: Lab;
	router: RouterUnderTest;
	tunnel: Tunnel;
	seconds: number;
	down?: number;
	never?: boolean;
}): Promise<Healing> => {
	const { lab, router, tunnel, seconds, down, never = false } = of;
	const begun = Date.now();
	const pairs = tunnel.remoteCidrs.map((_, pair) => pair);
	const falseSince = new Map<number, number>();
	const reasons = new Set<string>();
	let falseMs = 0;
	let shown = '';
	const atPeer = async () => {
		// One that was killed lists nothing.
		const counts = await peerChildren(lab, 'peer').catch(() => ({}) as Record<string, number>);
		return pairs.map((pair) => (counts[`net${pair}`] ?? 0) > 0);
	};
	let there = await atPeer();
	while (Date.now() - begun < seconds * 1_000) {
		const report = await router.look();
		const before = there;
		const at = Date.now();
		there = await atPeer();
		if (report === undefined) continue;
		const line = connectionOf(report, tunnel);
		shown = line.up;
		for (const reason of line.reasons.slice(0, 1)) reasons.add(reason);
		for (const pair of pairs) {
			if (line.up[pair] !== '1' || before[pair] || there[pair]) falseSince.delete(pair);
			else falseSince.set(pair, falseSince.get(pair) ?? at);
		}
		falseMs = Math.max(falseMs, ...[...falseSince.values()].map((since) => at - since));
		const healed = pairs.every((pair) => (line.up[pair] === '1') === (pair !== down) && there[pair] === (pair !== down));
		if (healed && !never) return { seconds: (at - begun) / 1_000, falseSeconds: falseMs / 1_000, reasons: [...reasons] };
	}
	if (never) return { seconds, falseSeconds: falseMs / 1_000, reasons: [...reasons] };
	throw new Error(
		`not healed within ${seconds} s: ${shown} here, ${there.map(Number).join('')} there, ${[...reasons].join(' ')}`,
	);
};
