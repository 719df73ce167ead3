import type { ProblemKind } from '../../domain/model/problem-kind.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';

/** The status and title of every problem; its `type` is `urn:s2s-vpn:problem:<kind>`, which never changes. */
export const problems: Record<ProblemKind, { status: number; title: string }> = {
	'invalid-request': { status: 400, title: 'The request is not valid' },
	forbidden: { status: 403, title: 'Not allowed for this caller' },
	'vpn-disabled': { status: 403, title: 'VPN is disabled for the account' },
	'not-found': { status: 404, title: 'Not found' },
	'already-exists': { status: 409, title: 'It exists already' },
	'in-use': { status: 409, title: 'It is in use' },
	'gateway-exists': { status: 409, title: 'The VPC has a VPN gateway already' },
	'remote-access-vpn': { status: 409, title: 'Remote-access VPN and site-to-site VPN exclude each other' },
	'customer-gateway-in-use': { status: 409, title: 'The customer gateway is in another connection' },
	'name-taken': { status: 409, title: 'The name is taken' },
	'too-many-connections': { status: 409, title: 'The gateway has as many connections as it may' },
	'too-many-subscriptions': { status: 409, title: 'The account has as many alert subscriptions as it may' },
	'peer-taken': { status: 409, title: 'The gateway has a connection to this peer already' },
	'cidr-overlap': { status: 409, title: 'The subnets overlap' },
	'unsupported-by-router': { status: 422, title: 'The router cannot do this' },
	'unsupported-by-device': { status: 422, title: 'The device at the other end cannot do this' },
	'crypto-denied': { status: 422, title: 'The crypto suite is not allowed' },
	'illegal-state': { status: 409, title: 'Not in this state' },
	'stale-version': { status: 412, title: 'The entity has changed' },
	'idempotency-mismatch': { status: 422, title: 'The idempotency key was used for another request' },
	'router-timeout': { status: 504, title: 'The router did not answer in time' },
};

export const problemType = (kind: string): string => `urn:s2s-vpn:problem:${kind}`;

export type Reply = { status: number; headers: Record<string, string>; body?: string };

const problem = (status: number, document: object): Reply => ({
	status,
	headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
	body: JSON.stringify(document),
});

/** RFC 9457. An internal error tells the request ID and nothing else: the log has the rest under it. */
export const problemReply = (error: unknown, requestId: string): Reply => {
	if (error instanceof ProblemError) {
		const { status, title } = problems[error.kind];
		const { message: detail, errors } = error;
		return problem(status, { type: problemType(error.kind), title, status, detail, ...(errors.length > 0 ? { errors } : {}) });
	}
	const detail = `Request ${requestId} failed because of an internal error. Please try again; if it keeps failing, report this request ID.`;
	return problem(500, { type: problemType('internal'), title: 'Internal error', status: 500, detail });
};
