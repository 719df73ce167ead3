import { createHash } from 'node:crypto';
import { Secret } from '../../domain/model/secret.ts';
import { type Commitment, type IdempotencyRecord, type Ports, StaleRead, type Write } from '../../ports.ts';
import { accountOf, type Caller } from '../../usecases/shared/caller.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import type { Reply } from './reply.ts';
import { type Route, takesKey } from './route.ts';

const hoursKept = 24;
/** A request that a crash cut off before it took effect can be repeated after this. */
const secondsAtWork = 60;

/** Sorted, and without secrets: not even a hash of a pre-shared key is stored. */
const canonical = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).filter(([, one]) => !(one instanceof Secret));
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]));
};

const digest = (of: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(of)).digest('hex');

/** The body as the route's schema parsed it, in which every key is a `Secret`. */
type Request = {
	route: Route;
	caller: Caller;
	path: string;
	key: string | undefined;
	query?: unknown;
	parsedBody: unknown;
	params?: Record<string, string> | undefined;
};

type Ways = {
	/** Does what was asked for. */
	answer(ports: Ports): Promise<Reply>;
	/** Answers for a run that took effect and was cut before it answered, by what it has made, as the caller may see it now. */
	show(id: string): Promise<Reply>;
};

/**
 * Repeats the answer to a request that was answered before; a different request with the same key is refused. A key is one caller's,
 * in one role, for one account and on one route: nobody gets an answer that was made for somebody else.
 */
export const once = async (ports: Ports, request: Request, { answer, show }: Ways): Promise<Reply> => {
	const { route } = request;
	if (request.key === undefined || !takesKey(route)) return answer(ports);
	const { requests, clock } = ports;
	if (!/^[\x21-\x7e]{1,200}$/.test(request.key)) {
		throw new ProblemError('invalid-request', 'Idempotency-Key must be 1 to 200 visible ASCII characters');
	}
	const { who, admin } = request.caller;
	const key = digest([who, admin ? 'admin' : 'owner', accountFor(request), route.id, request.key]);
	const requestHash = digest([request.path, request.query, canonical(request.parsedBody)]);
	const now = Math.floor(clock().getTime() / 1000);
	const expiresAt = now + hoursKept * 3_600;
	const begin = () => requests.begin(key, requestHash, now + secondsAtWork);
	const kept = async (reply: Reply): Promise<Reply> => {
		const { first: _unkept, ...rest } = reply;
		await requests.finish(key, { requestHash, ...rest }, expiresAt);
		return reply;
	};

	const again = async ({ status, headers = {}, body, made }: IdempotencyRecord): Promise<Reply> => {
		if (status !== undefined) return { status, headers, ...(body === undefined ? {} : { body }) };
		if (made !== undefined) return kept(await show(made));
		throw atWork();
	};

	const before = await begin();
	if (before !== undefined) {
		throwIfAnother(before, requestHash);
		return again(before);
	}
	let reply: Reply;
	try {
		const commitment = { key, requestHash, expiresAt };
		reply = await answer(route.shownBy === undefined ? ports : committing(ports, { commitment, request, begin }));
	} catch (error) {
		if (error instanceof DoneBefore) return again(error.record);
		await requests.forget(key);
		throw error;
	}
	// What has taken effect is not forgotten where only its answer cannot be kept: a repeat must not do it again.
	return kept(reply);
};

/** The account that the request is for, if its caller may act for it at all. */
const accountFor = ({ caller, parsedBody }: Request): string | undefined => {
	const named =
		typeof parsedBody === 'object' && parsedBody !== null && 'accountId' in parsedBody ? parsedBody.accountId : undefined;
	return typeof named === 'string' ? accountOf(caller, named) : caller.accountId;
};

const throwIfAnother = ({ requestHash }: IdempotencyRecord, expected: string): void => {
	if (requestHash === expected) return;
	const detail = 'this Idempotency-Key was already used for a different request; use a new one';
	throw new ProblemError('idempotency-mismatch', detail);
};

const atWork = () => new ProblemError('illegal-state', 'the first request with this Idempotency-Key is still being processed');

/** Another run of the same request, which was slow rather than dead, has taken effect meanwhile. */
class DoneBefore extends Error {
	readonly record: IdempotencyRecord;
	constructor(record: IdempotencyRecord) {
		super('another run of the request has taken effect');
		this.record = record;
	}
}

type Committing = {
	commitment: Omit<Commitment, 'made'>;
	request: Request;
	begin(): Promise<IdempotencyRecord | undefined>;
};

/** The ports of a request whose first transaction also records that it took effect: a second run of it fails, whatever it would do. */
const committing = (ports: Ports, { commitment, request, begin }: Committing): Ports => {
	const { store } = ports;
	const transact = async (writes: readonly Write[]): Promise<void> => {
		const made = request.params?.['id'] ?? createdIn(writes);
		try {
			await store.transact(made === undefined ? writes : [...writes, { commit: { ...commitment, made } }]);
		} catch (error) {
			if (!(error instanceof StaleRead)) throw error;
			const record = await begin();
			throw record?.made === undefined && record?.status === undefined ? error : new DoneBefore(record);
		}
	};
	// Ports that a function does not have throw where they are read: they are inherited, not copied.
	return Object.create(ports, { store: { value: { ...store, transact }, enumerable: true } });
};

const createdIn = (writes: readonly Write[]): string | undefined =>
	writes.flatMap((write) => ('put' in write && write.current === undefined ? [write.next.id] : []))[0];
