import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { nameOf, namesOf } from '../../environment.ts';
import type { Ports } from '../../ports.ts';
import { documentClient } from './document-client.ts';
import { dynamoEvents } from './dynamo-events.ts';
import { dynamoRequests } from './dynamo-requests.ts';
import { dynamoSecretIntents } from './dynamo-secret-intents.ts';
import { dynamoStore } from './dynamo-store.ts';
import { dynamoSubscriptions } from './dynamo-subscriptions.ts';
import { dynamoTurns } from './dynamo-turns.ts';
import { dynamoUsage } from './dynamo-usage.ts';

/** What is kept in tables. */
export const dynamodbPorts = (): Pick<
	Ports,
	'store' | 'events' | 'requests' | 'turns' | 'secretIntents' | 'subscriptions' | 'usage'
> => {
	const client = documentClient(new DynamoDBClient({}));
	const store = dynamoStore(
		client,
		namesOf({
			accounts: 'TABLE_ACCOUNTS',
			vpcs: 'TABLE_VPCS',
			vpnGateways: 'TABLE_VPN_GATEWAYS',
			customerGateways: 'TABLE_CUSTOMER_GATEWAYS',
			connections: 'TABLE_CONNECTIONS',
			events: 'TABLE_EVENTS',
			usage: 'TABLE_USAGE',
			control: 'TABLE_CONTROL',
		}),
	);
	return {
		store,
		get events() {
			return dynamoEvents(client, nameOf('TABLE_EVENTS'));
		},
		get requests() {
			return dynamoRequests(client, nameOf('TABLE_CONTROL'));
		},
		get turns() {
			return dynamoTurns(client, nameOf('TABLE_CONTROL'));
		},
		get secretIntents() {
			return dynamoSecretIntents(client, nameOf('TABLE_CONTROL'));
		},
		get subscriptions() {
			return dynamoSubscriptions(client, nameOf('TABLE_ALERT_SUBSCRIPTIONS'));
		},
		get usage() {
			return dynamoUsage(client, nameOf('TABLE_USAGE'));
		},
	};
};
