import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../functions/domain/model/event.ts';
import { muteConnection } from '../../functions/usecases/connections/mute-connection.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { later } from '../support/builders.ts';
import { aTenant, type Tenant, tenant } from '../support/tenant.ts';

describe('an alert that an account is owed', () => {
	let t: Tenant;
	beforeEach(async () => {
		t = await aTenant();
	});
	const at = (seconds: number) => {
		t.memory.outside.now = later(seconds);
	};
	const send = () => sendAlerts(t.memory.ports, 'acme');
	/** Losses of connections, one event each, owed at the given second. */
	const owe = (from: number, count: number, second: number, what = 'is down') => {
		const events = Array.from({ length: count }, (_, index): Event => {
			const id = `vpnc-${String(from + index).padStart(17, '0')}`;
			const subject = `VPN office ${from + index} ${what} (${id})`;
			const owedAt = later(second).toISOString();
			const alert = { alertId: `${id}-${what}`, subject, email: `${subject}\n`, sms: subject, owedAt };
			const base = {
				subject: { kind: 'connection' as const, id: id },
				accountId: 'acme',
				vpcId: 'vpc-0a1b2c3d',
				at: owedAt,
				who: 'check',
				kind: 'state' as const,
			};
			return { ...base, id: `${second}-${from + index}-${what}`, alert, expiresAt: 2_000_000_000 };
		});
		t.memory.seen.kept.events.push(...events);
	};

	it('is sent at once if it is the only one', async () => {
		owe(1, 1, 0);
		await send();

		expect(t.memory.seen.sent.map(({ subject }) => subject)).toEqual(['VPN office 1 is down (vpnc-00000000000000001)']);
	});

	it.each([
		['one of its pairs', { up: [true, false], reasons: [] }],
		['its answers', { up: [true, true], reasons: ['one-way'] }],
		['all of its pairs', { up: [false, false], reasons: ['dpd-timeout'] }],
	] as const)('comes no more than eight times in six hours from a peer that drops %s each other minute', async (_what, worse) => {
		const { customerGatewayId } = await t.connect();
		await t.patch(customerGatewayId, { remoteCidrs: ['10.2.0.0/24', '10.22.0.0/24'] });
		await t.reconcile();
		const { check } = t.memory.outside;
		for (let n = 0; n < 720; n++) {
			at(60 + n * 30);
			t.memory.outside.check = (instanceId) => {
				const answer = check(instanceId);
				if ('report' in answer && n % 4 >= 2)
					for (const line of answer.report.connections) Object.assign(line, { up: [...worse.up], reasons: [...worse.reasons] });
				return answer;
			};
			await t.check();
			await send();
		}

		const subjects = t.memory.seen.sent.map(({ subject }) => subject);
		expect(subjects.length).toBeLessThanOrEqual(8);
		expect(subjects.at(-1)).toContain('is flapping');
	});

	it('comes in few messages, and in one at last, however often a router falls silent and answers', async () => {
		await t.connect();
		await t.reconcile();
		const { check } = t.memory.outside;
		for (let n = 0; n < 2_880; n++) {
			at(60 + n * 30);
			const isSilent = n % 5 < 4;
			t.memory.outside.check = isSilent ? () => ({ silence: { code: 'unreachable', detail: 'its agent is gone' } }) : check;
			await t.check();
			await send();
		}
		at(60 + 2_880 * 30 + 600);
		await send();

		const { sent, kept } = t.memory.seen;
		const alerts = kept.events.filter(({ alert }) => alert !== undefined);
		expect(alerts.length).toBeGreaterThan(1_100);
		expect(sent.length).toBeLessThanOrEqual(25 * 36);
		expect(alerts.every(({ alert }) => alert?.paidAt !== undefined)).toBe(true);
	});

	it('waits for ten minutes at most where thirty messages have gone out within the hour, with all that is owed by then', async () => {
		for (let n = 0; n < 120; n++) {
			at(n * 20);
			owe(n, 1, n * 20);
			await send();
		}
		const { sent } = t.memory.seen;
		expect(sent.slice(0, 31).map(({ alertId }) => alertId.split(',').length)).toEqual(Array(31).fill(1));
		expect(sent.slice(31).map(({ alertId }) => alertId.split(',').length)).toEqual([30, 30]);

		at(3_600);
		await send();
		expect(sent.at(-1)?.subject).toBe('29 VPN alerts');
	});

	const noText =
		/\n\nNo text message was sent of this: in a day \(UTC\) 10 are of each connection or router, and 100 in all\.\n$/;
	const sendOne = async (second: number, connection: number) => {
		owe(connection, 1, second, `is down ${second}`);
		at(second);
		await send();
		return t.memory.seen.sent.at(-1);
	};

	it('is texted ten times a day of one connection, which silences no other, and else says in its mail that it is not', async () => {
		for (let n = 0; n < 10; n++) {
			const message = await sendOne(n * 700, 1);
			expect(message?.texted).toBe(true);
			expect(message?.email).not.toMatch(noText);
		}

		expect(await sendOne(7_000, 1)).toMatchObject({ texted: false, email: expect.stringMatching(noText) });
		expect((await sendOne(7_700, 2))?.texted).toBe(true);
		owe(1, 1, 8_400, 'is up');
		expect(await sendOne(8_400, 2)).toMatchObject({ texted: true, subject: '2 VPN alerts' });
		expect((await sendOne(86_400, 1))?.texted).toBe(true);
	});

	it('is texted a hundred times a day of all connections together', async () => {
		for (let n = 0; n < 100; n++) expect((await sendOne(n * 700, n % 20))?.texted).toBe(true);

		expect(await sendOne(70_000, 20)).toMatchObject({ texted: false, email: expect.stringMatching(noText) });
	});

	it('is sent again without a text where it was tried so', async () => {
		for (let n = 0; n < 10; n++) await sendOne(n * 700, 1);
		t.memory.outside.publish = () => {
			throw new Error('SNS is down');
		};
		await expect(sendOne(75_300, 1)).rejects.toThrow('SNS is down');
		t.memory.outside.publish = () => {};

		at(75_400);
		await send();

		expect(t.memory.seen.sent.at(-1)).toMatchObject({ texted: false, email: expect.stringMatching(noText) });
	});

	it('is tried again at once, however many have gone out: a message counts once', async () => {
		t.memory.outside.publish = () => {
			throw new Error('SNS is down');
		};
		owe(1, 1, 0);
		for (let n = 0; n < 40; n++) {
			at(n * 75);
			await expect(send()).rejects.toThrow('SNS is down');
		}
		t.memory.outside.publish = () => {};
		at(3_000);
		await send();
		expect(t.memory.seen.sent).toHaveLength(1);
	});

	it('waits five seconds after the previous message', async () => {
		owe(1, 1, 0);
		await send();
		owe(2, 1, 1);
		at(1);
		await send();
		expect(t.memory.seen.sent).toHaveLength(1);
		expect(t.memory.seen.alertDelays).toEqual([5]);

		at(6);
		await send();
		expect(t.memory.seen.sent).toHaveLength(2);
	});

	it('becomes one message with a count when two thousand connections are lost at once, and another when all are back', async () => {
		for (let second = 0; second < 20; second++) {
			owe(second * 100, 100, second);
			at(second);
			await send();
		}
		expect(t.memory.seen.sent).toEqual([]);
		at(25);
		await send();
		at(60);
		owe(0, 2_000, 60, 'is up again');
		await send();
		at(66);
		await send();

		expect(t.memory.seen.sent.map(({ subject }) => subject)).toEqual(['2000 VPN alerts', '2000 VPN alerts']);
		expect(t.memory.seen.sent[0]?.email).toContain('and 1950 more: GET /v1/vpn-connections');
		expect(t.memory.seen.kept.events.every(({ alert }) => alert === undefined || alert.paidAt !== undefined)).toBe(true);
	});

	it('does not wait for ever if more keep coming', async () => {
		for (let second = 0; second <= 30; second++) {
			owe(second * 10, 10, second);
			at(second);
			await send();
		}

		expect(t.memory.seen.sent).toHaveLength(1);
	});

	it('is sent again under the same id if SNS may have taken it before a crash, whatever else is owed by then', async () => {
		owe(1, 3, 0);
		const { pay } = t.memory.ports.events;
		t.memory.ports.events.pay = async () => Promise.reject(new Error('killed'));
		await expect(send()).rejects.toThrow('killed');
		t.memory.ports.events.pay = pay;
		owe(7, 1, 50);
		at(60);
		await send();
		at(66);
		await send();

		const [first, again, next] = t.memory.seen.sent;
		expect(again).toEqual(first);
		expect(next?.alertId).toBe('vpnc-00000000000000007-is down');
		expect(t.memory.seen.kept.events.every(({ alert }) => alert === undefined || alert.paidAt !== undefined)).toBe(true);
	});

	it('is sent again under the same id if its sender was killed while marking the message as paid', async () => {
		owe(1, 3, 0);
		const { pay } = t.memory.ports.events;
		t.memory.ports.events.pay = async (events, paidAt) => {
			await pay([events[1] ?? events[0]], paidAt);
			throw new Error('killed');
		};
		await expect(send()).rejects.toThrow('killed');
		t.memory.ports.events.pay = pay;
		at(60);
		await send();

		const [first, again] = t.memory.seen.sent;
		expect(again?.alertId).toBe(first?.alertId);
	});

	it('is in one message only, wherever its senders are killed', async () => {
		type Step = 'hold' | 'publish' | 'pay';
		const sending = fc.record({
			more: fc.nat(3),
			wait: fc.integer({ min: 1, max: 60 }),
			killed: fc.option(fc.record({ at: fc.constantFrom<Step[]>('hold', 'publish', 'pay'), after: fc.nat(4) })),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(sending, { minLength: 1, maxLength: 12 }), async (sendings) => {
				t = await aTenant();
				const { events } = t.memory.ports;
				const { claim, pay } = events;
				const killedAfter = async (parts: readonly Event[], count: number, each: (event: Event) => Promise<unknown>) => {
					const [leader, ...others] = parts;
					for (const part of [...others, ...(leader === undefined ? [] : [leader])].slice(0, count)) await each(part);
					throw new Error('killed');
				};
				let second = 0;
				for (const { more, wait, killed } of sendings) {
					owe(second * 10, more, second);
					second += wait;
					at(second);
					events.claim = async (parts, hold) =>
						killed?.at !== 'hold' || killed.after >= parts.length
							? claim(parts, hold)
							: killedAfter(parts, killed.after, async ({ id }) => {
									const { messageId, now: triedAt, until: heldUntil } = hold;
									const found = t.memory.seen.kept.events.find((event) => event.id === id);
									Object.assign(found?.alert ?? {}, { messageId, leads: false, triedAt, heldUntil });
								});
					events.pay = async (parts, paidAt) =>
						killed?.at === 'pay' ? killedAfter(parts, killed.after, (event) => pay([event], paidAt)) : pay(parts, paidAt);
					t.memory.outside.publish = () => {
						if (killed?.at === 'publish') throw new Error('killed');
					};
					await send().catch(() => {});
				}
				events.claim = claim;
				events.pay = pay;
				t.memory.outside.publish = () => {};
				for (let after = 60; after < 60 * (sendings.length + 2); after += 60) {
					at(second + after);
					await send();
				}

				const messages = new Set(t.memory.seen.sent.map(({ alertId }) => alertId));
				const told = [...messages].flatMap((message) => message.split(','));
				const owed = t.memory.seen.kept.events.flatMap(({ alert }) => alert?.alertId ?? []);
				expect(told.sort()).toEqual(owed.sort());
			}),
		);
	});

	it('becomes part of a new message if its sender was killed before it held all of the first', async () => {
		owe(1, 3, 0);
		for (const { alert } of t.memory.seen.kept.events.slice(-2))
			Object.assign(alert ?? {}, {
				messageId: 'never sent',
				leads: false,
				triedAt: later(0).toISOString(),
				heldUntil: later(45).toISOString(),
			});
		at(60);
		await send();

		expect(t.memory.seen.sent.map(({ alertId }) => alertId.split(',').length)).toEqual([3]);
	});

	it('does not wait for a message that another sender holds, and sends no hint for it', async () => {
		owe(1, 1, 0);
		t.memory.outside.publish = () => {
			throw new Error('refused');
		};
		await expect(send()).rejects.toThrow('refused');
		t.memory.outside.publish = () => {};
		owe(2, 1, 6);
		at(6);
		await send();
		t.memory.seen.alertDelays.length = 0;
		at(12);
		await send();

		expect(t.memory.seen.sent.map(({ alertId }) => alertId)).toEqual(['vpnc-00000000000000002-is down']);
		expect(t.memory.seen.alertDelays).toEqual([]);
	});

	it('is sent even if SNS never takes an earlier message, which is retried', async () => {
		owe(1, 1, 0);
		t.memory.outside.publish = ({ alertId }) => {
			if (alertId.includes('0001-')) throw new Error('too long');
		};
		let refused = 0;
		for (let second = 0; second < 600; second += 10) {
			if (second > 0) owe(second, 1, second);
			at(second);
			await send().catch(() => refused++);
		}

		expect(t.memory.seen.sent.length).toBeGreaterThan(25);
		expect(refused).toBeGreaterThan(5);
	});

	it('does not multiply its hints, however long SNS refuses it', async () => {
		owe(1, 1, 0);
		t.memory.outside.publish = () => {
			throw new Error('refused');
		};
		const { alertDelays } = t.memory.seen;
		let dead = 0;
		let hints = 10;
		for (let second = 0; second < 300 && hints > 0; second += 5) {
			at(second);
			alertDelays.length = 0;
			for (let hint = 0; hint < hints; hint++) await send().catch(() => dead++);
			hints = alertDelays.length;
		}

		expect(hints).toBe(0);
		expect(dead).toBeGreaterThan(0);
	});

	it('has few hints on their way, however many checks hint it while its account has to wait', async () => {
		const { alertDelays } = t.memory.seen;
		let coming: number[] = [];
		let most = 0;
		for (let second = 0; second < 1_800; second++) {
			at(second);
			owe(second, 1, second);
			const hints = 1 + coming.filter((due) => due <= second).length;
			coming = coming.filter((due) => due > second);
			for (let hint = 0; hint < hints; hint++) {
				alertDelays.length = 0;
				await send();
				coming.push(...alertDelays.map((delay) => second + delay));
			}
			most = Math.max(most, coming.length);
		}

		expect(most).toBeLessThanOrEqual(3);
		expect(t.memory.seen.sent.length).toBeGreaterThan(30);
	});
});

