import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { bodyOf } from '../listen.ts';

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

/** Hands requests on as they came, and their answers as they are: the client checks the answer's CRC-32. */
export const forwarder = (to: string) => {
	const { Agent, request: open } = to.startsWith('https:') ? https : http;
	const agent = new Agent({ keepAlive: true });

	return {
		async forward(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
			const { connection: _connection, 'keep-alive': _keepAlive, ...headers } = request.headers;
			const outgoing = open(new URL(request.url ?? '/', to), { method: request.method, headers, agent });
			outgoing.end(body);
			const [incoming] = (await once(outgoing, 'response')) as [http.IncomingMessage];
			const { connection: _hop, 'keep-alive': _alive, 'transfer-encoding': _chunks, ...answered } = incoming.headers;
			return { status: incoming.statusCode ?? 500, headers: answered, body: await bodyOf(incoming) };
		},
		close: () => agent.destroy(),
	};
};
