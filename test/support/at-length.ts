import { it } from 'vitest';

/** `npm run test:long`: long tables whole, of which `npm test` has a sample. */
export const atLength = process.env.LONG === '1';

/** A test that only the long run has. */
export const itAtLength: (name: string, run: () => Promise<void>) => void = atLength ? it : () => {};
