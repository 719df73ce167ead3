import { it } from 'vitest';

/** `npm run test:long`: long tables whole, of which `npm test` has a sample. */
export const atLength = process.env.LONG === '1';

/** How often to sample a property: `few` times, and `many` in the long run. */
export const samples = (few: number, many: number): { numRuns: number } => ({ numRuns: atLength ? many : few });

/** A test that only the long run has. */
export const itAtLength: (name: string, run: () => Promise<void>) => void = atLength ? it : () => {};
