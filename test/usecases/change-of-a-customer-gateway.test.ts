import { beforeEach, describe, expect, it } from 'vitest';
import type { PatchCustomerGateway } from '../../functions/domain/model/customer-gateway.ts';
import type { ProblemKind } from '../../functions/domain/model/problem-kind.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import { putAccount } from '../../functions/usecases/accounts/put-account.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { patchCustomerGateway } from '../../functions/usecases/customer-gateways/patch-customer-gateway.ts';
import { planCustomerGatewayChange } from '../../functions/usecases/customer-gateways/plan-customer-gateway-change.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { later } from '../support/builders.ts';
import { admin, aTenant, suite, type Tenant, tenant, vpcId } from '../support/tenant.ts';

describe('a change of a customer gateway', () => {
	let t: Tenant;
	beforeEach(async () => {
		t = await aTenant();
	});
	const connected = async (n = 2) => {
		const connection = await t.connect(n);
		await t.reconcile();
		return connection;
	};
	const vpc = () => t.memory.ports.store.get('vpcs', vpcId);
	const lastPush = () => t.memory.seen.pushes.at(-1)?.text ?? '';
	const plan = (id: string, patch: PatchCustomerGateway) =>
		planCustomerGatewayChange(t.memory.ports, { caller: tenant, id, patch });

	it('leaves omitted fields as they are, at every depth', async () => {
		const before = await t.customerGateway();

		const { customerGateway: after } = await t.patch(before.id, { ike: { hash: 'sha256' }, dpd: { delaySeconds: 10 } });

		expect(after).toMatchObject({
			...before,
			ike: { ...before.ike, hash: 'sha256' },
			dpd: { ...before.dpd, delaySeconds: 10 },
			version: 2,
			rev: expect.any(Number),
			updatedAt: expect.any(String),
		});
	});

	it('sends only its own connection through Pending, with a new revision', async () => {
		const { id, customerGatewayId } = await connected(2);
		const other = await connected(3);
		await t.check();
		const untouched = await t.stored(other.id);

		const { pending } = await t.patch(customerGatewayId, { esp: { pfsGroup: 5 } });
		expect(pending).toBe(true);
		expect(await t.stored(id)).toMatchObject({ state: 'Pending', desiredRevision: 2, appliedRevision: 1 });
		await t.reconcile();

		expect(await t.stored(id)).toMatchObject({ state: 'Connected', appliedRevision: 2 });
		expect(await t.stored(other.id)).toEqual(untouched);
		expect(lastPush()).toContain('phase2alg=aes128-sha1;modp1536');
	});

	it('updates the slot of its connection with the new peer and subnets', async () => {
		const { id, customerGatewayId } = await connected();

		await t.patch(customerGatewayId, { gateway: '192.0.2.77', remoteCidrs: ['10.77.0.0/24', '10.78.0.0/24'] });

		expect((await vpc())?.slots[id]).toEqual({
			customerGatewayId,
			peer: '192.0.2.77',
			remoteCidrs: ['10.77.0.0/24', '10.78.0.0/24'],
		});
	});

	it('takes no identity that another peer has, by which the router finds the key, until that has another', async () => {
		const { customerGatewayId: first } = await connected(2);
		const { customerGatewayId: second } = await connected(3);
		await t.patch(first, { remoteId: 'hq.example' });
		await t.patch(first, { esp: { pfsGroup: 5 } });

		for (const remoteId of ['hq.example', 'HQ.example', '@hq.example', 'hq.example.', '@HQ.example..'])
			await expect(t.patch(second, { remoteId })).rejects.toMatchObject({ kind: 'peer-taken' });
		await t.patch(first, { remoteId: 'harbour.example' });

		expect((await t.patch(second, { remoteId: 'hq.example' })).customerGateway.remoteId).toBe('hq.example');
	});

	it('touches no router if only the name changes, and releases the old name', async () => {
		const { id, customerGatewayId } = await connected();

		const { pending } = await t.patch(customerGatewayId, { name: 'Harbour' });

		expect(pending).toBe(false);
		expect((await t.stored(id))?.state).toBe('Connected');
		const input = {
			name: 'office 2',
			gateway: '192.0.2.9',
			remoteCidrs: ['10.9.0.0/24'],
			...suite,
			psk: new Secret('another one'),
		};
		expect((await createCustomerGateway(t.memory.ports, { caller: tenant, input })).customerGateway.name).toBe('office 2');
	});

	it('that changes no field raises no version and pushes nothing', async () => {
		const { id, customerGatewayId } = await connected();

		const { customerGateway, pending } = await t.patch(customerGatewayId, { ike: { hash: 'sha1' }, name: 'office 2' });

		expect(pending).toBe(false);
		expect(customerGateway.version).toBe(1);
		expect((await t.stored(id))?.state).toBe('Connected');
	});

	const refused: [string, PatchCustomerGateway, ProblemKind][] = [
		['the peer of another connection', { gateway: '192.0.2.3' }, 'peer-taken'],
		['a block of the VPC', { remoteCidrs: ['10.1.2.0/24'] }, 'cidr-overlap'],
		['a block of another connection', { remoteCidrs: ['10.3.0.0/25'] }, 'cidr-overlap'],
		['a peer without address and identity', { gateway: 'any' }, 'invalid-request'],
		['a timeout below the delay that stays', { dpd: { timeoutSeconds: 20 } }, 'invalid-request'],
		['the name of another', { name: 'office 3' }, 'name-taken'],
	];
	it.each(refused)('to %s is refused and writes nothing', async (_what, patch, kind) => {
		const { id, customerGatewayId } = await connected(2);
		await connected(3);
		const before = [await t.stored(id), await t.memory.ports.store.get('customerGateways', customerGatewayId), await vpc()];

		await expect(t.patch(customerGatewayId, patch)).rejects.toMatchObject({ kind });
		await expect(plan(customerGatewayId, patch)).rejects.toMatchObject({ kind });

		expect([await t.stored(id), await t.memory.ports.store.get('customerGateways', customerGatewayId), await vpc()]).toEqual(
			before,
		);
	});

	it('is checked against the crypto floor: denied, or accepted with a warning', async () => {
		const { customerGatewayId } = await connected();
		await putAccount(t.memory.ports, 'acme', { cryptoFloor: { legacy: 'warn' } });
		expect((await t.patch(customerGatewayId, { esp: { encryption: 'aes256' } })).warnings).toEqual([
			'the crypto suite is legacy',
		]);
		await putAccount(t.memory.ports, 'acme', { cryptoFloor: { legacy: 'deny' } });

		await expect(t.patch(customerGatewayId, { esp: { encryption: '3des' } })).rejects.toMatchObject({ kind: 'crypto-denied' });
	});

	it('is refused to an account whose VPN is disabled, and while the connection is being deleted', async () => {
		const { id, customerGatewayId } = await connected();
		await deleteVpnConnection(t.memory.ports, { caller: tenant, id });
		await expect(t.patch(customerGatewayId, { forceEncaps: true })).rejects.toMatchObject({ kind: 'illegal-state' });
		await putAccount(t.memory.ports, 'acme', { vpnEnabled: false });

		await expect(t.patch(customerGatewayId, { name: 'x' })).rejects.toMatchObject({ kind: 'vpn-disabled' });
	});

	it('is recorded with who made it and which fields changed, never with a key', async () => {
		const { id, customerGatewayId } = await connected();

		await t.patch(customerGatewayId, { ike: { encryption: 'aes256' }, psk: new Secret('entirely new secret') });

		const [event] = (await t.memory.ports.events.list(id, { limit: 1 })).items;
		expect(event).toMatchObject({ who: 'jo', from: 'Connected', to: 'Pending', detail: '/ike/encryption /psk' });
		expect(JSON.stringify([...t.memory.seen.kept.events, t.memory.seen.pushes])).not.toContain('entirely new');
	});

	it('can be planned without writing anything: the files and tunnels it touches, and what to change on the peer', async () => {
		const { customerGatewayId } = await connected();
		const before = JSON.stringify([await vpc(), await t.memory.ports.store.get('customerGateways', customerGatewayId)]);

		const answer = await plan(customerGatewayId, {
			ike: { encryption: 'aes256' },
			remoteCidrs: ['10.2.0.0/24', '10.20.0.0/24'],
			psk: new Secret('entirely new secret'),
		});

		expect(answer.changes.map(({ pointer }) => pointer)).toEqual(['/remoteCidrs', '/ike/encryption', '/psk']);
		expect(answer.files.map(({ path }) => path.replace(/^.*\./, ''))).toEqual(['conf', 'secrets']);
		expect(answer.files[0]?.diff).toMatch(/-\tike=aes128-sha1;modp1536\n\+\tike=aes256-sha1;modp1536/);
		expect(answer.tunnels.map(({ remoteCidr, effect }) => [remoteCidr, effect])).toEqual([
			['10.2.0.0/24', 'bounces'],
			['10.20.0.0/24', 'comes'],
		]);
		expect(answer.peer).toEqual([
			{ setting: 'Pre-shared key', from: '******** (version 1)', to: '******** (version 2)' },
			{ setting: 'Phase 1 encryption', from: 'AES-128-CBC', to: 'AES-256-CBC' },
			{ setting: 'Tunnel of 10.20.0.0/24', from: undefined, to: '10.20.0.0/24 to 10.1.0.0/16' },
		]);
		expect(JSON.stringify(answer)).not.toMatch(/secret number|entirely new/);
		expect(JSON.stringify([await vpc(), await t.memory.ports.store.get('customerGateways', customerGatewayId)])).toBe(before);
		expect(t.memory.seen.secretVersions.get(`acme/${customerGatewayId}`)).toBe(1);
	});

	it('and a concurrent new connection are decided one after the other', async () => {
		const { id: customerGatewayId } = await t.customerGateway(2);
		const { vpnGatewayId } = t;

		await Promise.all([
			createVpnConnection(t.memory.ports, { caller: tenant, input: { vpnGatewayId, customerGatewayId } }),
			t.patch(customerGatewayId, { remoteCidrs: ['10.66.0.0/24'] }),
		]);
		await t.reconcile();

		expect(lastPush()).toContain('pair 1 10.66.0.0/24');
		expect(Object.values((await vpc())?.slots ?? {})).toMatchObject([{ remoteCidrs: ['10.66.0.0/24'] }]);
	});
});

