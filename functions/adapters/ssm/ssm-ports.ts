import { SSMClient } from '@aws-sdk/client-ssm';
import { nameOf, namesOf, settings } from '../../environment.ts';
import type { Ports } from '../../ports.ts';
import { ssmRouterShell } from './ssm-router-shell.ts';
import { ssmSecrets } from './ssm-secrets.ts';

/** Parameter Store and Run Command. Commands that are refused are counted, for an alarm. */
export const ssmPorts =
	() =>
	({ metrics }: Pick<Ports, 'metrics'>): Pick<Ports, 'secrets' | 'routers'> => {
		const client = new SSMClient({});
		return {
			routers: ssmRouterShell(
				client,
				namesOf({
					apply: 'DOCUMENT_APPLY',
					check: 'DOCUMENT_CHECK',
					logs: 'DOCUMENT_LOGS',
					inspect: 'DOCUMENT_INSPECT',
				}),
				(commands) => metrics.count('RefusedCommands', commands),
			),
			secrets: ssmSecrets(client, { prefix: settings().PSK_PREFIX, keyId: () => nameOf('PSK_KEY_ID') }),
		};
	};
