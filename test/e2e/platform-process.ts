import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../local/listen.ts';

export type Reply = { status: number; body: unknown; headers: Headers };
export type PlatformProcess = {
	url: string;
	/** kill -9, as a crash would. */
	kill(): Promise<void>;
	start(): Promise<void>;
	stop(): Promise<void>;
	call(as: 'admin' | 'tenant' | 'nobody', method: string, path: string, body?: unknown): Promise<Reply>;
	output(): string;
};

/** The platform as a user starts it: a process of its own, reached over HTTP alone. */
export const platformProcess = async (dir: string, routersFile: string): Promise<PlatformProcess> => {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	let child: ChildProcess | undefined;
	let printed = '';
	let tokens: Record<string, string> = {};

	const healthy = async (): Promise<boolean> => {
		try {
			return (await fetch(`${url}/_local/health`)).ok;
		} catch (error) {
			if (error instanceof TypeError) return false;
			throw error;
		}
	};

	const start = async () => {
		child = spawn('node', ['local/main.ts', '--empty'], {
			env: { ...process.env, PORT: String(port), LOCAL_DIR: dir, ROUTERS: routersFile },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const keep = (chunk: Buffer) => {
			printed += chunk.toString();
		};
		child.stdout?.on('data', keep);
		child.stderr?.on('data', keep);
		for (let tries = 0; !(await healthy()); tries++) {
			if (child.exitCode !== null || tries > 600) throw new Error(`the platform did not start:\n${printed}`);
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		tokens = (await (await fetch(`${url}/_local/tokens`)).json()) as Record<string, string>;
	};

	const end = async (signal: NodeJS.Signals) => {
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, 'exit');
		child.kill(signal);
		await gone;
	};

	return {
		url,
		start,
		kill: () => end('SIGKILL'),
		stop: () => end('SIGTERM'),
		output: () => printed,
		async call(as, method, path, body) {
			const response = await fetch(`${url}${path}`, {
				method,
				headers: {
					...(as === 'nobody' ? {} : { authorization: `Bearer ${tokens[as]}` }),
					...(body === undefined ? {} : { 'content-type': 'application/json' }),
				},
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
			});
			const text = await response.text();
			return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
		},
	};
};
