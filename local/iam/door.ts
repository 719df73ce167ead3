import { createServer, type IncomingMessage } from 'node:http';
import { type Answer, forwarder } from '../dynamodb/forward.ts';
import { bodyOf, close, listenInside } from '../listen.ts';
import type { Authorize } from './authorizer.ts';
import type { Keyring } from './keyring.ts';
import type { Need } from './need.ts';
import type { Protocol } from './protocols.ts';

type Options = {
	to: string;
	protocol: Protocol;
	needs(operation: string, input: never): Need[] | undefined | Promise<Need[] | undefined>;
	keys: Keyring;
	authorize: Authorize;
};
export type Door = { url: string; stop(): Promise<void> };

/** In front of a service: who may not, comes no further. What is behind the door asks nobody, and answers no page in a browser. */
export const openDoor = async ({ to, protocol, needs, keys, authorize }: Options): Promise<Door> => {
	const { forward, close: closeForwarder } = forwarder(to);

	const answerTo = async (request: IncomingMessage): Promise<Answer> => {
		const body = await bodyOf(request);
		const session = keys.whose(request.headers.authorization);
		if (session === undefined) return protocol.unknownCaller();
		const { operation, input } = protocol.read(request, body);
		const needed = await needs(operation, input as never);
		if (needed === undefined) return protocol.refuse(`${operation} is not known here: what it needs cannot be decided`);
		const denial = authorize(session.role, needed, session.flow);
		if (denial !== undefined) return protocol.refuse(denial.message);
		// DynamoDB Local keeps a database for each access key.
		request.headers.authorization = request.headers.authorization?.replace(/Credential=[^/]+\//, 'Credential=local/');
		return forward(request, body);
	};

	const server = createServer((request, response) => {
		answerTo(request).then(
			({ status, headers, body }) => response.writeHead(status, headers).end(body),
			(error: unknown) => response.writeHead(500).end(String(error)),
		);
	});
	// A connection kept for the next call must not be closed under it.
	server.keepAliveTimeout = 0;
	const url = await listenInside(server);
	return {
		url,
		async stop() {
			await close(server);
			closeForwarder();
		},
	};
};
