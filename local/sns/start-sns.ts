import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { bodyOf, close, listen } from '../listen.ts';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import type { Delivery, Outbox } from './outbox.ts';

type Subscription = { arn: string; topicArn: string; protocol: 'email' | 'sms'; endpoint: string; token?: string };
type State = { topics: string[]; subscriptions: Subscription[] };
export type LocalSns = { url: string; stop(): Promise<void> };

class SnsError extends Error {
	readonly code: string;
	readonly status: number;
	constructor(code: string, message: string, status = 400) {
		super(message);
		this.code = code;
		this.status = status;
	}
}
const invalid = (message: string) => new SnsError('InvalidParameter', `Invalid parameter: ${message}`);

/** AWS: 256 KiB a message; a subject is ASCII without line breaks, at most 100 characters. */
const mostBytes = 262_144;
const subjectPattern = /^[\x20-\x7e]{1,100}$/;

const escaped = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const attributesOf = (form: URLSearchParams): Record<string, string> => {
	const found: Record<string, string> = {};
	for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
		const at = `MessageAttributes.entry.${n}`;
		found[form.get(`${at}.Name`) ?? ''] = form.get(`${at}.Value.StringValue`) ?? '';
	}
	return found;
};

/** The calls of SNS in use, over its Query protocol. What it would send goes to the outbox. */
export const startSns = async ({ dir, outbox, region }: { dir: string; outbox: Outbox; region: string }): Promise<LocalSns> => {
	await mkdir(dir, { recursive: true });
	const file = join(dir, 'sns.json');
	const state = await readJson<State>(file, { topics: [], subscriptions: [] });
	const save = () => writeDurably(file, JSON.stringify(state));
	const topicOf = (form: URLSearchParams): string => {
		const arn = form.get('TopicArn') ?? '';
		if (!state.topics.includes(arn)) throw new SnsError('NotFound', 'Topic does not exist', 404);
		return arn;
	};

	const textsOf = (form: URLSearchParams): Record<string, string> => {
		const message = form.get('Message') ?? '';
		if (message === '' || Buffer.byteLength(message) > mostBytes) throw invalid('Message too long or empty');
		if (form.get('MessageStructure') !== 'json') return { default: message };
		let texts: Record<string, string>;
		try {
			texts = JSON.parse(message) as Record<string, string>;
		} catch {
			throw invalid('Message Structure - JSON message body failed to parse');
		}
		if (typeof texts['default'] !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
		return texts;
	};

	const actions: Record<string, (form: URLSearchParams) => Promise<string>> = {
		async CreateTopic(form) {
			const name = form.get('Name') ?? '';
			if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid('Topic Name');
			const arn = `arn:aws:sns:${region}:000000000000:${name}`;
			if (!state.topics.includes(arn)) {
				state.topics.push(arn);
				await save();
			}
			return `<TopicArn>${arn}</TopicArn>`;
		},
		async Subscribe(form) {
			const topicArn = topicOf(form);
			const protocol = form.get('Protocol');
			const endpoint = form.get('Endpoint') ?? '';
			if (protocol !== 'email' && protocol !== 'sms') throw invalid('Protocol');
			const known = state.subscriptions.find((one) => one.topicArn === topicArn && one.endpoint === endpoint);
			const subscription: Subscription = known ?? {
				arn: `${topicArn}:${randomUUID()}`,
				topicArn,
				protocol,
				endpoint,
				...(protocol === 'email' ? { token: randomUUID().replaceAll('-', '') } : {}),
			};
			if (known === undefined) state.subscriptions.push(subscription);
			await save();
			const pending = subscription.token !== undefined;
			if (pending) await confirmationRequest(subscription);
			const shown = pending && form.get('ReturnSubscriptionArn') !== 'true' ? 'pending confirmation' : subscription.arn;
			return `<SubscriptionArn>${shown}</SubscriptionArn>`;
		},
		async ConfirmSubscription(form) {
			const topicArn = topicOf(form);
			const subscription = state.subscriptions.find((one) => one.topicArn === topicArn && one.token === form.get('Token'));
			if (subscription === undefined) throw invalid('Token');
			delete subscription.token;
			await save();
			return `<SubscriptionArn>${subscription.arn}</SubscriptionArn>`;
		},
		async Unsubscribe(form) {
			state.subscriptions = state.subscriptions.filter(({ arn }) => arn !== form.get('SubscriptionArn'));
			await save();
			return '';
		},
		async ListSubscriptionsByTopic(form) {
			const topicArn = topicOf(form);
			const members = state.subscriptions
				.filter((one) => one.topicArn === topicArn)
				.map(({ arn, protocol, endpoint, token }) => {
					const shown = token === undefined ? arn : 'PendingConfirmation';
					return `<member><TopicArn>${topicArn}</TopicArn><Protocol>${protocol}</Protocol><SubscriptionArn>${shown}</SubscriptionArn><Owner>000000000000</Owner><Endpoint>${escaped(endpoint)}</Endpoint></member>`;
				});
			return `<Subscriptions>${members.join('')}</Subscriptions>`;
		},
		async Publish(form) {
			const topicArn = topicOf(form);
			const subject = form.get('Subject') ?? '';
			if (form.has('Subject') && !subjectPattern.test(subject)) throw invalid('Subject');
			const texts = textsOf(form);
			const deliveries: Delivery[] = state.subscriptions
				.filter((one) => one.topicArn === topicArn && one.token === undefined)
				.map(({ protocol, endpoint }) => ({ protocol, endpoint, text: texts[protocol] ?? texts['default'] ?? '' }));
			const message = texts['email'] ?? texts['default'] ?? '';
			await outbox.append({ at: new Date().toISOString(), subject, message, attributes: attributesOf(form), deliveries });
			return `<MessageId>${randomUUID()}</MessageId>`;
		},
	};

	const confirmationRequest = ({ topicArn, endpoint, token = '' }: Subscription) =>
		outbox.append({
			at: new Date().toISOString(),
			subject: 'AWS Notification - Subscription Confirmation',
			message: `Confirm the subscription to ${topicArn} with the token ${token}`,
			attributes: {},
			deliveries: [{ protocol: 'email', endpoint, text: token }],
		});

	const server = createServer(async (request, response) => {
		const form = new URLSearchParams((await bodyOf(request)).toString());
		const action = form.get('Action') ?? '';
		const requestId = randomUUID();
		const xml = (status: number, text: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
		try {
			const run = actions[action];
			if (run === undefined) throw new SnsError('InvalidAction', `${action} is not answered here`);
			const result = await run(form);
			xml(
				200,
				`<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
			);
		} catch (error) {
			const { code, status, message } = error instanceof SnsError ? error : new SnsError('InternalError', String(error), 500);
			xml(
				status,
				`<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
			);
		}
	});
	const url = await listen(server);
	return { url, stop: () => close(server) };
};
