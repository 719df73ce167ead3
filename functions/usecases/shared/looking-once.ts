import type { Ports } from '../../ports.ts';

type Read = Ports['routeTables']['read'];

/**
 * The ports of a request that looks at the same route tables once, however often it decides anew: EC2 has so many calls a second for the
 * whole AWS account.
 */
export const lookingOnce = (ports: Ports): Ports => {
	const seen = new Map<string, ReturnType<Read>>();
	const read: Read = (of) => {
		const key = JSON.stringify([of.tableIds, of.instanceId]);
		const known = seen.get(key) ?? ports.routeTables.read(of);
		seen.set(key, known);
		return known;
	};
	// Ports that a function does not have throw where they are read.
	return Object.create(ports, { routeTables: { get: () => ({ ...ports.routeTables, read }), enumerable: true } });
};