describe('a mute', () => {
	let t: Tenant;
	let id: string;
	beforeEach(async () => {
		t = await aTenant();
		({ id } = await t.connect());
		await t.reconcile();
	});
	const mute = (until: string | undefined) => muteConnection(t.memory.ports, { caller: tenant, id, until });

	it('holds alerts back until it ends, and is recorded with who set it', async () => {
		await mute(later(60).toISOString());
		t.router.down.add('192.0.2.2');
		t.memory.outside.now = later(30);
		await t.check();
		expect(await t.stored(id)).toMatchObject({ state: 'Disconnected', notified: 'up' });
		t.memory.outside.now = later(61);
		await t.check();

		expect(t.memory.seen.alertHints).toEqual(['acme']);
		const events = (await t.memory.ports.events.list(id, { limit: 10 })).items;
		expect(events.find(({ kind }) => kind === 'mute')).toMatchObject({ who: 'jo', to: later(60).toISOString() });
	});

	it('holds back an error too, which is sent when the mute ends if it still applies', async () => {
		await mute(later(60).toISOString());
		const { apply } = t.memory.outside;
		t.memory.outside.apply = (push) => {
			const answer = apply(push);
			if ('silence' in answer) return answer;
			const connections = answer.report.connections.map((line) => ({
				...line,
				up: line.up.map(() => false),
				reasons: ['foreign-config' as const],
			}));
			return { report: { ...answer.report, connections } };
		};
		await resetVpnConnection(t.memory.ports, { caller: tenant, id });
		await t.reconcile();
		t.memory.outside.now = later(30);
		await t.check();
		expect(await t.stored(id)).toMatchObject({ state: 'Error', notified: 'up' });
		expect(t.memory.seen.alertHints).toEqual([]);

		t.memory.outside.now = later(61);
		await t.check();
		await t.check();

		expect(await t.stored(id)).toMatchObject({ state: 'Error', notified: 'down' });
		expect(t.memory.seen.alertHints).toEqual(['acme']);
		const [event] = (await t.memory.ports.events.list(id, { limit: 1 })).items;
		expect(event).toMatchObject({ who: 'check', kind: 'notified', to: 'down', why: 'foreign-config' });
		expect(event?.alert).toBeDefined();
	});

	it('can be ended early', async () => {
		await mute(later(3_600).toISOString());
		await mute(undefined);
		t.router.down.add('192.0.2.2');
		await t.check();

		expect(t.memory.seen.alertHints).toEqual(['acme']);
	});

	it.each([later(-1), later(91 * 86_400)])('is refused if it would end at %s', async (until) => {
		await expect(mute(until.toISOString())).rejects.toMatchObject({ kind: 'invalid-request', errors: [{ pointer: '/until' }] });
	});
});
