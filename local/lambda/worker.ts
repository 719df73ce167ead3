import { parentPort, workerData } from 'node:worker_threads';

type Job = { id: number; event: unknown; context: object };

/** Runs in a thread of its own: loads a function's bundle once and answers one event after another. */
const { handler } = (await import((workerData as { bundle: string }).bundle)) as {
	handler(event: unknown, context: object): Promise<unknown>;
};

parentPort?.on('message', async ({ id, event, context }: Job) => {
	try {
		parentPort?.postMessage({ id, result: await handler(event, context) });
	} catch (error) {
		parentPort?.postMessage({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
	}
});
parentPort?.postMessage({ ready: true });
