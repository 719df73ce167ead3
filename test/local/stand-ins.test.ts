import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';
import { localRouteTables } from '../../local/ec2/route-tables.ts';
import { startEc2 } from '../../local/ec2/start-ec2.ts';
import { openDoor } from '../../local/iam/door.ts';
import { keyring } from '../../local/iam/keyring.ts';
import { ssmProtocol } from '../../local/iam/protocols.ts';
import { routerInstance } from '../../local/routers/instance.ts';
import { openOutbox } from '../../local/sns/outbox.ts';
import { startSns } from '../../local/sns/start-sns.ts';
import { startSqs } from '../../local/sqs/start-sqs.ts';
import { startSsm } from '../../local/ssm/start-ssm.ts';
import { localServices } from '../support/local-service.ts';

const { folder, running } = localServices('stand-ins');
const nobody = { destroy: () => {} };
const services = ['dynamodb', 'ec2', 'sns', 'sqs', 'ssm', 'door'] as const;

/** They ask for no rights, or for a key that a page might learn: what keeps a page out is where it comes from. */
describe.each(services)('the stand-in %s', (name) => {
	let port: number;
	beforeAll(async () => {
		const dir = await folder();
		const calls = { call: () => undefined } as never;
		const instanceOf = () => routerInstance;
		const starts: Record<(typeof services)[number], () => Promise<{ url: string; stop(): Promise<void> }>> = {
			dynamodb: () => startDynamoDb({}),
			ec2: () =>
				startEc2({
					tables: localRouteTables({ file: join(dir, 'tables.json'), instanceOf, changed: async () => {} }),
					instanceOf,
					vpcOf: async () => undefined,
				}),
			sns: async () => startSns({ dir: join(dir, 'sns'), outbox: await openOutbox(join(dir, 'outbox.jsonl')) }),
			sqs: () => startSqs({ dir }),
			ssm: () => startSsm({ parameters: calls, secrets: calls, commands: calls }),
			door: () =>
				openDoor({
					to: 'http://127.0.0.1:1',
					protocol: ssmProtocol,
					needs: () => undefined,
					keys: keyring(),
					authorize: () => undefined,
				}),
		};
		const service = await starts[name]();
		running(service, nobody);
		port = Number(new URL(service.url).port);
	});

	const ask = async (headers: Record<string, string>): Promise<string> => {
		const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
		const sent = request({ host: '127.0.0.1', port, method: 'POST', headers: form }).end('Action=ListTopics');
		const response = await new Promise<IncomingMessage>((resolve, reject) => {
			sent.on('response', resolve).on('error', reject);
		});
		return `${response.statusCode} ${await text(response)}`;
	};
	const refused = /^403 (the host \S+ is not this platform|the origin \S+ is not this platform|a page of another site)/;

	it.each<[string, (own: string) => Record<string, string>]>([
		['a name that leads here', () => ({ host: `rebound.example:${port}` })],
		['another origin', (host) => ({ host, origin: 'https://elsewhere.example' })],
		['another site', (host) => ({ host, 'sec-fetch-site': 'cross-site' })],
	])('does nothing for a page of %s', async (_what, headersOf) => {
		expect(await ask(headersOf(`127.0.0.1:${port}`))).toMatch(refused);
	});

	it('answers a program', async () => {
		expect(await ask({ host: `127.0.0.1:${port}` })).not.toMatch(refused);
	});
});
