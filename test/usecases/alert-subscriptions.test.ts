import { beforeEach, describe, expect, it } from 'vitest';
import { alertText, routerAlertText } from '../../functions/domain/alerts/alert-text.ts';
import type { PatchVpc } from '../../functions/domain/model/vpc.ts';
import { EndpointRefused } from '../../functions/ports.ts';
import { createAlertSubscription } from '../../functions/usecases/alert-subscriptions/create-alert-subscription.ts';
import { withStatus } from '../../functions/usecases/alert-subscriptions/list-alert-subscriptions.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { acme, apiCaller } from '../support/api-caller.ts';
import { aConnection, aCustomerGateway, aVpc, later } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { admin, aTenant, tenant, vpcId } from '../support/tenant.ts';

let memory: MemoryPorts;
beforeEach(() => {
	memory = memoryPorts();
});
const mail = (n: number) => ({ protocol: 'email', endpoint: `jo${n}@example.org` }) as const;
const subscribe = (n: number) => createAlertSubscription(memory.ports, { caller: tenant, input: mail(n) });
const post = (body: object) => apiCaller(memory.ports)('POST /v1/alert-subscriptions', { who: acme, body });
const problem = (kind: string) => ({ type: `urn:s2s-vpn:problem:${kind}` });

describe('addresses that SNS refuses', () => {
	beforeEach(async () => {
		const { subscribe: real } = memory.ports.alerts;
		memory.ports.alerts.subscribe = async () => {
			throw new Error('no such address');
		};
		for (let n = 10; n < 30; n++) await expect(subscribe(n)).rejects.toThrow('no such address');
		memory.ports.alerts.subscribe = real;
	});

	it('are not listed', async () => {
		const { items } = await memory.ports.subscriptions.list('acme', { limit: 100 });

		expect(await withStatus(memory.ports, { accountId: 'acme', items })).toEqual([]);
	});

	it('do not count towards the limit', async () => {
		memory.outside.now = later(301);

		expect(await subscribe(30)).toMatchObject({ status: 'pending' });
	});

	it('can be subscribed once SNS accepts them', async () => {
		expect(await subscribe(10)).toMatchObject({ status: 'pending' });
	});
});

describe('an address to which SNS sends nothing', () => {
	it.each([
		{ protocol: 'sms', endpoint: '+9990000000' },
		{ protocol: 'email', endpoint: `${'a'.repeat(65)}@example.org` },
	])('is refused by its field, and is not kept: $protocol', async (body) => {
		const refuse = async () => {
			throw new EndpointRefused('is not valid to publish to');
		};
		Object.assign(memory.ports.alerts, { text: refuse, subscribe: refuse });

		expect(await post(body)).toMatchObject({
			status: 400,
			body: { ...problem('invalid-request'), errors: [{ pointer: '/endpoint', detail: expect.stringContaining('SNS') }] },
		});
		expect(memory.seen.subscribed).toEqual([]);
	});
});

describe('subscriptions as a gun', () => {
	it('do not slip past the limit by sixty at once', async () => {
		memory.ports.turns.spend = async () => true;

		const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => post(mail(n))));

		expect(answers.filter(({ status }) => status === 202)).toHaveLength(20);
		expect(memory.seen.topic).toHaveLength(20);
		const [refused] = answers.filter(({ status }) => status === 409);
		expect(refused?.body).toMatchObject({ ...problem('too-many-subscriptions'), detail: expect.stringContaining('delete one') });
	});

	it('write to strangers no more than forty times a day, however often they are made and deleted', async () => {
		const api = apiCaller(memory.ports);
		let last: Awaited<ReturnType<typeof post>> | undefined;
		for (let n = 0; n < 45; n++) {
			last = await post(n % 3 === 0 ? mail(n) : { protocol: 'sms', endpoint: `+4915112345${n}` });
			if (last.status === 202) await api('DELETE /v1/alert-subscriptions/{id}', { who: acme }, { id: last.body.id });
		}

		expect(memory.seen.texts.length + memory.seen.topic.length).toBe(40);
		expect(last).toMatchObject({
			status: 429,
			body: { ...problem('too-many-requests'), detail: expect.stringContaining('try again after 2026-01-03T00:00:00.000Z') },
		});
		memory.outside.now = later(86_400);
		expect((await post(mail(99))).status).not.toBe(429);
	});

	it('ask one address again only as often', async () => {
		for (let n = 0; n < 40; n++) expect((await post(mail(1))).status).toBe(202);

		expect((await post(mail(1))).status).toBe(429);
	});

	it('ask nobody who has confirmed', async () => {
		await post(mail(1));
		for (const one of memory.seen.topic) one.confirmed = true;
		const confirmations = () => [...memory.seen.spent].filter(([key]) => key.startsWith('confirmations#'));
		const spent = confirmations();

		expect(await post(mail(1))).toMatchObject({ status: 202, body: { status: 'confirmed' } });
		expect(spent).toHaveLength(1);
		expect(confirmations()).toEqual(spent);
	});
});

