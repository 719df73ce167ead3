import type * as z from 'zod';
import type { Touches } from './touches.ts';

/** One row of the route table: what the stack, the handlers and the OpenAPI document are made from. */
export type Route = {
	id: string;
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Path parameters in braces, as API Gateway has them. */
	path: string;
	/** The file in `handlers/` that answers. */
	handler: string;
	who: 'admin' | 'owner' | 'anyone';
	summary: string;
	status: 200 | 201 | 202 | 204;
	/** 202 where it has yet to reach the router, else the status above. */
	mayPend?: true;
	/** What it reads and writes outside, but for the record of an Idempotency-Key. */
	touches: Touches;
	params?: z.ZodType<Record<string, string>>;
	query?: z.ZodType;
	body?: z.ZodType;
	/** How large the body may be, where the default is too little. */
	mostBytes?: number;
	reply?: z.ZodType;
	/** The route of the same handler that shows what this one makes or changes. */
	shownBy?: string;
	/** What a repeat says besides. */
	repeated?: object;
	/** What is shown to a repeat may have yet to reach the router: then it is answered 202. */
	showsPending?: (shown: object) => boolean;
	/** A change that would do something else the second time: it takes an Idempotency-Key, as a POST does. */
	keyed?: true;
	/** What it changes has no version. */
	versionless?: true;
	/** Nothing is stored, not even for an Idempotency-Key: its answer may hold a secret, or is worth something only at once. */
	keepsNothing?: true;
};

/** Whether an Idempotency-Key of its requests is minded. */
export const takesKey = ({ method, keyed, keepsNothing }: Route): boolean =>
	(method === 'POST' || keyed === true) && keepsNothing !== true;

/** Whether it is done only to the version that an If-Match names. */
export const takesVersion = ({ method, versionless }: Route): boolean =>
	(method === 'PATCH' || method === 'PUT' || method === 'DELETE') && versionless !== true;

/** Whether a tenant may have it done, and something is stored by it. */
export const isChange = ({ method, who, keepsNothing }: Route): boolean =>
	method !== 'GET' && who === 'owner' && keepsNothing !== true;
