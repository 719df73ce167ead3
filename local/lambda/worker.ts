import { parentPort, workerData } from 'node:worker_threads';
import { type Invocation, invocationContext } from './invocation-context.ts';

export type Job = { id: number; event: unknown; invocation: Invocation };
type Given = { bundle: string; wake: SharedArrayBuffer };

const { bundle, wake } = workerData as Given;
/** How many events the thread has been given: its parent adds one to each, and so wakes it. */
const given = new Int32Array(wake);
let taken = 0;

/** Lambda's sandbox may be frozen with output under way; here all that was logged until then is to be found in the log. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> => new Promise((resolve) => stream.write('', () => resolve()));

/**
 * Runs in a thread of its own: loads a function's bundle once and answers one event after another. As Lambda does with its sandbox, it
 * freezes the thread once the handler's promise has settled: what still ran goes on with the next event, or never.
 */
const { handler } = (await import(bundle)) as { handler(event: unknown, context: object): Promise<unknown> };

const answerTo = async ({ id, event, invocation }: Job): Promise<object> => {
	process.env['_X_AMZN_TRACE_ID'] = invocation.trace;
	try {
		return { id, result: await handler(event, invocationContext(invocation, process.env)) };
	} catch (error) {
		return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
};

parentPort?.on('message', async (job: Job) => {
	const seen = ++taken;
	const answer = await answerTo(job);
	await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
	parentPort?.postMessage(answer);
	Atomics.wait(given, 0, seen);
});
parentPort?.postMessage({ ready: true });