describe('a new pre-shared key', () => {
	let t: Tenant;
	let id: string;
	let customerGatewayId: string;
	beforeEach(async () => {
		t = await aTenant();
		({ id, customerGatewayId } = await t.connect());
		await t.reconcile();
	});
	const gateway = () => t.memory.ports.store.get('customerGateways', customerGatewayId);
	const at = (seconds: number) => {
		t.memory.outside.now = later(seconds);
	};
	const whys = async () => (await t.memory.ports.events.list(id, { limit: 50 })).items.map(({ why }) => why);

	it('is on trial until a tunnel comes up with it, and the moment of the cut is recorded', async () => {
		at(60);
		await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
		expect(await gateway()).toMatchObject({
			pskVersion: 2,
			pskRotation: { previousVersion: 1, deadline: later(360).toISOString() },
		});
		at(70);
		await t.reconcile();
		expect(await t.stored(id)).toMatchObject({ state: 'Connected', pskInUse: { version: 2, since: later(70).toISOString() } });

		at(90);
		await t.check();

		expect(await gateway()).toMatchObject({ pskVersion: 2 });
		expect((await gateway())?.pskRotation).toBeUndefined();
		expect(t.memory.seen.pushes.at(-1)?.text).toContain(`${customerGatewayId}:2`);
		const events = (await t.memory.ports.events.list(id, { limit: 10 })).items;
		expect(events[0]).toMatchObject({ kind: 'psk', why: 'psk-verified' });
		expect(events[1]?.detail).toBe('version 2 of the pre-shared key is in use from now on');
	});

	it('that brings up no tunnel by its deadline is rolled back once, and the account is told', async () => {
		await t.patch(customerGatewayId, { psk: new Secret('mistyped on one side') });
		t.router.down.add('192.0.2.2');
		at(10);
		await t.reconcile();
		for (const seconds of [30, 60, 290]) {
			at(seconds);
			await t.check();
		}
		expect(await gateway()).toMatchObject({ pskVersion: 2, pskRotation: { previousVersion: 1 } });

		at(330);
		await t.check();
		t.router.down.clear();
		await t.reconcile();
		at(360);
		await t.check();

		expect(await gateway()).toMatchObject({ pskVersion: 1, pskRollback: { version: 2, at: later(330).toISOString() } });
		expect(await t.stored(id)).toMatchObject({ state: 'Connected', pskInUse: { version: 1 } });
		expect(t.memory.seen.pushes.at(-1)?.text).toContain(`${customerGatewayId}:1`);
		expect((await whys()).filter((why) => why === 'psk-rolled-back')).toHaveLength(1);
	});

	it('has its whole trial from the cut on if the router was unreachable before', async () => {
		const answers = t.memory.outside.apply;
		t.memory.outside.apply = () => ({ silence: { code: 'unreachable', detail: 'gone' } });
		await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
		await t.reconcile();
		t.memory.outside.apply = answers;
		t.router.down.add('192.0.2.2');
		at(400);
		await t.reconcile();

		for (const seconds of [430, 690]) {
			at(seconds);
			await t.check();
			expect(await gateway()).toMatchObject({ pskVersion: 2 });
		}
		at(701);
		await t.check();

		expect(await gateway()).toMatchObject({ pskVersion: 1 });
	});

	it.each([
		['deleted', false],
		['deleted by force', true],
	])(
		'is on trial no longer once its connection is %s: another one’s loss does not bring the old key back',
		async (_how, force) => {
			await t.patch(customerGatewayId, { psk: new Secret('since the first is known') });
			await t.reconcile();
			await deleteVpnConnection(t.memory.ports, { caller: force ? admin : tenant, id, force });
			await t.reconcile();
			expect((await gateway())?.pskRotation).toBeUndefined();
			// As a row of before has it.
			const current = await gateway();
			if (current === undefined) throw new Error('the customer gateway is there');
			const stale = { ...current, pskRotation: { previousVersion: 1, deadline: later(300).toISOString() } };
			await t.memory.ports.store.transact([{ put: 'customerGateways', next: stale, current }]);

			const input = { vpnGatewayId: t.vpnGatewayId, customerGatewayId };
			const { connection } = await createVpnConnection(t.memory.ports, { caller: tenant, input });
			await t.reconcile();
			t.router.down.add('192.0.2.2');
			at(90_000);
			await t.check();
			const { check } = t.memory.outside;
			t.memory.outside.check = (instanceId) => {
				const answer = check(instanceId);
				if ('report' in answer) for (const line of answer.report.connections) line.reasons = ['peer-unreachable'];
				return answer;
			};
			at(90_030);
			await t.check();

			expect(await t.stored(connection.id)).toMatchObject({ state: 'Disconnected', stateReason: { code: 'peer-unreachable' } });
			expect(await gateway()).toMatchObject({ pskVersion: 2 });
		},
	);

	it('of a customer gateway without a connection is on no trial, whatever was before', async () => {
		await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
		await deleteVpnConnection(t.memory.ports, { caller: tenant, id });
		await t.reconcile();

		await t.patch(customerGatewayId, { psk: new Secret('the third secret') });

		expect(await gateway()).toMatchObject({ pskVersion: 3 });
		expect((await gateway())?.pskRotation).toBeUndefined();
	});

	it('is not on trial if the peer was already away, which would prove nothing', async () => {
		t.router.down.add('192.0.2.2');
		at(30);
		await t.check();

		await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
		await t.reconcile();
		at(2_000);
		await t.check();

		expect(await gateway()).toMatchObject({ pskVersion: 2 });
		expect((await gateway())?.pskRotation).toBeUndefined();
	});

	it('that replaces one on trial is rolled back to the last that worked', async () => {
		await t.patch(customerGatewayId, { psk: new Secret('the second secret') });
		t.router.down.add('192.0.2.2');
		await t.reconcile();
		await t.patch(customerGatewayId, { psk: new Secret('the third secret') });
		await t.reconcile();
		at(30);
		await t.check();
		at(700);
		await t.check();

		expect(await gateway()).toMatchObject({ pskVersion: 1, pskRollback: { version: 3 } });
	});

	it('leaves no secret behind if its customer gateway is deleted meanwhile', async () => {
		const spare = await t.customerGateway(5);
		const { store } = t.memory.ports;
		const deletedMeanwhile = {
			...t.memory.ports,
			secrets: {
				...t.memory.ports.secrets,
				put: async (accountId: string, one: string, psk: Secret) => {
					await store.transact([{ remove: 'customerGateways', current: spare.rev === 0 ? { ...spare, rev: 1 } : spare }]);
					return t.memory.ports.secrets.put(accountId, one, psk);
				},
			},
		};
		const request = { caller: tenant, id: spare.id, patch: { psk: new Secret('for nobody any more') } };
		await expect(patchCustomerGateway(deletedMeanwhile, request)).rejects.toMatchObject({ kind: 'not-found' });
		at(600);
		await tick(t.memory.ports);

		expect(t.memory.seen.secrets.has(`acme/${spare.id}`)).toBe(false);
	});
});
