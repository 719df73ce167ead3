import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

type Answer = { return?: unknown; error?: { desc: string } };

/** Talks to a qemu by its machine protocol (QMP), at the socket that it was told to listen on. */
const monitorAt = async (path: string) => {
	const socket = connect(path);
	await once(socket, 'connect');
	const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
	const ask = async (execute: string, args: object = {}): Promise<unknown> => {
		socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
		// Between a question and its answer stand the greeting and events.
		for (;;) {
			const { value, done } = await lines.next();
			if (done === true) throw new Error(`qemu hung up on ${execute}`);
			const answer = JSON.parse(value) as Answer;
			if (answer.error !== undefined) throw new Error(`qemu refused ${execute}: ${answer.error.desc}`);
			if ('return' in answer) return answer.return;
		}
	};
	await ask('qmp_capabilities');
	return { ask, close: () => void socket.destroy() };
};

const bytesASecond = 10e9;
const lookMs = 50;

/** Writes all that a machine is at this moment into a file, from which another qemu can go on (`-incoming`); the machine itself goes on too. */
export const writeMachine = async (monitorPath: string, to: string): Promise<void> => {
	const monitor = await monitorAt(monitorPath);
	try {
		await monitor.ask('migrate-set-parameters', { 'max-bandwidth': bytesASecond });
		await monitor.ask('migrate', { uri: `exec:cat >'${to}'` });
		for (;;) {
			const { status } = (await monitor.ask('query-migrate')) as { status?: string };
			if (status === 'completed') break;
			if (status === 'failed' || status === 'cancelled') throw new Error(`qemu could not write its machine to ${to}: ${status}`);
			await new Promise((resolve) => setTimeout(resolve, lookMs));
		}
		await monitor.ask('cont');
	} finally {
		monitor.close();
	}
};
