import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snsAlerts } from '../../functions/adapters/sns/sns-alerts.ts';
import { EndpointRefused } from '../../functions/ports.ts';
import { type Outbox, openOutbox } from '../../local/sns/outbox.ts';
import { type LocalSns, startSns } from '../../local/sns/start-sns.ts';
import { localAccess } from '../support/local-service.ts';

describe('an alert on SNS', () => {
	let dir: string;
	let sns: LocalSns;
	let outbox: Outbox;
	let client: SNSClient;
	beforeAll(async () => {
		dir = await mkdtemp(join(tmpdir(), 'sns-alerts-'));
		outbox = await openOutbox(join(dir, 'outbox.jsonl'));
		sns = await startSns({ dir, outbox });
		client = new SNSClient(localAccess(sns.url));
	});
	afterAll(async () => {
		client.destroy();
		await sns.stop();
		await rm(dir, { recursive: true });
	});

	it('is sent as a transactional text message that names its account', async () => {
		const alerts = snsAlerts(client, 's2s-alerts-');
		await alerts.subscribe('acme', { protocol: 'sms', endpoint: '+15550100' });
		const alert = { alertId: 'a-1', accountId: 'acme', subject: 'Down', email: 'It is down.', sms: 'down', texted: true };
		await alerts.publish(alert);

		expect((await outbox.list()).at(-1)).toMatchObject({
			attributes: { alertId: 'a-1', accountId: 'acme', 'AWS.SNS.SMS.SMSType': 'Transactional' },
			deliveries: [{ protocol: 'sms', endpoint: '+15550100', text: 'down' }],
		});

		await alerts.publish({ ...alert, alertId: 'a-2', texted: false });
		expect((await outbox.list()).at(-1)).toMatchObject({ attributes: { alertId: 'a-2' }, deliveries: [] });
	});

	it('asks for the topic of its account once, as who lists or subscribes does, and again where somebody has deleted it', async () => {
		const alerts = snsAlerts(client, 's2s-alerts-');
		let asked = 0;
		client.middlewareStack.add(
			(next, { commandName }) => {
				if (commandName === 'CreateTopicCommand') asked++;
				return next;
			},
			{ step: 'initialize', name: 'counted' },
		);
		const publish = (alertId: string) =>
			alerts.publish({ alertId, accountId: 'busy', subject: 'Down', email: 'It is down.', sms: 'down', texted: true });
		for (const n of [1, 2, 3]) {
			await publish(`b-${n}`);
			await alerts.subscribe('busy', { protocol: 'sms', endpoint: `+1555010${n}` });
			expect(await alerts.subscriptions('busy')).toHaveLength(n);
		}
		expect(asked).toBe(1);

		const { Topics = [] } = await client.send(new ListTopicsCommand({}));
		const busy = Topics.find(({ TopicArn = '' }) => TopicArn.endsWith(':s2s-alerts-busy'));
		await client.send(new DeleteTopicCommand({ TopicArn: busy?.TopicArn }));
		expect(await alerts.subscriptions('busy')).toEqual([]);
		await publish('b-4');
		client.middlewareStack.remove('counted');

		expect(asked).toBe(2);
		expect((await outbox.list()).at(-1)).toMatchObject({ attributes: { alertId: 'b-4' } });
	});

	it('is for no address to which SNS sends nothing', async () => {
		const alerts = snsAlerts(client, 's2s-alerts-');
		await expect(alerts.text('+9990000000', '123456')).rejects.toThrow(EndpointRefused);
		for (const endpoint of [
			{ protocol: 'sms', endpoint: '+9990000000' },
			{ protocol: 'email', endpoint: `${'a'.repeat(65)}@example.org` },
		] as const)
			await expect(alerts.subscribe('acme', endpoint)).rejects.toThrow(EndpointRefused);
	});

	it('are not sent any more to an endpoint that is unsubscribed, even if SNS lists it on a later page', async () => {
		const alerts = snsAlerts(client, 's2s-alerts-');
		const endpoints = Array.from({ length: 101 }, (_, n) => ({ protocol: 'sms' as const, endpoint: `+1555${1_000_000 + n}` }));
		const last = endpoints[100];
		if (last === undefined) throw new Error('a hundred and one');
		for (const endpoint of endpoints) await alerts.subscribe('many', endpoint);
		expect(await alerts.subscriptions('many')).toHaveLength(101);

		await alerts.unsubscribe('many', last);

		expect((await alerts.subscriptions('many')).map(({ endpoint }) => endpoint)).not.toContain(last.endpoint);
	});
});
