import { createHash } from 'node:crypto';
import { Secret } from '../../domain/model/secret.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../../usecases/shared/caller.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import type { Reply } from './reply.ts';
import type { Route } from './route.ts';

const hoursKept = 24;
/** A request that a crash cut off can be repeated after this. */
const secondsAtWork = 60;

/** Sorted, and without secrets: not even a hash of a pre-shared key is stored. */
const canonical = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).filter(([, one]) => !(one instanceof Secret));
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]));
};

/** The body as the route's schema parsed it, in which every key is a `Secret`. */
type Request = { route: Route; caller: Caller; path: string; key: string | undefined; parsedBody: unknown };

/** Repeats the answer to a request that was answered before; a different request with the same key is refused. */
export const once = async (ports: Ports, request: Request, answer: () => Promise<Reply>): Promise<Reply> => {
	const { route } = request;
	if (request.key === undefined || route.method !== 'POST' || route.keepsNothing) return answer();
	const { requests, clock } = ports;
	if (!/^[\x21-\x7e]{1,200}$/.test(request.key)) {
		throw new ProblemError('invalid-request', 'Idempotency-Key must be 1 to 200 visible ASCII characters');
	}
	const key = createHash('sha256')
		.update(JSON.stringify([request.caller.accountId ?? request.caller.who, route.id, request.key]))
		.digest('hex');
	const requestHash = createHash('sha256')
		.update(JSON.stringify([request.path, canonical(request.parsedBody)]))
		.digest('hex');
	const now = Math.floor(clock().getTime() / 1000);
	const before = await requests.begin(key, requestHash, now + secondsAtWork);
	if (before !== undefined) {
		if (before.requestHash !== requestHash) {
			throw new ProblemError(
				'idempotency-mismatch',
				'this Idempotency-Key was already used for a different request; use a new one',
			);
		}
		if (before.status === undefined)
			throw new ProblemError('illegal-state', 'the first request with this Idempotency-Key is still being processed');
		return { status: before.status, headers: before.headers ?? {}, ...(before.body === undefined ? {} : { body: before.body }) };
	}
	let reply: Reply;
	try {
		reply = await answer();
	} catch (error) {
		await requests.forget(key);
		throw error;
	}
	// What has taken effect is not forgotten where only its answer cannot be kept: a repeat at once must not do it again.
	await requests.finish(key, { requestHash, ...reply }, now + hoursKept * 3_600);
	return reply;
};
