import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { QueryError, startQueryService, type Xml } from '../query-protocol.ts';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import { filterPolicyOf, passes } from './filter-policy.ts';
import { attributesOf } from './message-attributes.ts';
import { subjectOf, textsOf } from './message-texts.ts';
import type { Outbox } from './outbox.ts';
import { invalid, snsErrorXml, snsXml } from './sns-xml.ts';

/** A token stands for a confirmation that is still owed, and was asked for then. */
type Subscription = {
	arn: string;
	topicArn: string;
	protocol: 'email' | 'sms';
	endpoint: string;
	token?: string;
	askedAt?: number;
	/** As it was given. */
	filterPolicy?: string;
};
type State = { topics: string[]; subscriptions: Subscription[] };
type Options = { dir: string; outbox: Pick<Outbox, 'append'>; region?: string; port?: number };
export type LocalSns = {
	url: string;
	/** What the link in SNS's mail does. False for a token that stands for no confirmation that is owed. */
	confirm(token: string): Promise<boolean>;
	stop(): Promise<void>;
};

/** AWS: what nobody has confirmed is forgotten after 48 hours. */
const pendingMs = 172_800_000;
/** AWS: a list comes in pages of 100. */
const pageSize = 100;
/** Of what looks like one SNS refuses a number of no country, and an address that is too long before its @. */
const endpointPatterns = { email: /^[^@\s]{1,64}@[^@\s]+$/, sms: /^\+(?!999)[1-9][0-9]{4,14}$/ };

