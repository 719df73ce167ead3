import { spawn } from 'node:child_process';
import { dyingWithUs } from '../dying-with-us.ts';
import type { RouterDriver, RouterRun } from './driver.ts';

/** A machine of the user's, behind an argument vector such as `["ssh", "router1", "sh", "-s"]`. */
export const execDriver = (argv: readonly string[]): RouterDriver => {
	const running = new Set<() => void>();

	const run = (program: string, timeoutMs: number): Promise<RouterRun> =>
		new Promise((resolve, reject) => {
			const [command = '', ...rest] = dyingWithUs(argv);
			const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
			const output = { stdout: '', stderr: '' };
			let late = false;
			// Its own process group, so that what it started ends with it; and no longer listening, since what left the group may
			// hold the streams open for ever, as a master of shared ssh connections does.
			const kill = () => {
				if (child.pid !== undefined) killGroup(child.pid);
				child.stdout.destroy();
				child.stderr.destroy();
			};
			const timer = setTimeout(() => {
				late = true;
				kill();
			}, timeoutMs);
			const ended = () => {
				clearTimeout(timer);
				running.delete(kill);
			};
			running.add(kill);
			child.stdout.setEncoding('utf8').on('data', (text: string) => {
				output.stdout += text;
			});
			child.stderr.setEncoding('utf8').on('data', (text: string) => {
				output.stderr += text;
			});
			child.on('error', (error) => {
				ended();
				reject(error);
			});
			child.on('close', (code) => {
				ended();
				resolve({ code: late ? 124 : (code ?? 137), ...output });
			});
			// A command that ends without reading all of it says so by its exit code.
			child.stdin.on('error', () => {});
			child.stdin.end(program);
		});

	return {
		run,
		async stop() {
			for (const kill of running) kill();
		},
	};
};

const killGroup = (leader: number): void => {
	try {
		process.kill(-leader, 'SIGKILL');
	} catch (error) {
		// Gone already.
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
};
