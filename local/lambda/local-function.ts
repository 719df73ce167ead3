import { randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Session } from '../iam/keyring.ts';
import type { Concurrency } from './concurrency.ts';
import { flowOf } from './flow-of.ts';
import { runtimeVariables } from './runtime-variables.ts';
import type { Job } from './worker.ts';

export type LocalFunction = {
	name: string;
	/**
	 * Throws FunctionError for what the function threw, or where its time was over, FunctionStopped where the platform ends meanwhile, and
	 * TooManyRequests where it may not run now.
	 */
	invoke(event: unknown): Promise<unknown>;
	stop(): Promise<void>;
};
export class FunctionError extends Error {}
export class FunctionStopped extends FunctionError {}

type Settings = {
	name: string;
	arn: string;
	assetDir: string;
	environment: Record<string, string>;
	timeoutSeconds: number;
	memoryMb: number;
	logGroup: string;
	logFile: string;
	/** Of the account, of which all its functions take. */
	concurrency: Concurrency;
	/** Each worker is a session of the function's role. */
	begin(): Session;
	/** Whether the role may do as much to its own log stream: what it may not write is lost, and nobody hears of it. */
	mayLog(session: Session, action: 'CreateLogStream' | 'PutLogEvents'): boolean;
};
type Reply = { id: number; result?: unknown; error?: string } | { ready: true };

/** X-Ray developer guide, "Tracing header". */
const newTrace = (): string => {
	const seconds = Math.floor(Date.now() / 1_000).toString(16);
	return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=1`;
};

/** Memory is this machine's: so many events of one function at once, the others wait. */
const mostWorkers = 8;

/** One Lambda: its bundle in worker threads with its own environment; one event a thread at a time, and a kill where it is late. */
export const localFunction = ({
	name,
	arn,
	assetDir,
	environment,
	timeoutSeconds,
	memoryMb,
	logGroup,
	logFile,
	begin,
	mayLog,
	concurrency,
}: Settings): LocalFunction => {
	const log = createWriteStream(logFile, { flags: 'a' });
	const idle: Worker[] = [];
	const all = new Set<Worker>();
	const waiting: ((worker: Worker) => void)[] = [];
	const sessions = new Map<Worker, { session: Session; write(text: string): void }>();
	let stopped = false;

	/** How many events each thread was given: it is frozen until the next one. */
	const given = new WeakMap<Worker, Int32Array>();

	const start = (): Worker => {
		const wake = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
		const session = begin();
		const worker = new Worker(new URL('./worker.ts', import.meta.url), {
			workerData: { bundle: pathToFileURL(join(assetDir, 'index.mjs')).href, wake },
			env: {
				...environment,
				...runtimeVariables({ name, memoryMb, logGroup }),
				AWS_ACCESS_KEY_ID: session.credentials.accessKeyId,
				AWS_SECRET_ACCESS_KEY: session.credentials.secretAccessKey,
			},
			stdout: true,
			stderr: true,
		});
		given.set(worker, new Int32Array(wake));
		const hasStream = mayLog(session, 'CreateLogStream');
		const write = (text: Buffer | string) => {
			if (hasStream && mayLog(session, 'PutLogEvents') && !log.writableEnded) log.write(text);
		};
		worker.stdout.on('data', write);
		worker.stderr.on('data', write);
		worker.setMaxListeners(0);
		worker.on('exit', () => {
			all.delete(worker);
			sessions.delete(worker);
			session.end();
		});
		all.add(worker);
		sessions.set(worker, { session, write });
		return worker;
	};

	const take = async (): Promise<Worker> => {
		const free = idle.pop();
		if (free !== undefined) return free;
		if (all.size < mostWorkers) return start();
		return new Promise((resolve) => waiting.push(resolve));
	};
	const giveBack = (worker: Worker): void => {
		const next = waiting.shift();
		if (next === undefined) idle.push(worker);
		else next(worker);
	};
	const replace = async (worker: Worker): Promise<void> => {
		await worker.terminate();
		all.delete(worker);
		const next = waiting.shift();
		if (next !== undefined && !stopped) next(start());
	};

	let lastId = 0;
	const run = (worker: Worker, event: unknown): Promise<unknown> =>
		new Promise((resolve, reject) => {
			const id = ++lastId;
			const requestId = randomUUID();
			const { session, write } = sessions.get(worker) ?? {};
			if (session !== undefined) session.flow = flowOf(event) ?? session.flow;
			// As Lambda does, whether the function says anything or not.
			write?.(`${JSON.stringify({ time: new Date().toISOString(), type: 'platform.start', record: { requestId } })}\n`);
			const end = () => {
				clearTimeout(timer);
				worker.off('message', onMessage);
				worker.off('error', onGone);
				worker.off('exit', onGone);
			};
			const onMessage = (reply: Reply) => {
				if (!('id' in reply) || reply.id !== id) return;
				end();
				giveBack(worker);
				if (reply.error === undefined) resolve(reply.result);
				else reject(new FunctionError(reply.error));
			};
			const onGone = (why: unknown) => {
				end();
				void replace(worker);
				const text = `${name} ended: ${why instanceof Error ? (why.stack ?? why.message) : String(why)}`;
				reject(stopped ? new FunctionStopped(text) : new FunctionError(text));
			};
			const timer = setTimeout(() => onGone(`Task timed out after ${timeoutSeconds} seconds`), timeoutSeconds * 1_000);
			worker.on('message', onMessage);
			worker.on('error', onGone);
			worker.on('exit', onGone);
			const deadline = Date.now() + timeoutSeconds * 1_000;
			worker.postMessage({ id, event, invocation: { requestId, arn, trace: newTrace(), deadline } } satisfies Job);
			const count = given.get(worker);
			if (count === undefined) return;
			Atomics.add(count, 0, 1);
			Atomics.notify(count, 0);
		});

	return {
		name,
		async invoke(event) {
			const end = concurrency.begin();
			try {
				return await run(await take(), event);
			} finally {
				end();
			}
		},
		async stop() {
			stopped = true;
			await Promise.all([...all].map((worker) => worker.terminate()));
			log.end();
		},
	};
};
