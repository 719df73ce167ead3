import { connect } from 'node:net';

export type Ran = { code: number; stdout: string; stderr: string };
export type RunOptions = { stdin?: string; env?: Record<string, string>; timeoutMs?: number };
export type Running = { ended: Promise<Ran>; stop(): void };

const encoded = (word: string): string =>
	[...Buffer.from(word)]
		.map((byte) =>
			/[A-Za-z0-9_./-]/.test(String.fromCharCode(byte))
				? String.fromCharCode(byte)
				: `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
		)
		.join('');

/** Runs a command on a node of the guest whose agent listens at the port. The protocol is described in guest/agent.pl. */
export const runOnNode = (port: number, node: string, argv: readonly string[], options: RunOptions = {}): Running => {
	const input = Buffer.from(options.stdin ?? '');
	const head = [
		`node ${encoded(node)}`,
		`limit ${Math.ceil((options.timeoutMs ?? 600_000) / 1000)}`,
		`stdin ${input.length}`,
		...Object.entries(options.env ?? {}).map(([name, value]) => `env ${encoded(`${name}=${value}`)}`),
		...argv.map((word) => `arg ${encoded(word)}`),
	];
	const socket = connect({ port, host: '127.0.0.1' }, () =>
		socket.write(Buffer.concat([Buffer.from(`${head.join('\n')}\n\n`), input])),
	);
	let rest: Buffer = Buffer.alloc(0);
	const output: Record<'o' | 'e', Buffer[]> = { o: [], e: [] };
	let code: number | undefined;
	let stopped = false;
	const result = (): Ran => ({
		code: code ?? 137,
		stdout: Buffer.concat(output.o).toString(),
		stderr: Buffer.concat(output.e).toString(),
	});
	const ended = new Promise<Ran>((resolve, reject) => {
		socket.on('error', reject);
		socket.on('data', (chunk: Buffer) => {
			rest = Buffer.concat([rest, chunk]);
			for (;;) {
				const newline = rest.indexOf(10);
				if (newline < 0) return;
				const kind = rest.subarray(0, 1).toString();
				const size = Number(rest.subarray(1, newline).toString());
				if (rest.length < newline + 1 + size) return;
				const bytes = rest.subarray(newline + 1, newline + 1 + size);
				if (kind === 'x') code = Number(bytes.toString());
				else output[kind === 'e' ? 'e' : 'o'].push(bytes);
				rest = rest.subarray(newline + 1 + size);
			}
		});
		socket.on('close', () => {
			if (code === undefined && !stopped) reject(new Error(`the lab's agent hung up on "${argv[0]}" at ${node}`));
			else resolve(result());
		});
	});
	return {
		ended,
		stop: () => {
			stopped = true;
			socket.destroy();
		},
	};
};
