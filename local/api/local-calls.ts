import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { AccountId, RouterInstanceId } from '../../functions/domain/model/ids.ts';
import { RouteTableId } from '../../functions/domain/model/route-table.ts';
import { parse, parseJson } from '../../functions/http/chain/parse.ts';
import { ProblemError } from '../../functions/usecases/shared/problem-error.ts';
import { type LocalRouteTables, TableSteering } from '../ec2/route-tables.ts';
import { boundedBodyOf, targetOf } from '../listen.ts';
import { type RouterFleet, Steering } from '../routers/router-fleet.ts';
import type { Outbox } from '../sns/outbox.ts';
import { type Issuer, longestLifeSeconds } from './issuer.ts';
import { notFromHere } from './local-only.ts';

type Outside = {
	issuer: Issuer;
	outbox: Outbox;
	confirm(token: string): Promise<boolean>;
	fleet: RouterFleet;
	routeTables: LocalRouteTables;
	served: { steerAccount(instanceId: string, account: string): void };
	commands: { history(): object[] };
	tick(): Promise<void>;
	isIdle(): boolean;
};

/** The tenant of the demo. */
export const demoAccount = 'demo';

const TokenRequest = z.strictObject({
	account: AccountId,
	admin: z.boolean().optional(),
	expiresInSeconds: z.int().min(1).max(longestLifeSeconds).optional(),
});
/** `account`: the one that the role of the instance is tagged for. */
const RouterSteering = Steering.extend({ account: AccountId.optional() });
const idleLooks = 3;
const lookMs = 100;

/** Calls for programs and tests on this machine, which no deployment has: they give away tokens, so no page in a browser gets through. */
export const localCalls = ({ issuer, outbox, confirm, fleet, routeTables, served, commands, tick, isIdle }: Outside) => {
	const answers: Record<string, (body: unknown, path: string) => Promise<unknown>> = {
		'GET /_local/health': async () => ({ status: 'ok' }),
		'GET /_local/tokens': async () => ({
			admin: await issuer.token({ admin: true }),
			tenant: await issuer.token({ account: demoAccount }),
		}),
		'POST /_local/tokens': async (body) => ({ token: await issuer.token(parse(TokenRequest, body, 'body')) }),
		'GET /_local/outbox': () => outbox.list(),
		'GET /_local/commands': async () => commands.history(),
		'POST /_local/tick': async () => {
			await tick();
			for (let idle = 0; idle < idleLooks; ) {
				await new Promise((resolve) => setTimeout(resolve, lookMs));
				idle = isIdle() ? idle + 1 : 0;
			}
			return { status: 'done' };
		},
	};

	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const send = (status: number, body: unknown) =>
			void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		const why = notFromHere(request);
		if (why !== undefined) return send(403, { message: why });
		const path = targetOf(request)?.pathname ?? '';
		const sent = await boundedBodyOf(request);
		if (sent === undefined) return send(413, { message: 'Request Entity Too Large' });
		const text = sent.toString();
		try {
			const body = text === '' ? undefined : parseJson(text);
			const router = /^\/_local\/routers\/([^/]+)$/.exec(path)?.[1];
			if (request.method === 'PUT' && router !== undefined) {
				parse(RouterInstanceId, router, 'path');
				const { account, ...steering } = parse(RouterSteering, body, 'body');
				if (account !== undefined) served.steerAccount(router, account);
				const steered = await fleet.steer(router, steering);
				return steered ? send(200, { status: 'done' }) : send(404, { message: `${router} is not a simulated router` });
			}
			const confirmation = /^\/_local\/confirmations\/([^/]+)$/.exec(path)?.[1];
			if (confirmation !== undefined && request.method === 'POST')
				return (await confirm(confirmation))
					? send(200, { status: 'done' })
					: send(404, { message: 'no confirmation is owed by this token' });
			const table = /^\/_local\/route-tables\/([^/]+)$/.exec(path)?.[1];
			if (table !== undefined) parse(RouteTableId, table, 'path');
			if (table !== undefined && request.method === 'GET') {
				const found = await routeTables.read(table);
				return found === undefined ? send(404, { message: `${table} does not exist` }) : send(200, found);
			}
			if (table !== undefined && request.method === 'PUT')
				return send(200, await routeTables.steer(table, parse(TableSteering, body, 'body')));
			const answer = answers[`${request.method} ${path}`];
			return answer === undefined ? send(404, { message: 'Not Found' }) : send(200, await answer(body, path));
		} catch (error) {
			if (error instanceof ProblemError) return send(400, { message: error.message });
			throw error;
		}
	};
};
