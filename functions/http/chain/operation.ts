import type * as z from 'zod';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../../usecases/shared/caller.ts';
import type { Route } from './route.ts';

type Parsed<R, Part extends 'params' | 'query' | 'body'> = R extends { [P in Part]: z.ZodType<infer T> } ? T : undefined;

export type Request<R extends Route> = {
	caller: Caller;
	params: Parsed<R, 'params'>;
	query: Parsed<R, 'query'>;
	body: Parsed<R, 'body'>;
	ifMatch: string | undefined;
};

/** The status is the route's own unless one is given. */
export type Answer = {
	body?: object;
	status?: number;
	headers?: Record<string, string>;
	/** Fields of the body that are answered this once, and kept nowhere. */
	unkept?: object;
};

export type Operation<R extends Route> = (ports: Ports, request: Request<R>) => Promise<Answer>;
/** One operation for each route, under its id. */
export type Operations<Routes extends readonly Route[]> = { [R in Routes[number] as R['id']]: Operation<R> };

/** An entity with its ETag. */
export const entity = <T extends { version: number }>(body: T, status?: number): Answer => ({
	body,
	headers: { etag: `"${body.version}"` },
	...(status === undefined ? {} : { status }),
});
