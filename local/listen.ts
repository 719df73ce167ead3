import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { notFromHere } from './api/local-only.ts';

/** Listens on loopback and returns the URL; port 0 means any free port. */
export const listen = async (server: Server, port = 0): Promise<string> => {
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the server has no port');
	return `http://127.0.0.1:${address.port}`;
};

/** The same for what this platform's own programs call and nobody else: no page in a browser gets through, by whatever name it comes. */
export const listenInside = (server: Server, port = 0): Promise<string> => {
	const answers = server.listeners('request') as RequestListener[];
	server.removeAllListeners('request');
	server.on('request', (request, response) => {
		const why = notFromHere(request);
		if (why !== undefined) return void response.writeHead(403).end(why);
		for (const answer of answers) answer.call(server, request, response);
	});
	return listen(server, port);
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

/** API Gateway takes at most 10 MB. */
const mostBytes = 10 * 1_024 * 1_024;

/** The body of a request from anywhere; undefined where it is too large: nothing of it is kept, however much is sent. */
export const boundedBodyOf = async (request: AsyncIterable<Buffer>, most = mostBytes): Promise<Buffer | undefined> => {
	let chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		bytes += chunk.length;
		if (bytes <= most) chunks.push(chunk);
		else chunks = [];
	}
	return bytes <= most ? Buffer.concat(chunks) : undefined;
};

/** What a request asks for, its host left aside; undefined where that is no URL. */
export const targetOf = ({ url = '/' }: { url?: string | undefined }): URL | undefined =>
	URL.parse(url.startsWith('/') ? `http://localhost${url}` : url) ?? undefined;
