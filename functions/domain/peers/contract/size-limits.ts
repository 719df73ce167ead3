import { finding } from './peer-finding.ts';
import type { DeviceReading, Finding } from './peer-reading.ts';

/** How many things of a kind a text has, and how many it may have. */
export type Size = { what: string; count: number; most: number };

/** A text with more of a kind than a check of one tunnel can go through in a moment is not judged at all. */
export const tooLarge = (sizes: readonly Size[]): Finding[] =>
	sizes
		.filter(({ count, most }) => count > most)
		.slice(0, 1)
		.map(({ what, count, most }) =>
			finding('too-large', 1, {
				message: `the text has ${count} ${what}, and at most ${most} are read`,
				expected: 'the part of the configuration that is about this tunnel',
				commands: [],
			}),
		);

/** A reading of a text that is too large. */
export const notRead = (faults: Finding[]): DeviceReading => ({
	tunnels: [],
	faults,
	notCompared: [],
	unknown: [],
	unused: [],
	meaning: undefined,
});
