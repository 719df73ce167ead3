import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** What a client of the SDK needs to reach a stand-in that asks for no rights. */
export const localAccess = (endpoint: string) => ({
	region: 'us-east-1',
	endpoint,
	credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

/** The folders and stand-ins of one test file: ended after its last test, the latest first. */
export const localServices = (name: string) => {
	const cleanups: (() => Promise<void>)[] = [];
	afterAll(async () => {
		for (const cleanup of cleanups.reverse()) await cleanup();
	});
	return {
		folder: async (): Promise<string> => {
			const dir = await mkdtemp(join(tmpdir(), `${name}-`));
			cleanups.push(() => rm(dir, { recursive: true }));
			return dir;
		},
		/** Returns what stops them, which a test may call before its end. */
		running: (service: { stop(): Promise<void> }, client: { destroy(): void }): (() => Promise<void>) => {
			let running = true;
			const stop = async (): Promise<void> => {
				if (!running) return;
				running = false;
				client.destroy();
				await service.stop();
			};
			cleanups.push(stop);
			return stop;
		},
	};
};
