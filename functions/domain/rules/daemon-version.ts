import type { RouterFacts } from '../model/vpc.ts';

export type DaemonVersion = { flavor: RouterFacts['flavor']; numbers: number[] };

/** From `U2.6.38/K6.1` or `5.4`: the first dotted number counts. */
export const daemonVersion = ({ flavor, version }: Pick<RouterFacts, 'flavor' | 'version'>): DaemonVersion => ({
	flavor,
	numbers: (/\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number),
});

export const isBelow = ({ numbers }: DaemonVersion, than: readonly number[]): boolean => {
	for (const [index, number] of than.entries()) {
		const own = numbers[index] ?? 0;
		if (own !== number) return own < number;
	}
	return false;
};
