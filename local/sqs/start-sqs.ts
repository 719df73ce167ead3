import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { startFauxqs } from 'fauxqs';
import { notFromHere } from '../api/local-only.ts';

export type LocalSqs = {
	url: string;
	/** Makes the queue, or brings the one that is there up to date; its URL either way. */
	createQueue(name: string, attributes?: Record<string, string>): Promise<string>;
	/** How many messages wait to be taken now: neither delayed nor in flight. */
	readyMessages(name: string): number;
	stop(): Promise<void>;
};

const accountId = '000000000000';

/** fauxqs, its queues and messages in `dir`, on loopback alone. */
export const startSqs = async ({
	dir,
	port = 0,
	region = 'us-east-1',
}: {
	dir: string;
	port?: number;
	region?: string;
}): Promise<LocalSqs> => {
	await mkdir(dir, { recursive: true });
	const fauxqs = await amended(() => startFauxqs({ port, logger: false, host: '', dataDir: dir, defaultRegion: region }));
	const url = `http://127.0.0.1:${fauxqs.port}`;

	const call = async (operation: string, input: object): Promise<void> => {
		const answer = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
			body: JSON.stringify(input),
		});
		if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
	};

	return {
		url,
		async createQueue(name, attributes = {}) {
			const queueUrl = `${url}/${accountId}/${name}`;
			// fauxqs makes a queue that exists anew, and its messages are gone with the old one.
			if (fauxqs.inspectQueue(name) === undefined) fauxqs.createQueue(name, { region, attributes });
			else if (Object.keys(attributes).length > 0) {
				await call('SetQueueAttributes', { QueueUrl: queueUrl, Attributes: attributes });
			}
			return queueUrl;
		},
		readyMessages: (name) => fauxqs.inspectQueue(name)?.messages.ready.length ?? 0,
		stop: () => fauxqs.stop(),
	};
};

type Visibility = { VisibilityTimeout?: number; Entries?: Visibility[] };
type Reply = { code(status: number): Reply; send(text: string): unknown };
type Announced = {
	fastify: {
		listen(options: object): Promise<string>;
		addHook(name: 'preHandler', hook: (request: { body: unknown }) => Promise<void>): void;
		addHook(name: 'onRequest', hook: (request: { raw: IncomingMessage }, reply: Reply) => Promise<unknown>): void;
	};
};

/** Fastify announces each server it makes before it listens: the only way to reach the one that fauxqs keeps to itself. */
const amended = async <T>(start: () => Promise<T>): Promise<T> => {
	const amend = (announced: unknown): void => {
		const { fastify } = announced as Announced;
		const listen = fastify.listen.bind(fastify);
		// fauxqs would listen on every interface and has no setting for it.
		fastify.listen = (options) => listen({ ...options, host: '127.0.0.1' });
		fastify.addHook('onRequest', async ({ raw }, reply) => {
			const why = notFromHere(raw);
			return why === undefined ? undefined : reply.code(403).send(why);
		});
		fastify.addHook('preHandler', async ({ body }) => {
			if (typeof body === 'object' && body !== null) neverZero(body);
		});
	};
	subscribe('fastify.initialization', amend);
	let starting: Promise<T>;
	try {
		starting = start();
	} finally {
		unsubscribe('fastify.initialization', amend);
	}
	return starting;
};

/** fauxqs 2.4 loses a message whose timeout is set to 0 when its data is on disk; the least timeout is as good, it ends at once. */
const neverZero = (visibility: Visibility): void => {
	if (visibility.VisibilityTimeout === 0) visibility.VisibilityTimeout = Number.MIN_VALUE;
	if (Array.isArray(visibility.Entries)) for (const entry of visibility.Entries) neverZero(entry);
};
