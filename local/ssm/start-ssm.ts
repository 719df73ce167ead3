import { createServer } from 'node:http';
import { bodyOf, close, listenInside } from '../listen.ts';
import type { ParameterStore } from './parameter-store.ts';
import type { runCommand } from './run-command.ts';
import type { SecretReferences } from './secret-references.ts';
import { SsmError } from './ssm-error.ts';

export type LocalSsm = { url: string; stop(): Promise<void> };

/** Systems Manager's JSON protocol over the two parts of it that are in use. */
export const startSsm = async (parts: {
	parameters: ParameterStore;
	secrets: SecretReferences;
	commands: ReturnType<typeof runCommand>;
}): Promise<LocalSsm> => {
	const server = createServer(async (request, response) => {
		const operation = String(request.headers['x-amz-target'] ?? '').replace('AmazonSSM.', '');
		const send = (status: number, body: object) =>
			response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
		try {
			const input = JSON.parse((await bodyOf(request)).toString()) as Record<string, unknown>;
			const answer =
				parts.parameters.call(operation, input) ?? parts.secrets.call(operation, input) ?? parts.commands.call(operation, input);
			if (answer === undefined) throw new SsmError('InvalidAction', `${operation} is not answered here`);
			send(200, await answer);
		} catch (error) {
			if (error instanceof SsmError) send(400, { __type: error.type, message: error.message });
			else send(500, { __type: 'InternalServerError', message: error instanceof Error ? error.message : String(error) });
		}
	});
	const url = await listenInside(server);
	return { url, stop: () => close(server) };
};
