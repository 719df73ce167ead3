import type { Vpc } from '../model/vpc.ts';

/** Due for checks (F-9): it has connections and an implemented network. */
export const isDue = (vpc: Pick<Vpc, 'slots' | 'networks'>): boolean =>
	Object.keys(vpc.slots).length > 0 && vpc.networks.some((network) => network.state === 'Implemented');

/** The router is behind, or something has to be tried again. */
export const isBehind = (vpc: Pick<Vpc, 'generation' | 'appliedGeneration' | 'retry'>): boolean =>
	vpc.generation !== vpc.appliedGeneration || vpc.retry !== undefined;

/** To be reconciled by the tick: its router is behind, a former router has yet to be cleaned, or routes have yet to be made or removed. */
export const isDirty = (vpc: Pick<Vpc, 'generation' | 'appliedGeneration' | 'retry' | 'retired' | 'routeRetry'>): boolean =>
	isBehind(vpc) || (vpc.retired ?? []).length > 0 || vpc.routeRetry !== undefined;

/** The index shard of an id, '0' to '7'. */
export const shardOf = (id: string): string => String(hashOf(id) & 7);

/** Minutes from one look at a VPC's route tables to the next. */
export const routeMinutes = 5;

/** In which of those minutes the routes of a VPC are looked at. */
export const routeMinuteOf = (id: string): number => hashOf(id) % routeMinutes;

/** FNV-1a over the characters. */
const hashOf = (id: string): number => {
	let hash = 0x811c9dc5;
	for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
	// The low bits of FNV-1a of similar ids are too alike: fold the high ones in.
	return ((hash >>> 16) ^ hash) >>> 0;
};
