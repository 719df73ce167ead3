import { inspect } from 'node:util';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerOf } from '../../functions/adapters/ssm/silences.ts';
import { ssmSecrets } from '../../functions/adapters/ssm/ssm-secrets.ts';
import { logsEnd } from '../../functions/domain/diagnosis/log-lines.ts';
import type { RouterAnswer } from '../../functions/domain/model/router-answer.ts';
import type { Ports } from '../../functions/ports.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { apiCaller, type Call } from '../support/api-caller.ts';
import { aConnection, aCustomerGateway, aGateway, aVpc, idOf, later } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { aTenant, vpcId } from '../support/tenant.ts';

const canary = 'canary "of" the key';
const inParameterStore = Buffer.from(canary).toString('base64');
const customerGateway = {
	name: 'Second office',
	gateway: '192.0.2.9',
	remoteCidrs: ['10.9.0.0/24'],
	psk: canary,
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
	esp: { encryption: 'aes128', hash: 'sha1' },
};
const create = 'POST /v1/vpn-customer-gateways';
const patch = 'PATCH /v1/vpn-customer-gateways/{id}';
const id = idOf('cgw', 1);

/** The ports, with what goes through each call of them written down: what it is given, what it answers, what it throws. */
const witnessed = (ports: Ports, seen: unknown[]): Ports => {
	const watch = <T extends object>(port: T): T =>
		new Proxy(port, {
			get: (target, name) => {
				const one: unknown = Reflect.get(target, name);
				if (typeof one !== 'function') return one;
				return (...given: unknown[]) => {
					seen.push(name, given);
					const answer: unknown = one.apply(target, given);
					if (answer instanceof Promise) {
						answer.then(
							(value) => seen.push(value),
							(error) => seen.push(error),
						);
					}
					return answer;
				};
			},
		});
	return Object.fromEntries(
		Object.entries(ports).map(([name, port]) => [name, typeof port === 'object' && name !== 'settings' ? watch(port) : port]),
	) as unknown as Ports;
};

const printed = (seen: unknown): string =>
	[
		JSON.stringify(seen),
		inspect(seen, { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null }),
		...[seen].flat(5).map((one) => `${one instanceof Error ? one.stack : String(one)}`),
	].join('\n');

