import type { IdKind } from '../domain/model/ids.ts';

export type Clock = () => Date;
export type NewId = (kind: IdKind) => string;
/** A ULID for the given instant. */
export type NewEventId = (at: Date) => string;
