import {
	CreateTopicCommand,
	InvalidParameterException,
	PublishCommand,
	paginateListSubscriptionsByTopic,
	type SNSClient,
	SubscribeCommand,
	type Subscription,
	UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import type { Alerts } from '../../ports.ts';

const pending = 'PendingConfirmation';

/** Each account has a topic of its own. CreateTopic answers with the topic that is there already. */
export const snsAlerts = (client: SNSClient, topicPrefix: string): Alerts => {
	const topicOf = async (accountId: string) =>
		(await client.send(new CreateTopicCommand({ Name: `${topicPrefix}${accountId}` }))).TopicArn;

	const listed = async (accountId: string): Promise<Subscription[]> => {
		const found: Subscription[] = [];
		const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: await topicOf(accountId) });
		for await (const { Subscriptions = [] } of pages) found.push(...Subscriptions);
		return found;
	};

	return {
		async publish({ alertId, accountId, subject, email, sms }) {
			await client.send(
				new PublishCommand({
					TopicArn: await topicOf(accountId),
					Subject: subject,
					MessageStructure: 'json',
					Message: JSON.stringify({ default: email, email, sms }),
					MessageAttributes: {
						alertId: { DataType: 'String', StringValue: alertId },
						accountId: { DataType: 'String', StringValue: accountId },
						// By default a text is promotional: delivered at the lowest cost, not the most reliably.
						'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
					},
				}),
			);
		},
		async text(phoneNumber, text) {
			await client.send(
				new PublishCommand({
					PhoneNumber: phoneNumber,
					Message: text,
					MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
				}),
			);
		},
		async subscribe(accountId, { protocol, endpoint }) {
			await client.send(new SubscribeCommand({ TopicArn: await topicOf(accountId), Protocol: protocol, Endpoint: endpoint }));
		},
		async subscriptions(accountId) {
			return (await listed(accountId)).flatMap(({ Protocol, Endpoint = '', SubscriptionArn }) =>
				Protocol === 'email' || Protocol === 'sms'
					? [{ protocol: Protocol, endpoint: Endpoint, confirmed: SubscriptionArn !== pending }]
					: [],
			);
		},
		async unsubscribe(accountId, { protocol, endpoint }) {
			const found = (await listed(accountId)).find((one) => one.Protocol === protocol && one.Endpoint === endpoint);
			// What is not confirmed has no name to remove it by, and SNS forgets it after some days.
			if (found?.SubscriptionArn === undefined || found.SubscriptionArn === pending) return;
			try {
				await client.send(new UnsubscribeCommand({ SubscriptionArn: found.SubscriptionArn }));
			} catch (error) {
				// Gone meanwhile.
				if (!(error instanceof InvalidParameterException)) throw error;
			}
		},
	};
};
