import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { durationText } from '../../functions/domain/alerts/alert-text.ts';
import type { Event } from '../../functions/domain/model/event.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import { muteConnection } from '../../functions/usecases/connections/mute-connection.ts';
import { readAvailability } from '../../functions/usecases/connections/read-availability.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { samples } from '../support/at-length.ts';
import { later } from '../support/builders.ts';
import { admin, aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const peer = '192.0.2.2';
const at = (second: number) => later(second).toISOString();

describe('an outage', () => {
	let t: Tenant;
	let id: string;
	let customerGatewayId: string;
	beforeEach(async () => {
		t = await aTenant();
		({ id, customerGatewayId } = await t.connect());
		await t.reconcile();
	});
	const when = async (second: number, act: () => Promise<unknown>) => {
		t.memory.outside.now = later(second);
		await act();
	};
	const pushed = (second: number) => when(second, () => t.reconcile());
	const checked = (second: number) =>
		when(second, async () => {
			await t.check();
			await sendAlerts(t.memory.ports, 'acme');
		});
	const keyed = (second: number, psk: string) => when(second, () => t.patch(customerGatewayId, { psk: new Secret(psk) }));
	const reset = (second: number) => when(second, () => resetVpnConnection(t.memory.ports, { caller: tenant, id }));
	const mails = () => t.memory.seen.sent.map(({ email }) => email);
	const linesOf = (mail: string | undefined) => (mail ?? '').split('\n');
	const availability = () => readAvailability(t.memory.ports, { caller: tenant, id, month: undefined });
	const events = async () => (await t.memory.ports.events.list(id, { limit: 100 })).items.toReversed();
	const change = {
		at: at(3_600),
		who: 'jo',
		what: 'changed the pre-shared key of the customer gateway office 2',
	};

	it('of a wrong key, with a reset and a PATCH in it, is one and the same in mail, events and availability', async () => {
		await keyed(3_600, 'mistyped on one side');
		t.router.down.add(peer);
		await pushed(3_605);
		await checked(3_630);
		await reset(3_700);
		await pushed(3_705);
		await checked(3_730);
		await when(3_800, () => t.patch(customerGatewayId, { forceEncaps: true }));
		await pushed(3_805);
		await checked(3_820);
		await keyed(3_840, 'as on the other side');
		t.router.down.clear();
		await pushed(3_850.4);
		await checked(3_880);
		t.memory.outside.now = later(4_000);

		const [lost, back, ...more] = mails();
		expect(more).toEqual([]);
		expect(linesOf(lost)).toEqual(
			expect.arrayContaining([
				`Was:     up, since ${at(0)} (1 h)`,
				`Is:      down, since ${at(3_600)}`,
				`Change:  jo ${change.what}, at ${at(3_600)}`,
			]),
		);
		expect(linesOf(back)).toEqual(
			expect.arrayContaining([
				`Was:     down, from ${at(3_600)} to ${at(3_850.4)}, 4 min 10 s`,
				`Is:      up, since ${at(3_850.4)}`,
				`Change:  jo ${change.what}, at ${at(3_600)}`,
			]),
		);
		expect(t.memory.seen.sent.at(-1)?.sms).toContain('is up again after 4 min 10 s');
		const whole = { from: at(3_600), to: at(3_850.4) };
		expect(await availability()).toMatchObject({
			outages: [{ ...whole, seconds: 250 }],
			outageCount: 1,
			downSeconds: 250,
			longestOutageSeconds: 250,
			upSeconds: 3_600 + 150,
		});
		const told = (await events()).flatMap(({ kind, from, to, outage }) => (outage ? [{ kind, from, to, outage }] : []));
		expect(told.map(({ kind, from, to }) => `${kind} ${from} ${to}`)).toEqual([
			'state Pending Disconnected',
			'notified up down',
			'state Disconnected Pending',
			'state Pending Disconnected',
			'state Disconnected Pending',
			'state Pending Disconnected',
			'state Disconnected Pending',
			'state Pending Connected',
			'notified down up',
		]);
		expect(told.slice(0, -2).map(({ outage }) => outage)).toEqual(
			told.slice(0, -2).map(() => ({ from: at(3_600), after: change })),
		);
		expect(told.slice(-2).map(({ outage }) => outage)).toEqual([
			{ ...whole, after: change },
			{ ...whole, after: change },
		]);
	});

	it.each([
		['of a connection that is reset again and again', 'state'],
		['of one that is muted and unmuted all the time', 'mute'],
	] as const)('is looked for in 20,000 events at most, and the month %s begins with the oldest of them', async (_what, kind) => {
		const { events } = t.memory.ports;
		const [newest] = (await events.list(id, { limit: 1 })).items;
		let queries = 0;
		t.memory.ports.events = {
			...events,
			async list(_id, { after = '0' }) {
				queries++;
				const items = Array.from({ length: 100 }, (_, n) => {
					const one = { ...newest, id: String(Number(after) + n), at: at(90_000 - Number(after) - n), kind };
					return { ...one, why: 'reset', from: 'Pending', to: 'Pending', outage: undefined } as Event;
				});
				return { items, next: String(Number(after) + 100), behind: (one) => one.id };
			},
		};
		t.memory.outside.now = later(90_010);

		expect(await availability()).toMatchObject({ from: at(70_001), to: at(90_010), outageCount: 0 });
		expect(queries).toBe(200);
		const before = await readAvailability(t.memory.ports, { caller: tenant, id, month: '2025-12' });
		expect(before).toMatchObject({ upSeconds: 0, downSeconds: 0 });
		expect(before.from).toBe(before.to);
	});

	it('names the change before it and how that was taken back', async () => {
		await keyed(3_600, 'mistyped on one side');
		t.router.down.add(peer);
		await pushed(3_605);
		await checked(3_630);
		await checked(3_910);
		t.router.down.clear();
		await pushed(3_915);
		await checked(3_940);

		const rollback = {
			at: at(3_910),
			who: 'check',
			what: 'went back to version 1 of the pre-shared key, since no tunnel came up with version 2',
		};
		expect(linesOf(mails().at(-1))).toEqual(
			expect.arrayContaining([
				`Was:     down, from ${at(3_600)} to ${at(3_915)}, 5 min 15 s`,
				`Change:  jo ${change.what}, at ${at(3_600)}`,
				`Undone:  a check ${rollback.what}, at ${at(3_910)}`,
			]),
		);
		expect((await events()).at(-1)?.outage).toEqual({ from: at(3_600), to: at(3_915), after: change, rollback });
		expect((await events()).find(({ why }) => why === 'psk-rolled-back')?.outage).toEqual({
			from: at(3_600),
			after: change,
			rollback,
		});
		expect((await availability()).outages).toMatchObject([{ from: at(3_600), to: at(3_915), seconds: 315 }]);
	});

	it('that no change began names the last one of the day before, and none that is older', async () => {
		await when(100, () => t.patch(customerGatewayId, { esp: { lifetimeSeconds: 7_200 }, ike: { hash: 'sha256' } }));
		await pushed(105);
		await reset(200);
		await pushed(205);
		await checked(230);
		const fails = async (second: number) => {
			t.router.down.add(peer);
			await checked(second);
			t.router.down.clear();
			await checked(second + 30);
		};
		await fails(3_600);
		await fails(100 + 86_400);
		await fails(100 + 86_401 + 60);

		const named = mails().map((mail) => linesOf(mail).find((line) => line.startsWith('Change:')));
		const words = `Change:  jo changed ike.hash and esp.lifetimeSeconds of the customer gateway office 2, at ${at(100)}`;
		expect(named).toEqual([words, words, words, words, undefined, undefined]);
		expect(linesOf(mails()[0])).toContain(`Was:     up, since ${at(205)} (56 min 35 s)`);
	});

	it('may begin with a reset, or with a change of the VPC', async () => {
		t.router.down.add(peer);
		await reset(600);
		await pushed(605);
		await checked(630);
		t.router.down.clear();
		await checked(660);
		t.router.down.add(peer);
		await when(900, () => patchVpc(t.memory.ports, { caller: admin, id: vpcId, patch: { cidr: '10.1.0.0/17' } }));
		await pushed(905);
		await checked(930);

		const changes = mails().map((mail) => linesOf(mail).find((line) => line.startsWith('Change:')));
		expect(changes).toEqual([
			`Change:  jo reset the connection, at ${at(600)}`,
			`Change:  jo reset the connection, at ${at(600)}`,
			`Change:  root changed cidr of the VPC ${vpcId}, at ${at(900)}`,
		]);
		expect((await availability()).outages).toMatchObject([
			{ from: at(600), to: at(660), seconds: 60 },
			{ from: at(900), seconds: 30 },
		]);
	});

	it('is none where a change takes a tunnel down that comes up with it', async () => {
		await keyed(600, 'the same on both sides');
		await pushed(610);
		await checked(630);
		t.memory.outside.now = later(700);

		expect(mails()).toEqual([]);
		expect(await availability()).toMatchObject({ outages: [], outageCount: 0, downSeconds: 0, upSeconds: 690 });
	});

	it('ends where a pair is up again, though the account is told later that all are', async () => {
		t.router.down.add(peer);
		await checked(600);
		await when(610, () => muteConnection(t.memory.ports, { caller: tenant, id, until: at(700) }));
		t.router.down.clear();
		await checked(630);
		await checked(690);
		await checked(720);

		expect(linesOf(mails().at(-1))).toEqual(
			expect.arrayContaining([`Was:     down, from ${at(600)} to ${at(630)}, 30 s`, `Is:      up, since ${at(630)}`]),
		);
		expect((await availability()).outages).toMatchObject([{ from: at(600), to: at(630), seconds: 30 }]);
		expect((await events()).at(-1)?.outage).toEqual({ from: at(600), to: at(630) });
	});

	it('is whole in the month that it ends in too', async () => {
		const month = Date.parse('2026-02-01T00:00:00.000Z');
		const second = (month - later(0).getTime()) / 1_000;
		t.router.down.add(peer);
		await checked(second - 100);
		await reset(second - 50);
		await pushed(second - 40);
		t.router.down.clear();
		await checked(second + 20);

		const outages = [{ from: at(second - 100), to: at(second + 20), seconds: 120 }];
		expect(await availability()).toMatchObject({ outages, downSeconds: 20, longestOutageSeconds: 120 });
		expect(await readAvailability(t.memory.ports, { caller: tenant, id, month: '2026-01' })).toMatchObject({
			outages,
			downSeconds: 100,
		});
	});

	let answering: Pick<Tenant['memory']['outside'], 'apply' | 'check'>;
	const steps = {
		lose: async () => void t.router.down.add(peer),
		mend: async () => t.router.down.clear(),
		push: () => t.reconcile(),
		check: async () => {
			await t.check();
			await sendAlerts(t.memory.ports, 'acme');
		},
		reset: () => resetVpnConnection(t.memory.ports, { caller: tenant, id }),
		patch: () =>
			t.patch(customerGatewayId, { dpd: { delaySeconds: 10 + (Math.round(t.memory.outside.now.getTime() / 1_000) % 50) } }),
		// Until it answers again; after 15 minutes of it a change ends in Error.
		silence: async () => {
			t.memory.outside.apply = t.memory.outside.check = () => ({ silence: { code: 'unreachable', detail: 'gone' } });
		},
		answer: async () => void Object.assign(t.memory.outside, answering),
		key: () => t.patch(customerGatewayId, { psk: new Secret('another of many') }),
	};

	it('is the same in mail, events and availability, whoever does what meanwhile', async () => {
		type Step = [step: keyof typeof steps, pause: number];
		const anything = fc.array(
			fc.tuple(fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])), fc.integer({ min: 400, max: 400_000 })),
			{ minLength: 5, maxLength: 40 },
		);
		/** Chance alone seldom tells of a recovery, or waits for an error. */
		const beginnings: (keyof typeof steps)[][] = [
			[],
			['lose', 'check', 'check', 'mend', 'check', 'check'],
			['silence', 'reset', 'push', 'push', 'push', 'push', 'answer', 'push', 'check'],
		];
		const story = fc
			.tuple(fc.constantFrom(...beginnings), anything)
			.map(([beginning, rest]) => [...beginning.map((step): Step => [step, 400_000]), ...rest]);
		let told = 0;
		const states = new Set<string | undefined>();
		await fc.assert(
			fc.asyncProperty(story, async (some) => {
				t = await aTenant();
				({ id, customerGatewayId } = await t.connect());
				await t.reconcile();
				answering = { apply: t.memory.outside.apply, check: t.memory.outside.check };
				let ms = 0;
				for (const [step, pause] of some) {
					ms += pause;
					await when(ms / 1_000, steps[step]);
					states.add((await t.stored(id))?.state);
				}

				t.memory.outside.now = later(++ms / 1_000);
				const { outages, upSeconds, downSeconds } = await availability();
				const spans = new Map(outages.map(({ from, to, seconds }) => [from, { to, seconds }]));
				const ofEvents = (await events()).flatMap(({ outage }) => outage ?? []);
				for (const { from, to } of ofEvents) expect([to, undefined]).toContain(spans.has(from) ? to : 'no such outage');
				for (const [from, { to }] of spans) expect(ofEvents.filter((one) => one.from === from).at(-1)?.to).toBe(to);
				for (const mail of mails()) {
					const [, from = '', to, length] = /^Was: +down, from (\S+) to (\S+), (.*)$/m.exec(mail) ?? [];
					if (from !== '') expect([to, length]).toEqual([spans.get(from)?.to, durationText(spans.get(from)?.seconds ?? -1)]);
					const [, since] = /^Is: +down, since (\S+)$/m.exec(mail) ?? [];
					if (since !== undefined) expect([...spans.keys()]).toContain(since);
					told += from === '' ? 0 : 1;
				}
				const lasts = (from: string, to = at(ms / 1_000)) => (Date.parse(to) - Date.parse(from)) / 1_000;
				expect(Math.abs(downSeconds - outages.reduce((sum, { from, to }) => sum + lasts(from, to), 0))).toBeLessThan(1);
				expect(upSeconds + downSeconds).toBeLessThanOrEqual(ms / 1_000 + 1);
			}),
			samples(150, 3_000),
		);
		expect(told).toBeGreaterThan(0);
		expect([...states].toSorted()).toEqual(['Connected', 'Disconnected', 'Error', 'Pending']);
	});
});
