import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { httpApi } from './api/gateway.ts';
import { localIssuer } from './api/issuer.ts';
import { localCalls } from './api/local-calls.ts';
import { throttle } from './api/throttle.ts';
import { createQueues } from './deploy/create-queues.ts';
import { createTables } from './deploy/create-tables.ts';
import { eventSourcesOf } from './deploy/event-sources-of.ts';
import { functionsOf } from './deploy/functions-of.ts';
import { routesOf } from './deploy/routes-of.ts';
import { scheduleOf } from './deploy/schedule-of.ts';
import { throttlingOf } from './deploy/throttling-of.ts';
import { tokenNamesOf } from './deploy/token-names-of.ts';
import { authorityOf } from './iam/authority.ts';
import { authorizer } from './iam/authorizer.ts';
import { type Call, callLog } from './iam/call-log.ts';
import { keyring } from './iam/keyring.ts';
import type { Lab } from './lab/lab.ts';
import { close, listen } from './listen.ts';
import { startLostRoutersAnew } from './routers/lost-routers.ts';
import { routerFleet } from './routers/router-fleet.ts';
import { type RoutersFile, readRoutersFile } from './routers/routers-file.ts';
import { readStack, region, tableNamed } from './stack.ts';
import { startStandIns } from './stand-ins.ts';

export type Platform = {
	url: string;
	token(caller: { account?: string; admin?: boolean }): Promise<string>;
	/** Every call of a function, a router or an AWS service that was authorized or denied. */
	calls(): Call[];
	stop(): Promise<void>;
};
type Options = {
	dir: string;
	port: number;
	cdkOut: string;
	routersFile?: string;
	lab?: Lab;
	routers?: RoutersFile;
	/** How many functions may run at once in all: the quota of an account. */
	mostFunctions?: number;
};

/** The synthesized app on this machine: exactly what is deployed, with stand-ins for AWS. */
export const startPlatform = async ({
	dir,
	port,
	cdkOut,
	routersFile,
	lab,
	routers = {},
	mostFunctions = 1_000,
}: Options): Promise<Platform> => {
	for (const folder of [dir, join(dir, 'logs'), join(dir, 'sqs'), join(dir, 'ssm')])
		await mkdir(folder, { recursive: true, mode: 0o700 });
	const stack = await readStack(cdkOut);
	const authority = authorityOf(stack);
	const calls = callLog();
	const authorize = authorizer({ authority, calls });
	const keys = keyring();

	const fleet = routerFleet({ file: { ...(await readRoutersFile(routersFile, dir)), ...routers }, dir, lab });
	const standIns = await startStandIns({ stack, dir, fleet, authority, authorize, keys });
	const { doors, sqs, rows, resolve, outbox, confirm, commands, served, routeTables } = standIns;
	await createTables(stack, { resolve, client: rows });
	await createQueues(stack, { resolve, sqs });

	const functions = functionsOf(stack, {
		resolve,
		cdkOut,
		logDir: join(dir, 'logs'),
		environment: {
			AWS_REGION: region,
			AWS_ENDPOINT_URL_DYNAMODB: doors.dynamodb.url,
			AWS_ENDPOINT_URL_SQS: doors.sqs.url,
			AWS_ENDPOINT_URL_SNS: doors.sns.url,
			AWS_ENDPOINT_URL_SSM: doors.ssm.url,
			AWS_ENDPOINT_URL_EC2: doors.ec2.url,
		},
		most: mostFunctions,
		authority,
		authorize,
		keys,
	});
	const sources = eventSourcesOf(stack, { resolve, functions, authority, keys, sqs: { door: doors.sqs.url, url: sqs.url } });
	const schedule = scheduleOf(stack, { resolve, functions, authority, authorize });

	const issuer = await localIssuer(dir, tokenNamesOf(stack, resolve));
	const throttled = throttle(throttlingOf(stack));
	const api = httpApi({ routes: routesOf(stack, { resolve, functions, authorize }), issuer, throttled });
	/** No message is waiting or being processed; messages that are delayed do not count. */
	const isIdle = () => !sources.isBusy() && sources.queues.every((name) => sqs.readyMessages(name) === 0);
	const local = localCalls({ issuer, outbox, confirm, fleet, routeTables, served, commands, tick: schedule.tick, isIdle });

	const server = createServer((request, response) => {
		const answer = request.url?.startsWith('/_local/') ? local(request, response) : api(request, response);
		answer.catch((error: unknown) => {
			console.error(error);
			if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ message: 'Internal Server Error' }));
		});
	});
	// Before anybody else is let in, who would read what is true no more.
	const inside = await listen(server);
	const vpcsTable = tableNamed(stack, 'Tables/vpcs');
	await startLostRoutersAnew({ client: rows, vpcsTable, fleet, url: inside, token: await issuer.token({ admin: true }) });
	await close(server);

	const url = await listen(server, port);
	sources.start();
	schedule.start();

	return {
		url,
		token: issuer.token,
		calls: calls.list,
		async stop() {
			schedule.stop();
			await close(server);
			await sources.stop();
			await functions.stop();
			await standIns.stop();
			await fleet.stop();
		},
	};
};
