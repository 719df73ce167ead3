import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What lies between Systems Manager and a router's agent. */
export type Wire = {
	port: number;
	/** Hangs up on whoever calls and on those already there, as an agent that is gone. */
	refuse(refusing: boolean): Promise<void>;
	stop(): Promise<void>;
};

export const wireTo = async (agentPort: number): Promise<Wire> => {
	const open = new Set<Socket>();
	let refusing = false;
	const hangUp = () => {
		for (const socket of open) socket.destroy();
	};
	const server = createServer((near) => {
		if (refusing) {
			near.destroy();
			return;
		}
		const far = connect({ host: '127.0.0.1', port: agentPort });
		for (const [socket, other] of [
			[near, far],
			[far, near],
		] as const) {
			open.add(socket);
			socket.pipe(other);
			// Either end's failure is the other's hang-up.
			socket.on('error', () => other.destroy());
			socket.on('close', () => {
				open.delete(socket);
				other.destroy();
			});
		}
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port was given');
	return {
		port: address.port,
		async refuse(now) {
			refusing = now;
			if (now) hangUp();
		},
		async stop() {
			hangUp();
			server.close();
			await once(server, 'close');
		},
	};
};
