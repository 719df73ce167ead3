import type { Secret } from '../domain/model/secret.ts';

/** What cursors are authenticated with, so that nobody can make one. */
export type CursorKeys = { current(): Promise<Secret> };
