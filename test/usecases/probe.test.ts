import { beforeEach, describe, expect, it } from 'vitest';
import type { PatchVpnConnection } from '../../functions/domain/model/vpn-connection.ts';
import type { Ports } from '../../functions/ports.ts';
import { putAccount } from '../../functions/usecases/accounts/put-account.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { patchVpnConnection } from '../../functions/usecases/connections/patch-vpn-connection.ts';
import { later } from '../support/builders.ts';
import { aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const host = '10.2.0.10';

describe('the probe of a connection', () => {
	let t: Tenant;
	let ports: Ports;
	let id: string;
	let customerGatewayId: string;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		({ id, customerGatewayId } = await t.connect());
		await t.reconcile();
		await t.check();
	});
	const patch = (body: PatchVpnConnection, over: Partial<Parameters<typeof patchVpnConnection>[1]> = {}) =>
		patchVpnConnection(ports, { caller: tenant, id, patch: body, ...over });
	const lastPush = () => t.memory.seen.pushes.at(-1)?.text ?? '';
	const vpc = () => ports.store.get('vpcs', vpcId);
	const events = () =>
		t.memory.seen.kept.events.filter(({ kind }) => kind === 'probe').map(({ who, from, to, why }) => [who, from, to, why]);

	it('reaches the router as a new generation, and changes no state and no revision of the connection', async () => {
		const before = await t.stored(id);
		const generation = (await vpc())?.generation ?? 0;
		t.memory.seen.reconciles.length = 0;

		const { connection, pending } = await patch({ probe: { host } });

		expect(pending).toBe(true);
		expect(connection).toMatchObject({ probe: { host }, state: 'Connected', version: (before?.version ?? 0) + 1 });
		expect(connection.desiredRevision).toBe(before?.desiredRevision);
		expect((await vpc())?.generation).toBe(generation + 1);
		expect(t.memory.seen.reconciles).toEqual([vpcId]);
		await t.reconcile();
		expect(lastPush()).toMatch(new RegExp(`^connection ${id} .* probe=${host}$`, 'm'));
		expect(await t.stored(id)).toMatchObject({ state: 'Connected', stateChangedAt: before?.stateChangedAt });
	});

	it('is changed and cleared, each told of in an event, and the same once more is nothing', async () => {
		await patch({ probe: { host } });
		const { rev } = (await t.stored(id)) ?? {};
		expect((await patch({ probe: { host } })).pending).toBe(false);
		expect((await patch({})).pending).toBe(false);
		expect((await t.stored(id))?.rev).toBe(rev);
		await patch({ probe: { host: '10.2.0.11' } });
		await patch({ probe: null });
		expect((await patch({ probe: null })).pending).toBe(false);

		expect(await t.stored(id)).not.toHaveProperty('probe.host');
		expect(events()).toEqual([
			['jo', undefined, host, 'set'],
			['jo', host, '10.2.0.11', 'set'],
			['jo', '10.2.0.11', undefined, 'cleared'],
		]);
	});

	it('may be there from the start', async () => {
		const { id: other } = await t.customerGateway(3);
		const input = { vpnGatewayId: t.vpnGatewayId, customerGatewayId: other };
		const wrong = createVpnConnection(ports, { caller: tenant, input: { ...input, probe: { host } } });
		await expect(wrong).rejects.toMatchObject({ kind: 'invalid-request', errors: [{ pointer: '/probe/host' }] });

		const { connection } = await createVpnConnection(ports, {
			caller: tenant,
			input: { ...input, probe: { host: '10.3.0.10' } },
		});
		await t.reconcile();

		expect(connection.probe).toEqual({ host: '10.3.0.10' });
		expect(lastPush()).toContain(' probe=10.3.0.10\n');
	});

	it('is refused where it is not behind the peer, and to whom the connection is not', async () => {
		await expect(patch({ probe: { host: '10.1.0.10' } })).rejects.toMatchObject({
			kind: 'invalid-request',
			errors: [{ pointer: '/probe/host', detail: expect.stringContaining('10.2.0.0/24') }],
		});
		const other = { caller: { who: 'eve', accountId: 'other', admin: false } };
		await expect(patch({ probe: { host } }, other)).rejects.toMatchObject({ kind: 'not-found' });
		await expect(patch({ probe: { host } }, { ifMatch: '"9"' })).rejects.toMatchObject({ kind: 'stale-version' });
		await putAccount(ports, 'acme', { vpnEnabled: false });
		await expect(patch({ probe: { host } })).rejects.toMatchObject({ kind: 'vpn-disabled' });
		await deleteVpnConnection(ports, { caller: tenant, id, force: false });
		await putAccount(ports, 'acme', { vpnEnabled: true });
		await expect(patch({ probe: { host } })).rejects.toMatchObject({ kind: 'illegal-state' });
		expect(events()).toEqual([]);
	});

	it('keeps the block that it is in behind the peer', async () => {
		await patch({ probe: { host } });

		await expect(t.patch(customerGatewayId, { remoteCidrs: ['10.7.0.0/24'] })).rejects.toMatchObject({
			kind: 'in-use',
			errors: [{ pointer: '/remoteCidrs' }],
		});
		await t.patch(customerGatewayId, { remoteCidrs: ['10.7.0.0/24', '10.2.0.0/28'] });
		await t.reconcile();
		await patch({ probe: null });
		await t.patch(customerGatewayId, { remoteCidrs: ['10.7.0.0/24'] });
	});

	describe('that the router asks', () => {
		let seconds = 0;
		const checked = async (times = 1) => {
			for (let n = 0; n < times; n++) {
				seconds += 30;
				t.memory.outside.now = later(seconds);
				t.memory.seen.metrics.length = 0;
				await t.check();
			}
			return t.stored(id);
		};
		const writesOf = async (work: () => Promise<unknown>) => {
			const { transact } = ports.store;
			let writes = 0;
			ports.store.transact = (all) => {
				writes += all.length;
				return transact(all);
			};
			await work();
			ports.store.transact = transact;
			return writes;
		};
		const numbers = () =>
			t.memory.seen.metrics
				.filter(({ name }) => name.startsWith('Probe'))
				.map(({ name, value, dimensions }) => [name, value, dimensions]);
		beforeEach(async () => {
			seconds = 0;
			await patch({ probe: { host } });
			await t.reconcile();
		});

		it('has its round trip and its loss counted by each check, and only where there is news of it', async () => {
			await checked();
			expect(numbers()).toEqual([]);

			t.router.replies.set(host, { lossPercent: 33, rttMs: 12 });
			await checked();
			expect(numbers()).toEqual([
				['ProbeLoss', 33, { ConnectionId: id }],
				['ProbeRoundTrip', 12, { ConnectionId: id }],
			]);
			t.router.replies.set(host, { lossPercent: 100 });
			await checked();
			expect(numbers()).toEqual([['ProbeLoss', 100, { ConnectionId: id }]]);
			await patch({ probe: null });
			await checked();
			expect(numbers()).toEqual([]);
		});

		it('keeps what it met with the counters, at once and then each quarter of an hour, and writes nothing between', async () => {
			t.router.replies.set(host, { lossPercent: 0, rttMs: 12 });
			expect(await checked()).toMatchObject({ counters: { reading: { lossPercent: 0, rttMs: 12 } } });

			expect(
				await writesOf(async () => {
					for (let n = 1; n < 30; n++) {
						t.router.bytes.set('192.0.2.2', [n * 252, n * 252]);
						t.router.replies.set(host, { lossPercent: n % 2 === 0 ? 0 : 33, rttMs: n });
						await checked();
					}
				}),
			).toBe(0);
			t.router.bytes.set('192.0.2.2', [9_999, 9_999]);
			expect(await checked()).toMatchObject({ counters: { bytesIn: 9_999, reading: { rttMs: 29 } } });
		});

		it('is told of once where nobody answers, and once where somebody does again', async () => {
			t.router.replies.set(host, { lossPercent: 100 });
			const alerts = () => t.memory.seen.kept.events.flatMap(({ alert }) => (alert === undefined ? [] : [alert.subject]));

			await checked(2);
			expect(await t.stored(id)).toMatchObject({ state: 'Connected', stateReason: { code: 'no-reply-through-tunnel' } });
			await checked(2);
			expect(alerts()).toEqual([expect.stringContaining('is degraded: no-reply-through-tunnel')]);
			expect(await writesOf(() => checked(20))).toBe(0);
			t.router.replies.set(host, { lossPercent: 0, rttMs: 3 });
			await checked(3);

			expect(alerts().slice(1)).toEqual([expect.stringContaining('is up again')]);
		});

		it('begins anew with another host, of which nothing is known yet', async () => {
			t.router.replies.set(host, { lossPercent: 100 });
			expect(await checked(4)).toMatchObject({ unanswered: { confirmed: true }, counters: { reading: { lossPercent: 100 } } });

			await patch({ probe: { host: '10.2.0.11' } });
			await t.reconcile();

			expect(await t.stored(id)).not.toHaveProperty('unanswered.since');
			expect((await t.stored(id))?.counters).not.toHaveProperty('reading.lossPercent');
			expect(await checked()).toMatchObject({ notified: 'up' });
			expect((await t.stored(id))?.stateReason).toBeUndefined();
		});
	});
});
