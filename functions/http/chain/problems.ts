import type { ProblemKind } from '../../domain/model/problem-kind.ts';
import { ProblemError } from '../../usecases/shared/problem-error.ts';
import type { Reply } from './reply.ts';

/** The status and title of every problem; its `type` is `urn:s2s-vpn:problem:<kind>`, which never changes. */
export const problems: Record<ProblemKind, { status: number; title: string }> = {
	'invalid-request': { status: 400, title: 'The request is invalid' },
	unauthenticated: { status: 401, title: 'Not authenticated' },
	forbidden: { status: 403, title: 'Not allowed for this caller' },
	'vpn-disabled': { status: 403, title: 'VPN is disabled for this account' },
	'not-found': { status: 404, title: 'Not found' },
	'already-exists': { status: 409, title: 'Already exists' },
	'in-use': { status: 409, title: 'Still in use' },
	'gateway-exists': { status: 409, title: 'The VPC already has a VPN gateway' },
	'remote-access-vpn': { status: 409, title: 'A VPC cannot have both remote-access VPN and site-to-site VPN' },
	'customer-gateway-in-use': { status: 409, title: 'The customer gateway is already in use by another connection' },
	'name-taken': { status: 409, title: 'The name is already in use' },
	'request-too-large': { status: 413, title: 'The request is too large' },
	'too-many-vpcs': { status: 409, title: 'The account has reached its VPC limit' },
	'too-many-networks': { status: 409, title: 'The VPC has reached its network limit' },
	'too-many-connections': { status: 409, title: 'The VPN gateway has reached its connection limit' },
	'too-many-customer-gateways': { status: 409, title: 'The account has reached its customer gateway limit' },
	'too-many-subscriptions': { status: 409, title: 'The account has reached its alert subscription limit' },
	'too-many-routes': { status: 409, title: 'A route table of the VPC has reached its route limit' },
	'too-many-requests': { status: 429, title: 'Too many requests' },
	'peer-taken': { status: 409, title: 'The VPN gateway already has a connection to this peer' },
	'cidr-overlap': { status: 409, title: 'The subnets overlap' },
	'unsupported-by-router': { status: 422, title: 'The router does not support this' },
	'unsupported-by-device': { status: 422, title: 'The peer device does not support this' },
	'crypto-denied': { status: 422, title: 'The crypto suite is not allowed' },
	'illegal-state': { status: 409, title: 'Not allowed in the current state' },
	'stale-version': { status: 412, title: 'The resource has changed since it was read' },
	'idempotency-mismatch': { status: 422, title: 'The idempotency key was already used for a different request' },
	'router-timeout': { status: 504, title: 'The router did not answer in time' },
};

export const problemType = (kind: string): string => `urn:s2s-vpn:problem:${kind}`;

const problem = (status: number, document: object): Reply => ({
	status,
	headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
	body: JSON.stringify(document),
});

/** RFC 9457. An internal error gives only the request ID, under which the log has the details. */
export const problemReply = (error: unknown, requestId: string): Reply => {
	if (error instanceof ProblemError) {
		const { status, title } = problems[error.kind];
		const { message: detail, errors } = error;
		return problem(status, { type: problemType(error.kind), title, status, detail, ...(errors.length > 0 ? { errors } : {}) });
	}
	const detail = `Request ${requestId} failed because of an internal error. Please try again; if it keeps failing, report this request ID.`;
	return problem(500, { type: problemType('internal'), title: 'Internal error', status: 500, detail });
};