describe('a subscription that is deleted', () => {
	const api = () => apiCaller(memory.ports);
	const remove = (id: string) => api()('DELETE /v1/alert-subscriptions/{id}', { who: acme }, { id });
	const listed = async () => (await api()('GET /v1/alert-subscriptions')).body.items;
	const followLinks = () => {
		for (const one of memory.seen.topic) one.confirmed = true;
	};

	it('is out of sight until somebody follows the link in its mail, and is then seen and deleted like any other', async () => {
		const { body } = await post(mail(1));
		expect((await remove(body.id)).status).toBe(204);
		expect([await listed(), (await remove(body.id)).status]).toEqual([[], 404]);
		expect((await api()('POST /v1/alert-subscriptions/{id}/confirm', { body: { code: '123456' } }, { id: body.id })).status).toBe(
			404,
		);

		followLinks();

		expect(await listed()).toMatchObject([{ id: body.id, endpoint: 'jo1@example.org', status: 'confirmed' }]);
		expect((await remove(body.id)).status).toBe(204);
		expect([memory.seen.topic, memory.seen.subscribed]).toEqual([[], []]);
	});

	it('counts as long as the link in its mail works, and no longer', async () => {
		for (let n = 0; n < 20; n++) await remove((await post(mail(n))).body.id);

		expect(await post(mail(20))).toMatchObject({ status: 409, body: problem('too-many-subscriptions') });
		memory.outside.now = later(301);
		expect((await post(mail(20))).status).toBe(409);
		memory.seen.topic = memory.seen.topic.slice(1);
		expect((await post(mail(20))).status).toBe(202);
	});

	it('is there again where it is made again', async () => {
		const { body } = await post(mail(1));
		await remove(body.id);

		expect(await post(mail(1))).toMatchObject({ status: 202, body: { id: body.id, status: 'pending' } });
		expect(await listed()).toMatchObject([{ id: body.id, status: 'pending' }]);
	});

	it('is gone at once where nobody was written to', async () => {
		memory.ports.alerts.subscribe = async () => {
			throw new Error('no such address');
		};
		await expect(subscribe(1)).rejects.toThrow('no such address');
		const [item] = memory.seen.subscribed;
		memory.outside.now = later(301);

		expect((await remove(item?.id ?? '')).status).toBe(204);
		expect(memory.seen.subscribed).toEqual([]);
	});

	it('is made again although it is deleted at the same moment', async () => {
		const { body } = await post(mail(1));
		const { put } = memory.ports.subscriptions;
		memory.ports.subscriptions.put = async (item) => {
			memory.ports.subscriptions.put = put;
			memory.seen.subscribed = [];
			return put(item);
		};

		expect((await post(mail(1))).status).toBe(202);
		expect(await listed()).toMatchObject([{ id: body.id }]);
	});

	describe('and made again at the same moment', () => {
		/** Does so once, before or after the next such call. */
		const once = (call: 'subscribe' | 'unsubscribe', when: 'before' | 'after', act: () => Promise<unknown>) => {
			const { alerts } = memory.ports;
			const real = alerts[call];
			alerts[call] = async (...of) => {
				alerts[call] = real;
				if (when === 'before') await act();
				await real(...of);
				if (when === 'after') await act();
			};
		};
		const confirmed = async () => {
			const { body } = await post(mail(1));
			followLinks();
			memory.outside.now = later(60);
			return body.id;
		};
		/** One that SNS has forgotten since nobody followed the link. */
		const lapsed = async () => {
			const { body } = await post(mail(1));
			memory.seen.topic = [];
			memory.outside.now = later(3 * 86_400);
			return body.id;
		};
		const isSeen = async (id: string) => {
			followLinks();
			expect(memory.seen.topic.map(({ endpoint }) => endpoint)).toContain('jo1@example.org');
			expect(await listed()).toContainEqual(expect.objectContaining({ id, status: 'confirmed' }));
			expect((await remove(id)).status).toBe(204);
		};

		it('is seen once somebody follows the link: it was deleted before SNS wrote the mail', async () => {
			const id = await lapsed();
			once('subscribe', 'before', () => remove(id));
			expect((await post(mail(1))).status).toBe(202);
			await isSeen(id);
		});

		it('is seen: the mail was written before it was deleted', async () => {
			const id = await confirmed();
			once('unsubscribe', 'after', () => post(mail(1)));
			expect((await remove(id)).status).toBe(204);
			await isSeen(id);
		});

		it('is seen: those that had lapsed made room for another before SNS wrote the mail', async () => {
			const id = await lapsed();
			for (let n = 2; n <= 20; n++)
				memory.seen.subscribed.push({ ...memory.seen.subscribed[0], id: `sub-${n}`, ...mail(n) } as never);
			once('subscribe', 'before', () => post(mail(30)));
			expect((await post(mail(1))).status).toBe(202);
			await isSeen(id);
		});

		it('is seen: it was deleted, and made room for another, before SNS wrote the mail', async () => {
			const id = await lapsed();
			for (let n = 2; n <= 20; n++)
				memory.seen.subscribed.push({ ...memory.seen.subscribed[0], id: `sub-${n}`, ...mail(n) } as never);
			once('subscribe', 'before', async () => {
				await remove(id);
				await post(mail(30));
			});
			expect((await post(mail(1))).status).toBe(202);
			await isSeen(id);
		});
	});
});

