import type { LocalSqs } from '../sqs/start-sqs.ts';
import { physicalName, type Resolve, type Stack } from '../stack.ts';

/** Makes the app's queues, and brings those up to date that are there from an earlier run. */
export const createQueues = async (
	stack: Stack,
	{ resolve, sqs }: { resolve: Resolve; sqs: Pick<LocalSqs, 'createQueue'> },
): Promise<void> => {
	const queues = stack.ofType('AWS::SQS::Queue').map((resource) => ({ resource, properties: resolve(resource) }));
	// Dead letters first: a redrive policy names its queue.
	const ordered = queues.sort((a, b) => Number('RedrivePolicy' in a.properties) - Number('RedrivePolicy' in b.properties));
	for (const { resource, properties } of ordered) await sqs.createQueue(physicalName(resource), attributesOf(properties));
};

const attributesOf = (properties: Record<string, unknown>): Record<string, string> =>
	Object.fromEntries(
		['VisibilityTimeout', 'MessageRetentionPeriod', 'DelaySeconds', 'RedrivePolicy']
			.filter((name) => properties[name] !== undefined)
			.map((name) => [name, typeof properties[name] === 'object' ? JSON.stringify(properties[name]) : String(properties[name])]),
	);