describe('a pre-shared key', () => {
	let memory: MemoryPorts;
	let seen: unknown[];
	let ports: Ports;
	beforeEach(async () => {
		memory = memoryPorts();
		seen = [];
		await memory.ports.store.transact([
			{ put: 'connections', next: aConnection({ state: 'Connected' }), current: undefined },
			{ put: 'customerGateways', next: aCustomerGateway({ connectionId: idOf('vpnc', 1) }), current: undefined },
			{ put: 'vpnGateways', next: aGateway(), current: undefined },
			{ put: 'vpcs', next: aVpc(), current: undefined },
		]);
		ports = witnessed(memory.ports, seen);
	});

	const call = async (routeKey: string, given: Call) => {
		const reply = await apiCaller(ports)(routeKey, given, routeKey.includes('{id}') ? { id } : {});
		seen.push(reply);
		return reply;
	};
	const expectUntold = () => {
		expect(seen.length).toBeGreaterThan(0);
		const all = printed([seen, memory.seen]).replaceAll('\\', '');
		expect(all).not.toContain(canary);
		expect(all).not.toContain(inParameterStore);
	};

	it('is stored and appears nowhere else when it is set and changed', async () => {
		const headers = { 'idempotency-key': 'k' };
		expect((await call(create, { body: customerGateway, headers })).status).toBe(201);
		expect((await call(create, { body: customerGateway, headers })).status).toBe(201);
		expect((await call(patch, { body: { psk: canary }, query: { dryRun: 'true' } })).body.changes).toHaveLength(1);
		expect((await call(patch, { body: { psk: canary, esp: { hash: 'sha256' } } })).status).toBe(202);

		expect([...memory.seen.secrets.values()].map((one) => one.reveal())).toEqual([canary, canary]);
		expect(JSON.stringify(seen)).toContain('"***"');
		expectUntold();
	});

	it.each([
		['a body that is not JSON', create, `{"psk":"${canary}`, 400],
		['another field that is wrong', create, { ...customerGateway, gateway: 'nowhere', unknown: 1 }, 400],
		['a key too long', create, { ...customerGateway, psk: canary.repeat(7) }, 400],
		['a key in another field’s place', create, { ...customerGateway, ike: canary }, 400],
		['a name that is taken', create, { ...customerGateway, name: 'Second office' }, 409],
		['subnets that overlap', patch, { psk: canary, remoteCidrs: ['10.1.0.0/24'] }, 409],
		['a policy that is inconsistent', patch, { psk: canary, gateway: 'any' }, 400],
	])('appears nowhere if the request has %s', async (_what, routeKey, body, status) => {
		await call(create, { body: { ...customerGateway, gateway: '192.0.2.10' } });
		expect((await call(routeKey, { body, headers: { 'idempotency-key': 'k' } })).status).toBe(status);

		expectUntold();
	});

	it.each([create, patch])('appears nowhere if the table fails: %s', async (routeKey) => {
		memory.ports.store.transact = async (writes) => {
			throw Object.assign(new Error(`cannot write ${JSON.stringify(writes)}`), { writes });
		};

		expect((await call(routeKey, { body: routeKey === create ? customerGateway : { psk: canary } })).status).toBe(500);

		expect(seen).toContain('error');
		expectUntold();
	});

	it.each([create, patch])('appears nowhere if Parameter Store fails: %s', async (routeKey) => {
		const sent: string[] = [];
		const client = {
			send: async (command: { input: { Value: string } }) => {
				sent.push(command.input.Value);
				throw Object.assign(new Error('out of order'), { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } });
			},
		} as unknown as SSMClient;
		ports = witnessed({ ...memory.ports, secrets: ssmSecrets(client, { prefix: '/s2s/dev', keyId: () => 'k' }) }, seen);

		expect((await call(routeKey, { body: routeKey === create ? customerGateway : { psk: canary } })).status).toBe(500);

		expect(sent).toEqual([inParameterStore]);
		expect(seen).toContain('error');
		expectUntold();
	});

	it.each([
		['has another', 'another key', true],
		['has it', canary, false],
	])('is nowhere after it was held against a text that %s', async (_which, key, differs) => {
		const route = 'POST /v1/vpn-connections/{id}/peer-check';
		const text = `set security ike policy p pre-shared-key ascii-text ${JSON.stringify(key)}
set security ike gateway g ike-policy p
set security ike gateway g address 192.0.2.1
set security ipsec vpn v ike gateway g
`;
		const body = { device: 'junos-9.5', text, psk: canary };
		const answer = await apiCaller(ports)(route, { body }, { id: idOf('vpnc', 1) });

		expect(answer.body.findings.some(({ what }: { what: string }) => what === 'key-differs')).toBe(differs);
		seen.push(answer);
		expectUntold();
	});

	it('appears only in the rendered peer configuration that its sender asked for', async () => {
		const route = 'POST /v1/vpn-connections/{id}/peer-config';
		const body = { device: 'generic', psk: canary };
		const headers = { 'idempotency-key': 'k' };
		const answer = await apiCaller(ports)(route, { body, headers }, { id: idOf('vpnc', 1) });

		expect(answer.body.config).toContain(canary);
		expectUntold();
	});

	it('has no part in what is shown of a router’s errors, wherever they are cut', () => {
		const parts = Array.from({ length: 16 }, (_, n) => `part${n}`).join(' ');
		for (let before = 1; before < 200; before += 7) {
			const errors = `${'x'.repeat(before)} ${`PSK "${parts}" `.repeat(12)}`;
			expect(JSON.stringify(answerOf({ status: 'Failed', ended: true, output: '', errors }))).not.toContain('part');
		}
	});

	describe('that its trial has taken back, whatever the router prints of it', () => {
		const base64 = Buffer.from(canary).toString('base64');
		/** As daemons print one; where it is bare, the router masks it, which holds it. */
		const shapes = [
			`PSK "${canary}"`.replaceAll('"of"', 'of'),
			`PSK '${canary}'`,
			`psk “${canary}”`,
			`: PSK '${canary}`,
			`PSK 0s${base64}`,
			`0s${base64}`,
			`secret: '${canary}'`,
			`secret = '${canary}'`,
			`pre-shared key is '${canary}'`,
			`got ${base64} from it`,
			`"${idOf('vpnc', 1)}-1" #1: PSK '${canary}' \u001b[31m again\u2028 ${base64}`,
		];
		const own = canary.replaceAll('"', '');
		const ended = { status: 'Success', ended: true, output: '', errors: '' };
		const header = 's2s/1 libreswan/4.10 daemon=1 busy=0 revision=none fw=ok boot=1763932000 caps=ikev1';

		it('is nowhere in events, alerts, mails, SMS, answers, logs and diagnosis', async () => {
			const t = await aTenant();
			const { ports, outside, seen: inMemory } = t.memory;
			const told: unknown[] = [];
			const keep = (...line: unknown[]) => void told.push(line);
			Object.assign(ports.log, { info: keep, warn: keep, error: keep });
			const api = apiCaller(ports);
			const { id: connectionId, customerGatewayId } = await t.connect();
			await t.reconcile();
			await t.check();
			const { apply, check } = outside;
			const spoken = (answer: RouterAnswer): RouterAnswer => {
				if (!('report' in answer)) return answer;
				const steps = shapes.map((shape) => `log - ${shape}\nlog ${connectionId} ${shape}`);
				const told = answerOf({ ...ended, output: [...steps, header, 'end 0', ''].join('\n') });
				if (!('report' in told)) throw new Error('the report is read');
				return { report: { ...answer.report, steps: told.report.steps } };
			};
			outside.apply = (push) => spoken(apply(push));
			outside.check = (instanceId) => spoken(check(instanceId));
			outside.logs = () => ({ text: [...shapes.map((shape) => `Nov 24 03:33:48 ${shape}`), logsEnd].join('\n') });
			await api('PATCH /v1/vpn-customer-gateways/{id}', { body: { psk: canary } }, { id: customerGatewayId });
			t.router.down.add('192.0.2.2');
			for (const seconds of [10, 40, 330, 360, 400]) {
				outside.now = later(seconds);
				await t.reconcile();
				await t.check();
			}
			expect((await ports.store.get('customerGateways', customerGatewayId))?.pskRollback).toMatchObject({ version: 2 });
			// One that fails for good has what the router said as its detail.
			outside.apply = () => answerOf({ ...ended, status: 'Failed', errors: shapes.join('\n') });
			await api('POST /v1/vpn-connections/{id}/reset', {}, { id: connectionId });
			for (const seconds of [500, 2_000, 9_000]) {
				outside.now = later(seconds);
				await t.reconcile();
				await t.check();
			}
			await sendAlerts(ports, 'acme');
			for (const route of ['', '/events', '/applies', '/logs', '/diagnosis', '/availability', '/usage'])
				told.push(await api(`GET /v1/vpn-connections/{id}${route}`, {}, { id: connectionId }));
			told.push(await api('GET /v1/vpcs/{id}', {}, { id: vpcId }));

			expect(inMemory.sent.length).toBeGreaterThan(0);
			const all = printed([told, { ...inMemory, secrets: [] }]).replaceAll('\\', '');
			expect(all).toContain('***');
			for (const form of [canary, own, base64, 'canary', 'of the key'])
				expect(
					all
						.split(form)
						.map((before) => before.slice(-80))
						.slice(0, -1),
					form,
				).toEqual([]);
		});
	});
});