describe('a phone number', () => {
	const sms = { protocol: 'sms', endpoint: '+15550100' } as const;
	const confirm = (id: string, code: string, who = acme) =>
		apiCaller(memory.ports)('POST /v1/alert-subscriptions/{id}/confirm', { who, body: { code } }, { id });
	const codeSent = () => /^\d{6}/.exec(memory.seen.texts.at(-1)?.text ?? '')?.[0] ?? '';
	const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

	it('gets no alert before the code that was sent to it has come back', async () => {
		const { status, body } = await post(sms);
		expect([status, body.status, memory.seen.topic]).toEqual([202, 'pending', []]);
		expect(JSON.stringify(body)).not.toContain('code');
		expect(memory.seen.texts).toEqual([
			{ phoneNumber: '+15550100', text: expect.stringMatching(/^\d{6} is the code .* acme\./) },
		]);

		expect(await confirm(body.id, codeSent())).toMatchObject({ status: 200, body: { id: body.id, status: 'confirmed' } });
		expect(memory.seen.topic).toMatchObject([{ endpoint: '+15550100', confirmed: true }]);
		expect(await confirm(body.id, '000000')).toMatchObject({ status: 200, body: { status: 'confirmed' } });
		expect(JSON.stringify(memory.seen.subscribed)).not.toContain('hash');
	});

	it('is listed while its code holds, and asked again with another', async () => {
		const { body } = await post(sms);
		const first = codeSent();
		const list = async () => (await apiCaller(memory.ports)('GET /v1/alert-subscriptions')).body.items;
		expect(await list()).toMatchObject([{ id: body.id, status: 'pending' }]);
		memory.outside.now = later(901);
		expect(await list()).toEqual([]);
		expect((await confirm(body.id, first)).status).toBe(400);

		await post(sms);

		expect((await confirm(body.id, codeSent())).status).toBe(200);
	});

	it('is told what was sent instead where there is no code to hold one against', async () => {
		const { body: mailed } = await post(mail(1));
		expect(await confirm(mailed.id, '123456')).toMatchObject({
			status: 400,
			body: {
				detail: 'code is only for a phone number: an e-mail address is confirmed by the link in the mail that was sent to it',
			},
		});

		const { body: texted } = await post(sms);
		memory.outside.now = later(901);
		expect(await confirm(texted.id, codeSent())).toMatchObject({
			status: 400,
			body: { detail: 'code is no longer valid: subscribe again, and a new one is sent' },
		});
	});

	it('is not confirmed by guesses', async () => {
		const { body } = await post(sms);
		const code = codeSent();
		for (let n = 0; n < 5; n++)
			expect((await confirm(body.id, wrong(code))).body).toMatchObject({ ...problem('invalid-request') });

		expect(await confirm(body.id, code)).toMatchObject({
			status: 429,
			body: { detail: expect.stringContaining('subscribe again') },
		});
		expect(memory.seen.topic).toEqual([]);
	});

	it('is not subscribed by a code that comes back while it is deleted, whichever is first', async () => {
		const { body: first } = await post(sms);
		const { subscribe: real } = memory.ports.alerts;
		const remove = (id: string) => apiCaller(memory.ports)('DELETE /v1/alert-subscriptions/{id}', { who: acme }, { id });
		memory.ports.alerts.subscribe = async (...of) => {
			expect((await remove(first.id)).status).toBe(204);
			await real(...of);
		};
		expect((await confirm(first.id, codeSent())).status).toBe(404);
		expect([memory.seen.topic, memory.seen.subscribed]).toEqual([[], []]);
		memory.ports.alerts.subscribe = real;

		const { body: second } = await post(sms);
		const { remove: gone } = memory.ports.subscriptions;
		memory.ports.subscriptions.remove = async (...of) => {
			expect((await confirm(second.id, codeSent())).status).toBe(200);
			return gone(...of);
		};
		expect((await remove(second.id)).status).toBe(204);
		expect([memory.seen.topic, memory.seen.subscribed]).toEqual([[], []]);
	});

	it('is not confirmed by another account, nor with what is no code', async () => {
		const { body } = await post(sms);

		expect((await confirm(body.id, codeSent(), { account: 'other' })).status).toBe(404);
		expect((await confirm(body.id, '12345')).status).toBe(400);
		expect((await confirm(body.id, `${codeSent()}\n`)).status).toBe(400);
	});
});

