import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { idPrefix } from '../../domain/model/ids.ts';
import type { Clock, NewEventId, NewId } from '../../ports.ts';

export const systemClock: Clock = () => new Date();

/** 68 random bits, as 17 hexadecimal digits. */
export const newId: NewId = (kind) => `${idPrefix[kind]}-${randomBytes(9).toString('hex').slice(0, 17)}`;

const ulid = monotonicFactory();
export const newEventId: NewEventId = (at) => ulid(at.getTime());
