import type * as z from 'zod';
import type { Ports } from '../ports.ts';
import type { Caller } from '../usecases/shared/caller.ts';
import type { RouteId, RouteOf } from './routes.ts';

type Parsed<R, Part extends 'params' | 'query' | 'body'> = R extends { [P in Part]: z.ZodType<infer T> } ? T : undefined;

export type Request<Id extends RouteId> = {
	caller: Caller;
	params: Parsed<RouteOf<Id>, 'params'>;
	query: Parsed<RouteOf<Id>, 'query'>;
	body: Parsed<RouteOf<Id>, 'body'>;
	ifMatch: string | undefined;
};

/** What a route answers; the status is the route's own unless it says otherwise. */
export type Answer = { body?: object; status?: number; headers?: Record<string, string> };

export type Operation<Id extends RouteId> = (ports: Ports, request: Request<Id>) => Promise<Answer>;
export type Operations<Id extends RouteId> = { [One in Id]: Operation<One> };

/** An entity with its ETag. */
export const entity = <T extends { version: number }>(body: T, status?: number): Answer => ({
	body,
	headers: { etag: `"${body.version}"` },
	...(status === undefined ? {} : { status }),
});
