import { CreateTopicCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Alerts } from '../../ports.ts';

/** Each account has a topic of its own. CreateTopic answers with the topic that is there already. */
export const snsAlerts = (client: SNSClient, topicPrefix: string): Alerts => ({
	async publish({ alertId, accountId, subject, email, sms }) {
		const { TopicArn } = await client.send(new CreateTopicCommand({ Name: `${topicPrefix}${accountId}` }));
		await client.send(
			new PublishCommand({
				TopicArn,
				Subject: subject,
				MessageStructure: 'json',
				Message: JSON.stringify({ default: email, email, sms }),
				MessageAttributes: {
					alertId: { DataType: 'String', StringValue: alertId },
					accountId: { DataType: 'String', StringValue: accountId },
				},
			}),
		);
	},
});
