import { spawn } from 'node:child_process';
import type { RouterDriver } from './driver.ts';

/** A machine of the user's, behind an argument vector such as `["ssh", "router1", "sh", "-s"]`. */
export const execDriver = (argv: readonly string[]): RouterDriver => ({
	run: (program, timeoutMs) =>
		new Promise((resolve, reject) => {
			const [command = '', ...rest] = argv;
			const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
			const output = { stdout: '', stderr: '' };
			let late = false;
			const timer = setTimeout(() => {
				late = true;
				// Its own process group, so that what it started ends with it.
				if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
			}, timeoutMs);
			child.stdout.on('data', (chunk: Buffer) => {
				output.stdout += chunk.toString();
			});
			child.stderr.on('data', (chunk: Buffer) => {
				output.stderr += chunk.toString();
			});
			child.on('error', (error) => {
				clearTimeout(timer);
				reject(error);
			});
			child.on('close', (code) => {
				clearTimeout(timer);
				resolve({ code: late ? 124 : (code ?? 137), ...output });
			});
			// A command that ends without reading all of it says so by its exit code.
			child.stdin.on('error', () => {});
			child.stdin.end(program);
		}),
	stop: async () => {},
});
