import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { bodyOf } from '../listen.ts';

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

/** Hands requests on as they came, and their answers as they are: the client checks the answer's CRC-32. */
export const forwarder = (to: string) => {
	const { Agent, request: open } = to.startsWith('https:') ? https : http;
	const agent = new Agent({ keepAlive: true });

	const exchange = async (
		{ path, method, headers }: { path: string; method: string | undefined; headers: http.OutgoingHttpHeaders },
		body: Buffer | string,
	): Promise<Answer> => {
		const outgoing = open(new URL(path, to), { method, headers, agent });
		outgoing.end(body);
		const [incoming] = (await once(outgoing, 'response')) as [http.IncomingMessage];
		const { connection: _hop, 'keep-alive': _alive, 'transfer-encoding': _chunks, ...answered } = incoming.headers;
		return { status: incoming.statusCode ?? 500, headers: answered, body: await bodyOf(incoming) };
	};

	return {
		forward(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
			const { connection: _connection, 'keep-alive': _keepAlive, host: _ours, ...headers } = request.headers;
			return exchange({ path: request.url ?? '/', method: request.method, headers }, body);
		},
		/** A request of our own. */
		send: (headers: http.OutgoingHttpHeaders, body: string): Promise<Answer> =>
			exchange({ path: '/', method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, body),
		close: () => agent.destroy(),
	};
};
