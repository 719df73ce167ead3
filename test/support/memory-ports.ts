import { randomBytes } from 'node:crypto';
import { defaultAlerting } from '../../functions/domain/alerts/alerting.ts';
import type { AlertSubscription } from '../../functions/domain/model/alert-subscription.ts';
import { idPrefix } from '../../functions/domain/model/ids.ts';
import type { RouterAnswer, Silence } from '../../functions/domain/model/router-answer.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import type { SeenInstance } from '../../functions/domain/model/seen-instance.ts';
import type { CheckMessage, OutgoingAlert, Ports, SecretIntent, UsageRow, UsageTotal } from '../../functions/ports.ts';
import { start } from './builders.ts';
import { pageOf } from './memory-page.ts';
import { memoryRouteTables } from './memory-route-tables.ts';
import { memoryStore } from './memory-store.ts';

export const cursorKey = new Secret('the key of the cursors of tests');

type Push = { instanceId: string; revision: string; text: string; force?: boolean };

/** Everything outside, in memory, with what was done to it to look at and what answers to steer. */
export const memoryPorts = () => {
	const { store, kept } = memoryStore();
	const ec2 = memoryRouteTables();
	const seen = {
		kept,
		secrets: new Map<string, Secret>(),
		secretVersions: new Map<string, number>(),
		intents: new Map<string, SecretIntent>(),
		requests: kept.requests,
		pushes: [] as Push[],
		reconciles: [] as string[],
		checks: [] as { message: CheckMessage; delaySeconds: number }[],
		alertHints: [] as string[],
		alertDelays: [] as number[],
		turns: new Map<string, number>(),
		spent: new Map<string, number>(),
		/** Each SMS that was sent to a number by itself. */
		texts: [] as { phoneNumber: string; text: string }[],
		subscribed: [] as AlertSubscription[],
		/** What SNS has, by account; an e-mail address is unconfirmed until a test says otherwise. */
		topic: [] as { accountId: string; protocol: 'email' | 'sms'; endpoint: string; confirmed: boolean }[],
		metrics: [] as { name: string; value: number; dimensions: Record<string, string> }[],
		sent: [] as OutgoingAlert[],
	};
	const outside = {
		now: start,
		/** What the router says to an apply and to a check. */
		apply: (_push: Push): RouterAnswer => ({ silence: { code: 'unreachable', detail: 'no router was set up' } }),
		check: (_instanceId: string): RouterAnswer => ({ silence: { code: 'unreachable', detail: 'no router was set up' } }),
		logs: (_instanceId: string, _connectionId: string): { text: string } | { silence: Silence } => ({
			silence: { code: 'unreachable', detail: 'no router was set up' },
		}),
		inspect: (_instanceId: string, _key: string): { text: string } | { silence: Silence } => ({
			silence: { code: 'unreachable', detail: 'no router was set up' },
		}),
		/** What EC2 shows of an instance. */
		instance: (_instanceId: string): SeenInstance | undefined => undefined,
		publish: (_alert: OutgoingAlert): void => {},
	};
	let ulids = 0;
	const nameOf = (accountId: string, id: string) => `${accountId}/${id}`;
	const within = ({ from, to }: { from: string; to: string }) =>
		[...kept.usage.values()].filter(({ hour }) => hour >= from && hour < to);
	const totals = (rows: readonly UsageRow[]): UsageTotal[] =>
		[...Map.groupBy(rows, ({ connectionId }) => connectionId)].map(([connectionId, of]) => ({
			connectionId,
			accountId: of[0]?.accountId ?? '',
			bytesIn: of.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
			bytesOut: of.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
		}));
	const ports: Ports = {
		store,
		events: {
			async list(connectionId, { limit, after }) {
				const all = kept.events.filter((event) => event.subject.id === connectionId).sort((a, b) => (a.id > b.id ? -1 : 1));
				return pageOf(all, { limit, isBehind: ({ id }) => after === undefined || id < after, behind: ({ id }) => id });
			},
			owed: async (accountId) =>
				kept.events.filter(({ accountId: one, alert }) => one === accountId && alert !== undefined && alert.paidAt === undefined),
			accountsOwed: async (before) => [
				...new Set(
					kept.events
						.filter(({ alert }) => alert !== undefined && alert.paidAt === undefined && alert.owedAt < before)
						.map(({ accountId }) => accountId),
				),
			],
			async claim(events, { messageId, texted, now, until }) {
				const owed = events.flatMap(({ id }) => kept.events.find((one) => one.id === id)?.alert ?? []);
				const free = owed.filter(({ paidAt, heldUntil = '' }) => paidAt === undefined && heldUntil < now);
				if (free.length < events.length) return false;
				for (const [index, alert] of free.entries())
					Object.assign(alert, { messageId, texted, leads: index === 0, triedAt: now, heldUntil: until });
				return true;
			},
			async pay(events, paidAt) {
				for (const { id } of events) {
					const event = kept.events.find((one) => one.id === id);
					if (event?.alert !== undefined) event.alert.paidAt = paidAt;
				}
			},
		},
		requests: {
			async begin(key, requestHash, expiresAt) {
				const known = seen.requests.get(key);
				if (known !== undefined && known.expiresAt >= Math.floor(outside.now.getTime() / 1_000)) return known;
				seen.requests.set(key, { requestHash, expiresAt });
				return undefined;
			},
			finish: async (key, record, expiresAt) => void seen.requests.set(key, { ...record, expiresAt }),
			async forget(key) {
				if (seen.requests.get(key)?.made === undefined) seen.requests.delete(key);
			},
		},
		cursorKeys: { current: async () => cursorKey },
		turns: {
			async take(key, now, seconds) {
				const before = seen.turns.get(key);
				if (before !== undefined && now.getTime() - before < seconds * 1_000) return false;
				seen.turns.set(key, now.getTime());
				return true;
			},
			giveBack: async (key) => void seen.turns.delete(key),
			async spend(key, most) {
				const spent = seen.spent.get(key) ?? 0;
				if (spent >= most) return false;
				seen.spent.set(key, spent + 1);
				return true;
			},
		},
		secretIntents: {
			put: async (intent) => void seen.intents.set(intent.id, intent),
			remove: async (id) => void seen.intents.delete(id),
			madeBefore: async (madeAt) => [...seen.intents.values()].filter((intent) => intent.madeAt < madeAt),
		},
		secrets: {
			async put(accountId, id, psk) {
				const name = nameOf(accountId, id);
				const version = (seen.secretVersions.get(name) ?? 0) + 1;
				seen.secrets.set(name, psk);
				seen.secretVersions.set(name, version);
				return version;
			},
			delete: async (accountId, id) => void seen.secrets.delete(nameOf(accountId, id)),
		},
		routers: {
			async apply(instanceId, bundle) {
				const push = { instanceId, ...bundle };
				seen.pushes.push(push);
				return outside.apply(push);
			},
			logs: async (instanceId, of) => outside.logs(instanceId, of.connectionId),
			inspect: async (instanceId, { key }) => outside.inspect(instanceId, key),
			async check(instanceIds, _deadlineMs, answered = () => {}) {
				const answers = new Map(instanceIds.map((id) => [id, outside.check(id)]));
				for (const [id, answer] of answers) answered(id, answer);
				return answers;
			},
		},
		routeTables: ec2.routeTables,
		instances: {
			read: async ({ instanceId, tableIds }) => ({
				instance: outside.instance(instanceId),
				tables: tableIds.filter((id) => ec2.tables.has(id)).map((id) => ({ id, tags: { 's2s:routes': 'true' }, routes: [] })),
			}),
		},
		queues: {
			reconcile: async (messages) => void seen.reconciles.push(...messages.map(({ message }) => message.vpcId)),
			check: async (messages) =>
				void seen.checks.push(...messages.map(({ message, delaySeconds = 0 }) => ({ message, delaySeconds }))),
			async alert(messages) {
				for (const { message, delaySeconds = 0 } of messages) {
					if (delaySeconds > 0) seen.alertDelays.push(delaySeconds);
					else seen.alertHints.push(message.accountId);
				}
			},
		},
		alerts: {
			async publish(alert) {
				outside.publish(alert);
				seen.sent.push(alert);
			},
			text: async (phoneNumber, text) => void seen.texts.push({ phoneNumber, text }),
			async subscribe(accountId, { protocol, endpoint }) {
				if (seen.topic.some((one) => one.accountId === accountId && one.endpoint === endpoint)) return;
				seen.topic.push({ accountId, protocol, endpoint, confirmed: protocol === 'sms' });
			},
			subscriptions: async (accountId) => seen.topic.filter((one) => one.accountId === accountId),
			async unsubscribe(accountId, { endpoint }) {
				seen.topic = seen.topic.filter((one) => !(one.accountId === accountId && one.endpoint === endpoint && one.confirmed));
			},
		},
		subscriptions: {
			get: async (accountId, id) => seen.subscribed.find((one) => one.accountId === accountId && one.id === id),
			async list(accountId, { limit, after = '' }) {
				const all = seen.subscribed.filter((one) => one.accountId === accountId).sort((a, b) => (a.id < b.id ? -1 : 1));
				return pageOf(all, { limit, isBehind: ({ id }) => id > after, behind: ({ id }) => id });
			},
			async add(item, most) {
				const own = seen.subscribed.filter(({ accountId }) => accountId === item.accountId);
				if (own.some(({ id }) => id === item.id)) return 'known';
				if (own.length >= most) return 'full';
				seen.subscribed = [...seen.subscribed, item];
				return 'added';
			},
			async put(item) {
				const isThere = seen.subscribed.some(({ id }) => id === item.id);
				seen.subscribed = seen.subscribed.map((one) => (one.id === item.id ? item : one));
				return isThere;
			},
			async remove({ accountId, id, askedAt }) {
				const isIt = (one: AlertSubscription) => one.accountId === accountId && one.id === id && one.askedAt === askedAt;
				const isThere = seen.subscribed.some(isIt);
				seen.subscribed = seen.subscribed.filter((one) => !isIt(one));
				return isThere;
			},
		},
		usage: {
			ofConnection: async (id, window) => within(window).filter(({ connectionId }) => connectionId === id),
			ofAccount: async (id, window) => totals(within(window).filter(({ accountId }) => accountId === id)),
			ofAll: async (window) => totals(within(window)),
		},
		metrics: { count: (name, value, dimensions = {}) => void seen.metrics.push({ name, value, dimensions }) },
		clock: () => outside.now,
		newId: (kind) => `${idPrefix[kind]}-${randomBytes(9).toString('hex').slice(0, 17)}`,
		newEventId: (at) => `${at.getTime().toString().padStart(15, '0')}-${String(ulids++).padStart(8, '0')}`,
		log: { info: () => {}, warn: () => {}, error: () => {} },
		settings: {
			stage: 'dev',
			checkIntervalSeconds: 30,
			maxConnectionsPerGateway: 4,
			routesPerTable: 50,
			cryptoFloor: {},
			publicRemoteCidrs: 'warn',
			alerting: defaultAlerting,
			pskPrefix: '/s2s/dev',
			docsBaseUrl: '',
			routerScripts: '0a1b2c3d',
		},
	};
	return { ports, seen, outside, ec2 };
};
export type MemoryPorts = ReturnType<typeof memoryPorts>;
