import { createHash } from 'node:crypto';

/** A bundle's revision: its generation and the first 16 hex digits of its SHA-256. */
export const revisionOf = (generation: number, text: string): string =>
	`${generation}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
