import { afterAll, describe, expect, it } from 'vitest';
import type { Silence } from '../../functions/domain/model/router-answer.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { later } from '../support/builders.ts';
import { aTenant, type Tenant, vpcId } from '../support/tenant.ts';

const interval = 30;
/** The peer is lost before this check and back before the other. */
const lostAt = 6;
const backAt = 12;
const checks = 24;

type Story = { t: Tenant; n: number };
type Fault = {
	what: string;
	/** Wraps one check: what is wrong with it in this part of the story. */
	during(story: Story, run: () => Promise<void>): Promise<void>;
	/** The router gives no answer in it: told so, and its end, where it lasts for more than three checks. */
	silent?: boolean;
};

const silence =
	(code: Silence['code']) =>
	async ({ t }: Story, run: () => Promise<void>) => {
		const { check } = t.memory.outside;
		t.memory.outside.check = () => ({ silence: { code, detail: code } });
		await run();
		t.memory.outside.check = check;
	};

/** One port's call fails for as long as the check lasts. */
const failing =
	(make: (t: Tenant) => () => void) =>
	async ({ t }: Story, run: () => Promise<void>) => {
		const restore = make(t);
		// The queue brings the message again.
		await run().catch(() => {});
		restore();
		await run();
	};
const refuse = <T extends object, K extends keyof T>(of: T, call: K, error: Error) => {
	const real = of[call];
	of[call] = (async () => Promise.reject(error)) as T[K];
	return () => {
		of[call] = real;
	};
};

const faults: readonly Fault[] = [
	{ what: 'none', during: (_story, run) => run() },
	{ what: 'router unreachable', during: silence('unreachable'), silent: true },
	{ what: 'router not known to Systems Manager', during: silence('not-managed'), silent: true },
	{ what: 'report truncated', during: silence('unreadable'), silent: true },
	{ what: 'command throttled', during: silence('throttled'), silent: true },
	{ what: 'command undeliverable', during: silence('undeliverable'), silent: true },
	{ what: 'command terminated', during: silence('terminated'), silent: true },
	{ what: 'command still running at the deadline', during: silence('still-running'), silent: true },
	{
		what: 'check killed before its write',
		during: failing((t) => refuse(t.memory.ports.store, 'transact', new Error('killed'))),
	},
	{
		what: 'check killed after its write, before its hint',
		during: failing((t) => refuse(t.memory.ports.queues, 'alert', new Error('killed'))),
	},
	{ what: 'DynamoDB refuses reads', during: failing((t) => refuse(t.memory.ports.store, 'getMany', new Error('throttled'))) },
	{
		what: 'DynamoDB refuses writes, all the while',
		during: async ({ t }, run) => {
			const restore = refuse(t.memory.ports.store, 'transact', new Error('throttled'));
			await run().catch(() => {});
			restore();
		},
	},
	{
		what: 'duplicate check',
		during: async (_story, run) => {
			await Promise.all([run(), run(), run()]);
			await run();
		},
	},
	{
		what: 'late check',
		during: async ({ t, n }, run) => {
			const message = { vpcIds: [vpcId], tickAt: later((n - 1) * interval).toISOString() };
			await checkRouters(t.memory.ports, message);
			if (n % 2 === 0) await run();
		},
	},
	{
		what: 'clock that goes back',
		during: async ({ t, n }, run) => {
			t.memory.outside.now = later(n * interval - (n % 2 === 0 ? 8 : 0));
			await run();
			t.memory.outside.now = later(n * interval);
		},
	},
	{
		what: 'SNS refuses to publish',
		during: async ({ t }, run) => {
			await run();
			t.memory.outside.publish = () => {
				throw new Error('throttled');
			};
			await sendAlerts(t.memory.ports, 'acme').catch(() => {});
			t.memory.outside.publish = () => {};
		},
	},
	{
		what: 'alert function killed after SNS took it',
		during: async ({ t }, run) => {
			await run();
			const restore = refuse(t.memory.ports.events, 'pay', new Error('killed'));
			await sendAlerts(t.memory.ports, 'acme').catch(() => {});
			restore();
		},
	},
	{
		what: 'the queue loses every hint',
		during: async ({ t }, run) => {
			await run();
			t.memory.seen.alertHints.length = 0;
		},
	},
];
/** The fault lasts over the loss, over the return, or over neither: from a check on, for so many. */
const whens: [when: string, from: number, count: number][] = [
	['while all is well', 2, 3],
	['over the loss', lostAt - 1, 4],
	['over the return', backAt - 1, 4],
];
/** The router's alert is owed three intervals after its first miss. */
const missesUntilTold = 4;

describe('a fault of the monitor itself', () => {
	const table: string[] = [];
	afterAll(() => console.log(table.join('\n')));

	it.each(faults.flatMap((fault) => whens.map(([when, from, count]) => ({ fault, when, from, count, what: fault.what }))))(
		'($what, $when) makes no alert false, missed or double',
		async ({ fault, when, from, count }) => {
			const t = await aTenant();
			const { id } = await t.connect();
			await t.reconcile();
			const toldAt = new Map<string, number>();
			for (let n = 1; n <= checks; n++) {
				t.memory.outside.now = later(n * interval);
				if (n === lostAt) t.router.down.add('192.0.2.2');
				if (n === backAt) t.router.down.clear();
				const run = () => checkRouters(t.memory.ports, { vpcIds: [vpcId], tickAt: t.memory.ports.clock().toISOString() });
				if (n >= from && n < from + count) await fault.during({ t, n }, run);
				else await run();
				if (n % 2 === 0) await tick(t.memory.ports);
				while (t.memory.seen.alertHints.length > 0) {
					t.memory.seen.alertHints.length = 0;
					await sendAlerts(t.memory.ports, 'acme');
				}
				for (const { alertId, subject } of t.memory.seen.sent) {
					const said = /is down|is up again|is not reporting|is reporting again|VPN alerts/.exec(subject)?.[0] ?? subject;
					if (!toldAt.has(`${said} ${alertId}`)) toldAt.set(`${said} ${alertId}`, n);
				}
			}

			const events = t.memory.seen.kept.events.filter(({ alert }) => alert !== undefined);
			const owed = events.map(({ alert }) => alert?.subject ?? '');
			const ofConnection = owed.flatMap((subject) => /is down|is up again/.exec(subject)?.[0] ?? []);
			const ofRouter = owed.flatMap((subject) => /is not reporting|is reporting again/.exec(subject)?.[0] ?? []);
			const said = [...toldAt].map(([key, n]) => `${key.replace(/ vpn?c-.*/, '')} at ${n * interval} s`);
			table.push(`${fault.what.padEnd(46)} ${when.padEnd(18)} ${said.join(', ')}`);

			expect(ofConnection).toEqual(['is down', 'is up again']);
			const toldOfRouter = fault.silent === true && count >= missesUntilTold;
			expect(ofRouter).toEqual(toldOfRouter ? ['is not reporting', 'is reporting again'] : []);
			expect(events.every(({ alert }) => alert?.paidAt !== undefined)).toBe(true);
			// A message that goes out again under its id is the same one.
			const messages = [...new Set(t.memory.seen.sent.map(({ alertId }) => alertId))];
			const saidIn = (alertId = '') => messages.filter((message) => message.split(',').includes(alertId));
			expect(events.map(({ alert }) => saidIn(alert?.alertId).length)).toEqual(events.map(() => 1));
			expect(messages.flatMap((message) => message.split(','))).toHaveLength(events.length);
			expect(await t.stored(id)).toMatchObject({ state: 'Connected', notified: 'up' });
		},
	);
});
