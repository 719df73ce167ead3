import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** Listens on loopback and returns the URL; port 0 means any free port. */
export const listen = async (server: Server, port = 0): Promise<string> => {
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the server has no port');
	return `http://127.0.0.1:${address.port}`;
};

/** A port that is free now, for a process that cannot choose one itself. */
export const freePort = async (): Promise<number> => {
	const server = createServer();
	const url = await listen(server);
	await close(server);
	return Number(new URL(url).port);
};

export const close = async (server: Server): Promise<void> => {
	const closed = once(server, 'close');
	server.close();
	server.closeAllConnections();
	await closed;
};

export const bodyOf = async (request: AsyncIterable<Buffer>): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks);
};
