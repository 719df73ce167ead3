import type { Settings as FunctionSettings, TouchedName } from '../functions/environment.ts';
import type { Together, TouchedDocument, TouchedQueue, TouchedTable } from '../functions/http/chain/touches.ts';
import { scriptsVersion } from '../router/build.ts';
import type { RouterDocuments } from './constructs/router-documents.ts';
import type { WorkQueue } from './constructs/work-queue.ts';
import { alertTopics, cursorSecret, type Settings } from './settings.ts';
import type { StatefulStack } from './stateful-stack.ts';

type Parts = {
	settings: Settings;
	stateful: StatefulStack;
	queues: Record<TouchedQueue, WorkQueue>;
	documents: RouterDocuments;
	/** The stack has a user pool of its own. */
	cognito: boolean;
};

const tableVariables = {
	accounts: 'TABLE_ACCOUNTS',
	vpcs: 'TABLE_VPCS',
	vpnGateways: 'TABLE_VPN_GATEWAYS',
	customerGateways: 'TABLE_CUSTOMER_GATEWAYS',
	connections: 'TABLE_CONNECTIONS',
	events: 'TABLE_EVENTS',
	alertSubscriptions: 'TABLE_ALERT_SUBSCRIPTIONS',
	usage: 'TABLE_USAGE',
	control: 'TABLE_CONTROL',
} as const satisfies Record<TouchedTable, TouchedName>;
const queueVariables = {
	reconcile: 'QUEUE_RECONCILE_URL',
	check: 'QUEUE_CHECK_URL',
	alert: 'QUEUE_ALERT_URL',
} as const satisfies Record<TouchedQueue, TouchedName>;
const documentVariables = {
	apply: 'DOCUMENT_APPLY',
	check: 'DOCUMENT_CHECK',
	logs: 'DOCUMENT_LOGS',
	inspect: 'DOCUMENT_INSPECT',
} as const satisfies Record<TouchedDocument, TouchedName>;

/** The settings of the deployment, and the names of what the function touches and of nothing else. One that touches nothing is told nothing. */
export const functionEnvironment = (touches: Together, parts: Parts): Record<string, string> => {
	const names = namesOf(touches, parts);
	return Object.keys(names).length === 0 ? {} : { ...settingsOf(parts), ...names };
};

const namesOf = (
	{ tables, indexes, queues, documents, secrets, cursors, topics }: Together,
	parts: Parts,
): Partial<Record<TouchedName, string>> => ({
	...Object.fromEntries(
		(Object.keys({ ...tables, ...indexes }) as TouchedTable[]).map((table) => [
			tableVariables[table],
			parts.stateful.tables[table].tableName,
		]),
	),
	...Object.fromEntries(queues.map((queue) => [queueVariables[queue], parts.queues[queue].queue.queueUrl])),
	...Object.fromEntries(documents.map((document) => [documentVariables[document], parts.documents.names[document]])),
	...(secrets.includes('PutParameter') ? { PSK_KEY_ID: parts.stateful.pskKey.keyArn } : {}),
	...(cursors ? { CURSOR_SECRET: cursorSecret(parts.settings) } : {}),
	...(topics.length > 0 ? { ALERT_TOPIC_PREFIX: alertTopics(parts.settings) } : {}),
});

const settingsOf = ({ settings, cognito }: Parts): Record<keyof FunctionSettings, string> => ({
	STAGE: settings.stage,
	PSK_PREFIX: `/s2s/${settings.stage}`,
	CHECK_INTERVAL_SECONDS: String(settings.routerCheckInterval),
	MAX_CONNECTIONS_PER_GATEWAY: String(settings.maxConnectionsPerGateway),
	ROUTES_PER_TABLE: String(settings.routesPerTable),
	CRYPTO_FLOOR: JSON.stringify(settings.cryptoFloor),
	PUBLIC_REMOTE_CIDRS: settings.publicRemoteCidrs,
	ALERTING: JSON.stringify(settings.alerting),
	ACCOUNT_CLAIM: settings.accountClaim ?? (cognito ? 'custom:account' : 'account'),
	GROUPS_CLAIM: settings.groupsClaim ?? (cognito ? 'cognito:groups' : 'groups'),
	DOCS_BASE_URL: settings.docsBaseUrl,
	ROUTER_SCRIPTS: scriptsVersion(),
});
