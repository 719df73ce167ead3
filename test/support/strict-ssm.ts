import { join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ssmRouterShell } from '../../functions/adapters/ssm/ssm-router-shell.ts';
import type { RouterShell } from '../../functions/ports.ts';
import { authorityOf } from '../../local/iam/authority.ts';
import { authorizer } from '../../local/iam/authorizer.ts';
import { callLog } from '../../local/iam/call-log.ts';
import { openDoor } from '../../local/iam/door.ts';
import { keyring } from '../../local/iam/keyring.ts';
import { ssmNeeds } from '../../local/iam/needs/ssm.ts';
import { ssmProtocol } from '../../local/iam/protocols.ts';
import { type RouterFleet, routerFleet } from '../../local/routers/router-fleet.ts';
import { type Document, documentOf } from '../../local/ssm/document.ts';
import { parameterStore } from '../../local/ssm/parameter-store.ts';
import { runCommand } from '../../local/ssm/run-command.ts';
import { startSsm } from '../../local/ssm/start-ssm.ts';
import { physicalName, readStack, region } from '../../local/stack.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';

export type StrictSsm = {
	/** As the function of the handler has it: its role, and the documents of the stack. */
	shellOf(handler: string): RouterShell;
	steer: RouterFleet['steer'];
	stop(): Promise<void>;
};

/** The local Systems Manager with its door, over routers that report without a daemon, each a folder below `dir`. */
export const strictSsm = async (dir: string, instanceIds: readonly string[]): Promise<StrictSsm> => {
	await synthesize(() => {});
	const stack = await readStack(cdkOut);
	const resolve = (resource: (typeof stack.resources)[number]) => stack.resolve(resource, (name) => name);
	const authority = authorityOf(stack);
	const keys = keyring();
	const quick = join(import.meta.dirname, 'quick-router.sh');
	const file = Object.fromEntries(instanceIds.map((id) => [id, { driver: 'exec' as const, argv: ['sh', quick, join(dir, id)] }]));
	const fleet = routerFleet({ file, dir, lab: undefined });
	const parameters = await parameterStore(dir);
	const documents = new Map(
		stack.ofType('AWS::SSM::Document').map((resource): [string, Document] => {
			const { Name, Content } = resolve(resource) as { Name: string; Content: unknown };
			return [Name, documentOf(Name, Content)];
		}),
	);
	const ssm = await startSsm({
		secrets: { call: () => undefined },
		parameters,
		commands: runCommand({ documents, parameters, ...fleet, refusedKeys: async () => new Map() }),
	});
	const door = await openDoor({
		to: ssm.url,
		protocol: ssmProtocol,
		needs: ssmNeeds({ tagsOf: (id) => fleet.instanceOf(id).tags, keyOf: parameters.keyOf }),
		keys,
		authorize: authorizer({ authority, calls: callLog() }),
	});
	const clients: SSMClient[] = [];

	return {
		shellOf(handler) {
			const name = `${handler.replaceAll('-', '')}Function`;
			const fn = stack.ofType('AWS::Lambda::Function').find((one) => physicalName(one).includes(name));
			if (fn === undefined) throw new Error(`the app has no function ${handler}`);
			const role = authority.role(String(resolve(fn)['Role']));
			const { credentials } = keys.begin(role, handler);
			const client = new SSMClient({ region, endpoint: door.url, credentials });
			clients.push(client);
			const named = (document: string) => [...documents.keys()].find((one) => one.endsWith(`-${document}`)) ?? '';
			return ssmRouterShell(client, {
				apply: named('apply'),
				check: named('check'),
				logs: named('logs'),
				inspect: named('inspect'),
			});
		},
		steer: fleet.steer,
		async stop() {
			for (const client of clients) client.destroy();
			await door.stop();
			await Promise.all([ssm.stop(), fleet.stop()]);
		},
	};
};