describe('a name that a reader’s program could make a link of', () => {
	it.each([
		'pay at https://evil.example',
		'see www.evil.example',
		'evil.example/pay',
		'WWW.evil',
		'evil.example',
		'Pay at evil.example now',
		'evil.example:8080',
		'evil.xn--p1ai',
		'evil。рф',
		'noc@example.org@evil.example',
		'mailto:evil',
		'tel:0900evil',
		'evil, call +49 900 1234567',
	])('is told by its id: %s', (name) => {
		const connection = aConnection();
		const vpc = aVpc({ name });
		const text = alertText({
			connection,
			customerGateway: aCustomerGateway({ name }),
			vpc,
			from: 'up',
			to: 'down',
			now: later(0),
			reason: 'dpd-timeout',
		});

		for (const one of [text.subject, text.email, text.sms]) {
			expect(one).not.toContain('evil');
			expect(one).not.toContain('WWW');
		}
		expect(text.sms).toContain(connection.id);
		expect(text.email).toContain(vpc.id);
	});

	it.each(['Branch 2, St. Gallen', 'fw 203.0.113.9', 'v1.2', 'Müller & Co.', 'ring jo@example.org', '2026-11-28', 'Site: 1+1'])(
		'is no name that says something: %s',
		(name) => {
			const of = { connection: aConnection(), vpc: aVpc(), from: 'up', to: 'down', now: later(0) } as const;
			expect(alertText({ ...of, customerGateway: aCustomerGateway({ name }) }).email).toContain(`The VPN connection ${name} (`);
		},
	);

	it('stands in no line of a mail: of a change, of who made it, or of the peer', async () => {
		const scene = await aTenant();
		const connection = await scene.connect();
		await scene.reconcile();
		const id = connection.customerGatewayId;
		const lastChange = async () => (await scene.stored(connection.id))?.lastChange?.what;
		await scene.patch(id, { name: 'https://evil.example/login' });
		await scene.patch(id, { dpd: { delaySeconds: 20 } });
		expect(await lastChange()).toBe(`changed dpd.delaySeconds of the customer gateway ${id}`);
		const change = (patch: PatchVpc) => patchVpc(scene.memory.ports, { caller: admin, id: vpcId, patch });
		await change({ name: 'pay at evil.example' });
		await change({ routerInstanceId: 'i-0123456789abcdef1' });
		expect(await lastChange()).toBe(`changed routerInstanceId of the VPC ${vpcId}`);

		const from = later(0).toISOString();
		const { email } = alertText({
			connection,
			customerGateway: aCustomerGateway({ gateway: 'any', remoteId: 'login.evil.example' }),
			vpc: aVpc(),
			from: 'up',
			to: 'down',
			outage: { from, after: { at: from, who: 'https://evil.example', what: 'reset the connection' } },
			now: later(60),
		});
		expect(email).not.toContain('evil');
		expect(email).toContain('Change:  somebody reset the connection');
		expect(email).toContain('Peer:    any, no fixed address');
	});
});

describe('what a router says that a reader’s program could make a link of', () => {
	it.each(['pay at https://evil.example/pay', 'see WWW.evil.example', 'pay at evil.example/pay'])(
		'is none in a mail: %s',
		(said) => {
			const vpc = aVpc();
			const now = later(0);
			const since = later(-90).toISOString();
			const texts = [
				alertText({
					connection: aConnection(),
					vpc,
					from: 'up',
					to: 'error',
					now,
					reason: 'foreign-config',
					detail: `/a:1: ${said}`,
				}),
				routerAlertText({ vpc, to: 'silent', since, now, silence: { code: 'tool-missing', detail: `it lacks ${said}` } }),
			];

			for (const { email } of texts) {
				expect(email).toContain('evil. example');
				expect(email).not.toMatch(/:\/\/|www\.|evil\.example/i);
			}
		},
	);
});