/** The calls of SNS in use, over its Query protocol. What it would send goes to the outbox. */
export const startSns = async ({ dir, outbox, region = 'us-east-1', port = 0 }: Options): Promise<LocalSns> => {
	await mkdir(dir, { recursive: true });
	const file = join(dir, 'sns.json');
	let state = await readJson<State>(file, { topics: [], subscriptions: [] });
	let saved: Promise<unknown> = Promise.resolve();

	/** One save at a time, each whole on disk before its call is answered. */
	const change = (to: Partial<State>): Promise<void> => {
		state = { ...state, ...to };
		const saving = saved.then(() => writeDurably(file, JSON.stringify(state)));
		saved = saving.catch(() => {});
		return saving;
	};

	const subscriptions = (): Subscription[] =>
		state.subscriptions.filter(
			({ token, askedAt = Number.POSITIVE_INFINITY }) => token === undefined || Date.now() - askedAt < pendingMs,
		);

	const topicOf = (form: URLSearchParams): string => {
		const arn = form.get('TopicArn');
		if (arn === null) throw invalid('TopicArn');
		if (!state.topics.includes(arn)) throw new QueryError('NotFound', 'Topic does not exist', 404);
		return arn;
	};

	const askForConfirmation = ({ topicArn, endpoint }: Subscription, token: string): Promise<void> => {
		const message = `You have chosen to subscribe to the topic ${topicArn}. To confirm it: POST /_local/confirmations/${token}`;
		return outbox.append({
			at: new Date().toISOString(),
			subject: 'AWS Notification - Subscription Confirmation',
			message,
			attributes: {},
			deliveries: [{ protocol: 'email', endpoint, text: message }],
		});
	};

	const settle = (owed: Subscription): Promise<void> => {
		const { token: _token, askedAt: _askedAt, ...confirmed } = owed;
		return change({ subscriptions: subscriptions().map((one) => (one === owed ? confirmed : one)) });
	};

	const text = async (endpoint: string, form: URLSearchParams): Promise<Xml> => {
		if (!endpointPatterns.sms.test(endpoint)) throw invalid(`PhoneNumber Reason: ${endpoint} is not valid to publish to`);
		const message = form.get('Message') ?? '';
		if (message === '') throw invalid('Message');
		const deliveries = [{ protocol: 'sms' as const, endpoint, text: message }];
		await outbox.append({ at: new Date().toISOString(), subject: '', message, attributes: attributesOf(form), deliveries });
		return { MessageId: randomUUID() };
	};

	const actions: Record<string, (form: URLSearchParams) => Promise<Xml>> = {
		async CreateTopic(form) {
			const name = form.get('Name') ?? '';
			if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid('Topic Name');
			const arn = `arn:aws:sns:${region}:000000000000:${name}`;
			if (!state.topics.includes(arn)) await change({ topics: [...state.topics, arn] });
			return { TopicArn: arn };
		},
		/** AWS: to delete a topic that is not there is no error, and its subscriptions go with it. */
		async DeleteTopic(form) {
			const arn = form.get('TopicArn') ?? '';
			await change({
				topics: state.topics.filter((one) => one !== arn),
				subscriptions: subscriptions().filter(({ topicArn }) => topicArn !== arn),
			});
			return {};
		},
		async ListTopics(form) {
			return page(state.topics, form, (members) => ({ Topics: members.map((arn) => ({ TopicArn: arn })) }));
		},
		async Subscribe(form) {
			const topicArn = topicOf(form);
			const protocol = form.get('Protocol');
			const endpoint = form.get('Endpoint') ?? '';
			if (protocol !== 'email' && protocol !== 'sms') throw invalid('Protocol');
			if (!endpointPatterns[protocol].test(endpoint)) throw invalid('Endpoint');
			const known = subscriptions().find(
				(one) => one.topicArn === topicArn && one.protocol === protocol && one.endpoint === endpoint,
			);
			const filterPolicy = filterPolicyOf(form);
			if (known !== undefined && filterPolicy !== undefined && filterPolicy !== known.filterPolicy)
				throw invalid('Attributes Reason: Subscription already exists with different attributes');
			const token = protocol === 'email' ? randomUUID().replaceAll('-', '') : undefined;
			const subscription = known ?? {
				arn: `${topicArn}:${randomUUID()}`,
				topicArn,
				protocol,
				endpoint,
				token,
				askedAt: Date.now(),
				filterPolicy,
			};
			if (known === undefined) await change({ subscriptions: [...subscriptions(), subscription] });
			if (subscription.token === undefined) return { SubscriptionArn: subscription.arn };
			await askForConfirmation(subscription, subscription.token);
			const shown = form.get('ReturnSubscriptionArn') === 'true' ? subscription.arn : 'pending confirmation';
			return { SubscriptionArn: shown };
		},
		async ConfirmSubscription(form) {
			const topicArn = topicOf(form);
			const token = form.get('Token') ?? '';
			const owed = subscriptions().find((one) => one.topicArn === topicArn && one.token === token);
			if (owed === undefined) throw invalid('Token');
			await settle(owed);
			return { SubscriptionArn: owed.arn };
		},
		async Unsubscribe(form) {
			const gone = form.get('SubscriptionArn') ?? '';
			if (!gone.startsWith('arn:')) throw invalid('SubscriptionArn');
			await change({ subscriptions: subscriptions().filter(({ arn }) => arn !== gone) });
			return undefined;
		},
		async ListSubscriptionsByTopic(form) {
			const topicArn = topicOf(form);
			const all = subscriptions().filter((one) => one.topicArn === topicArn);
			return page(all, form, (members) => ({
				Subscriptions: members.map(({ arn, protocol, endpoint, token }) => ({
					SubscriptionArn: token === undefined ? arn : 'PendingConfirmation',
					Owner: '000000000000',
					Protocol: protocol,
					Endpoint: endpoint,
					TopicArn: topicArn,
				})),
			}));
		},
		async Publish(form) {
			const phone = form.get('PhoneNumber');
			if (phone !== null) return text(phone, form);
			const topicArn = topicOf(form);
			const subject = subjectOf(form);
			const texts = textsOf(form);
			const attributes = attributesOf(form);
			const deliveries = subscriptions()
				.filter((one) => one.topicArn === topicArn && one.token === undefined && passes(one.filterPolicy, attributes))
				.map(({ protocol, endpoint }) => ({ protocol, endpoint, text: texts[protocol] ?? texts.default }));
			const message = texts['email'] ?? texts.default;
			await outbox.append({ at: new Date().toISOString(), subject, message, attributes, deliveries });
			return { MessageId: randomUUID() };
		},
	};

	const { url, stop } = await startQueryService<Xml>({ actions, resultXml: snsXml, errorXml: snsErrorXml, port });
	return {
		url,
		async confirm(token) {
			const owed = subscriptions().find((one) => one.token === token);
			if (owed !== undefined) await settle(owed);
			return owed !== undefined;
		},
		async stop() {
			await stop();
			await saved;
		},
	};
};

const page = <T>(all: readonly T[], form: URLSearchParams, members: (some: readonly T[]) => { [name: string]: Xml }): Xml => {
	const from = Number(form.get('NextToken') ?? 0);
	if (!Number.isSafeInteger(from) || from < 0) throw invalid('NextToken');
	const to = from + pageSize;
	return { ...members(all.slice(from, to)), NextToken: to < all.length ? String(to) : undefined };
};
