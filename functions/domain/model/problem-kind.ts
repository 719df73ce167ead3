/** Every way in which a request can be refused; the HTTP layer gives each its status and its stable URN. */
export type ProblemKind =
	| 'invalid-request'
	| 'unauthenticated'
	| 'forbidden'
	| 'vpn-disabled'
	| 'not-found'
	| 'already-exists'
	| 'in-use'
	| 'gateway-exists'
	| 'remote-access-vpn'
	| 'customer-gateway-in-use'
	| 'name-taken'
	| 'request-too-large'
	| 'too-many-vpcs'
	| 'too-many-networks'
	| 'too-many-connections'
	| 'too-many-customer-gateways'
	| 'too-many-subscriptions'
	| 'too-many-routes'
	| 'too-many-requests'
	| 'peer-taken'
	| 'cidr-overlap'
	| 'unsupported-by-router'
	| 'unsupported-by-device'
	| 'crypto-denied'
	| 'illegal-state'
	| 'stale-version'
	| 'idempotency-mismatch'
	| 'router-timeout';

/** A rule's refusal, which the use case throws as a problem. `pointer` is a JSON Pointer into the request's body. */
export type Refusal = { problem: ProblemKind; detail: string; pointer?: string };

export const isRefusal = (answer: object | undefined): answer is Refusal => answer !== undefined && 'problem' in answer;
