import {
	CreateTopicCommand,
	InvalidParameterException,
	NotFoundException,
	PublishCommand,
	paginateListSubscriptionsByTopic,
	type SNSClient,
	SubscribeCommand,
	type Subscription,
	UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { type Alerts, EndpointRefused } from '../../ports.ts';

const pending = 'PendingConfirmation';
/** By which SNS keeps a message from the telephones of a topic. */
const textedAttribute = 'texted';

/** Of what is sent to an address nothing else can be invalid: the rest is ours. */
const toEndpoint = async (call: () => Promise<unknown>): Promise<void> => {
	try {
		await call();
	} catch (error) {
		throw error instanceof InvalidParameterException ? new EndpointRefused(error.message, { cause: error }) : error;
	}
};

/** Each account has a topic of its own. CreateTopic answers with the topic that is there already. */
export const snsAlerts = (client: SNSClient, topicPrefix: string): Alerts => {
	const topicOf = async (accountId: string) =>
		(await client.send(new CreateTopicCommand({ Name: `${topicPrefix}${accountId}` }))).TopicArn;
	/** By account. A topic keeps its name: an alert must not wait for one of the few such calls a second that all accounts share. */
	const topics = new Map<string, string | undefined>();
	const onTopic = async <T>(
		accountId: string,
		act: (topicArn: string | undefined) => Promise<T>,
		isKnown = topics.has(accountId),
	): Promise<T> => {
		if (!isKnown) topics.set(accountId, await topicOf(accountId));
		try {
			return await act(topics.get(accountId));
		} catch (error) {
			if (!isKnown || !(error instanceof NotFoundException)) throw error;
			// Somebody has deleted it.
			return onTopic(accountId, act, false);
		}
	};
	const listed = (accountId: string): Promise<Subscription[]> =>
		onTopic(accountId, async (TopicArn) => {
			const found: Subscription[] = [];
			for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
				found.push(...Subscriptions);
			return found;
		});

	return {
		async publish({ alertId, accountId, subject, email, sms, texted }) {
			const message = {
				Subject: subject,
				MessageStructure: 'json',
				Message: JSON.stringify({ default: email, email, sms }),
				MessageAttributes: {
					alertId: { DataType: 'String', StringValue: alertId },
					accountId: { DataType: 'String', StringValue: accountId },
					[textedAttribute]: { DataType: 'String', StringValue: texted ? 'yes' : 'no' },
					// By default a text is promotional: delivered at the lowest cost, not the most reliably.
					'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
				},
			};
			await onTopic(accountId, (TopicArn) => client.send(new PublishCommand({ TopicArn, ...message })));
		},
		async text(phoneNumber, text) {
			const message = {
				PhoneNumber: phoneNumber,
				Message: text,
				MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
			};
			await toEndpoint(() => client.send(new PublishCommand(message)));
		},
		async subscribe(accountId, { protocol, endpoint }) {
			const Attributes = protocol === 'sms' ? { FilterPolicy: JSON.stringify({ [textedAttribute]: ['yes'] }) } : undefined;
			const subscription = { Protocol: protocol, Endpoint: endpoint, Attributes };
			await toEndpoint(() => onTopic(accountId, (TopicArn) => client.send(new SubscribeCommand({ TopicArn, ...subscription }))));
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
