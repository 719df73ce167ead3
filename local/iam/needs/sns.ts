import { arn, type Need } from '../need.ts';

const ofTopic = [
	'Publish',
	'ListSubscriptionsByTopic',
	'GetTopicAttributes',
	'SetTopicAttributes',
	'DeleteTopic',
	'ConfirmSubscription',
];
/** A subscription is no resource of a policy. The reference has come to name its topic as an optional one: `*` alone is right for both. */
const ofNothing = ['Unsubscribe', 'ListTopics', 'ListSubscriptions'];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const snsNeeds = (action: string, form: URLSearchParams): Need[] | undefined => {
	const topic = form.get('TopicArn') ?? '';
	if (action === 'CreateTopic') return [{ action: 'sns:CreateTopic', resource: arn('sns', form.get('Name') ?? '') }];
	if (action === 'Subscribe') {
		const context = { 'sns:Protocol': form.get('Protocol') ?? '', 'sns:Endpoint': form.get('Endpoint') ?? '' };
		return [{ action: 'sns:Subscribe', resource: topic, context }];
	}
	if (action === 'Publish' && form.has('PhoneNumber')) return [{ action: 'sns:Publish', resource: '*' }];
	if (ofTopic.includes(action)) return [{ action: `sns:${action}`, resource: topic }];
	if (ofNothing.includes(action)) return [{ action: `sns:${action}`, resource: '*' }];
	return undefined;
};
