import { beforeEach, describe, expect, it } from 'vitest';
import type { Ports, Rows, TableName } from '../../functions/ports.ts';
import { putAccount } from '../../functions/usecases/accounts/put-account.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { deleteNetwork } from '../../functions/usecases/vpcs/delete-network.ts';
import { deleteVpc } from '../../functions/usecases/vpcs/delete-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { putNetwork } from '../../functions/usecases/vpcs/put-network.ts';
import { reapplyVpc } from '../../functions/usecases/vpcs/reapply-vpc.ts';
import { createVpnGateway } from '../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { later } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { admin, aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const input = {
	id: 'vpc-00000002',
	accountId: 'acme',
	cidr: '10.9.0.0/16',
	routerInstanceId: 'i-00000000000000002',
	publicIps: [
		{ ip: '192.0.2.8', sourceNat: false },
		{ ip: '192.0.2.9', sourceNat: true },
	],
};
const at = (second: number) => later(second).toISOString();
const born = { accountId: 'acme', createdAt: at(0), updatedAt: at(0), version: 1, rev: 0 };
const stranger = { who: 'eve', accountId: 'other', admin: false };

describe('an account', () => {
	let memory: MemoryPorts;
	beforeEach(() => {
		memory = memoryPorts();
	});

	it('has VPN and its id for a name unless it is told otherwise', async () => {
		expect(await putAccount(memory.ports, 'acme', {})).toEqual({
			id: 'acme',
			...born,
			name: 'acme',
			vpnEnabled: true,
			cryptoFloor: undefined,
		});
		expect(await putAccount(memory.ports, 'b', { name: 'B', vpnEnabled: false, cryptoFloor: { legacy: 'deny' } })).toMatchObject({
			accountId: 'b',
			name: 'B',
			vpnEnabled: false,
			cryptoFloor: { legacy: 'deny' },
		});
	});

	it('keeps what a change does not name', async () => {
		await putAccount(memory.ports, 'acme', { name: 'Acme', cryptoFloor: { legacy: 'warn' } });
		memory.outside.now = later(60);

		expect(await putAccount(memory.ports, 'acme', { vpnEnabled: false })).toMatchObject({
			name: 'Acme',
			vpnEnabled: false,
			cryptoFloor: { legacy: 'warn' },
			version: 2,
			createdAt: at(0),
			updatedAt: at(60),
		});
	});
});

describe('the networks of a VPC with connections', () => {
	let t: Tenant;
	beforeEach(async () => {
		t = await aTenant();
	});
	const n = 'app';
	const put = (networkId: string, state: 'Allocated' | 'Implemented' | 'Shutdown') =>
		putNetwork(t.memory.ports, { caller: admin, id: vpcId, networkId, network: { cidr: '10.1.9.0/24', state } });
	const drop = (networkId: string) => deleteNetwork(t.memory.ports, { caller: admin, id: vpcId, networkId });
	const told = () =>
		t.memory.seen.kept.events
			.filter(({ kind }) => kind === 'checks')
			.map(({ subject, who, from, to, why, detail }) => ({ id: subject.id, who, from, to, why, detail }));
	const [stops, begins] = [
		{ who: admin.who, from: 'active', to: 'inactive', why: 'no-implemented-network' },
		{ who: admin.who, from: 'inactive', to: 'active', why: 'network-implemented' },
	];

	it('tell each of them that its checks stop with the last implemented one, and that they begin again', async () => {
		const ids = [await t.connect(2), await t.connect(3)].map(({ id }) => id);
		const before = (await t.memory.ports.store.get('vpcs', vpcId))?.networks ?? [];
		await put(n, 'Implemented');
		for (const { id } of before) await drop(id);
		expect(told()).toEqual([]);

		await drop(n);
		expect(told()).toEqual(
			ids.map((id) => ({
				id,
				...stops,
				detail: `its checks stop, and its state stays as it is: the network app was deleted, and ${vpcId} has no other that is implemented`,
			})),
		);
		await put(n, 'Allocated');
		expect(told()).toHaveLength(2);
		await put(n, 'Implemented');
		expect(told().slice(2)).toEqual(
			ids.map((id) => ({ id, ...begins, detail: 'its checks begin: the network app is Implemented' })),
		);
		await put(n, 'Shutdown');
		expect(told().slice(4)).toMatchObject(
			ids.map((id) => ({ id, ...stops, detail: expect.stringContaining('app is Shutdown') })),
		);
	});

	it('tell nobody where there is none', async () => {
		for (const { id } of (await t.memory.ports.store.get('vpcs', vpcId))?.networks ?? []) await drop(id);

		expect(told()).toEqual([]);
	});
});

describe('a VPC that is registered', () => {
	let memory: MemoryPorts;
	let ports: Ports;
	beforeEach(() => {
		memory = memoryPorts();
		({ ports } = memory);
	});

	it('begins with nothing on its router', async () => {
		expect(await createVpc(ports, input)).toEqual({
			...input,
			...born,
			name: input.id,
			networks: [],
			remoteAccessVpn: false,
			routeTableIds: [],
			slots: {},
			generation: 0,
			appliedGeneration: 0,
		});
		const more = { name: 'Lab', remoteAccessVpn: true, routeTableIds: ['rtb-0a1b2c3d'] };
		const other = { ...input, id: 'vpc-00000003', routerInstanceId: 'i-00000000000000003' };
		expect(await createVpc(ports, { ...other, ...more })).toMatchObject(more);
	});

	it('is registered once, and has a router of its own (invariant 7)', async () => {
		await createVpc(ports, input);

		await expect(createVpc(ports, input)).rejects.toMatchObject({
			kind: 'already-exists',
			message: expect.stringContaining(input.id),
			errors: [],
		});
		await expect(createVpc(ports, { ...input, id: 'vpc-00000003' })).rejects.toMatchObject({
			kind: 'in-use',
			message: expect.stringContaining(`${input.routerInstanceId} already serves the VPC ${input.id}`),
			errors: [{ pointer: '/routerInstanceId', detail: expect.stringContaining(input.id) }],
		});
	});

	it('has networks, each under its own name, which may change and go', async () => {
		await createVpc(ports, input);
		const put = (networkId: string, cidr: string, state: 'Allocated' | 'Implemented' = 'Allocated') =>
			putNetwork(ports, { caller: admin, id: input.id, networkId, network: { cidr, state } });
		await put('a', '10.9.1.0/24');
		await put('b', '10.9.2.0/24');
		memory.outside.now = later(60);

		expect(await put('a', '10.9.3.0/24', 'Implemented')).toMatchObject({
			networks: [
				{ id: 'b', cidr: '10.9.2.0/24', state: 'Allocated' },
				{ id: 'a', cidr: '10.9.3.0/24', state: 'Implemented' },
			],
			version: 4,
			updatedAt: at(60),
		});
		await deleteNetwork(ports, { caller: admin, id: input.id, networkId: 'b' });
		expect(await ports.store.get('vpcs', input.id)).toMatchObject({ networks: [{ id: 'a' }], version: 5 });
		await expect(deleteNetwork(ports, { caller: admin, id: input.id, networkId: 'b' })).rejects.toMatchObject({
			kind: 'not-found',
			message: expect.stringMatching(/vpc-00000002.* b$/),
		});
		await expect(put('c', '10.8.0.0/24')).rejects.toMatchObject({ kind: 'invalid-request', errors: [{ pointer: '/cidr' }] });
	});

	it('has at most two hundred networks, and one of them may still change', async () => {
		await createVpc(ports, input);
		const network = { cidr: '10.9.1.0/24', state: 'Allocated' } as const;
		for (let n = 0; n < 200; n++) await putNetwork(ports, { caller: admin, id: input.id, networkId: `n${n}`, network });

		await expect(putNetwork(ports, { caller: admin, id: input.id, networkId: 'more', network })).rejects.toMatchObject({
			kind: 'too-many-networks',
			message: expect.stringMatching(/200 networks, which is the limit; delete one/),
		});
		await putNetwork(ports, { caller: admin, id: input.id, networkId: 'n7', network });
	});

	it('is not there for another account, nor are its parts', async () => {
		await createVpc(ports, input);
		const network = { cidr: '10.9.1.0/24', state: 'Allocated' } as const;
		const refused = { kind: 'not-found', message: `there is no VPC ${input.id}`, errors: [] };

		await expect(putNetwork(ports, { caller: stranger, id: input.id, networkId: 'n', network })).rejects.toMatchObject(refused);
		await expect(patchVpc(ports, { caller: stranger, id: input.id, patch: {} })).rejects.toMatchObject(refused);
		await expect(createVpnGateway(ports, { caller: stranger, input: { vpcId: input.id } })).rejects.toMatchObject({
			...refused,
			errors: [{ pointer: '/vpcId', detail: refused.message }],
		});
	});

	it('goes with the name of its router, where nothing else is left', async () => {
		await createVpc(ports, input);
		await expect(deleteVpc(ports, { caller: admin, id: input.id, ifMatch: '"2"' })).rejects.toMatchObject({
			kind: 'stale-version',
		});

		await deleteVpc(ports, { caller: admin, id: input.id, ifMatch: '"1"' });

		expect(memory.seen.kept.rows.vpcs.size).toBe(0);
		expect(memory.seen.kept.markers.size).toBe(0);
	});
});

describe('a VPC that changes', () => {
	let t: Tenant;
	let ports: Ports;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		await t.connect();
		await t.reconcile();
		t.memory.seen.reconciles.length = 0;
	});
	const current = () => ports.store.get('vpcs', vpcId);

	const publicIp = { ip: '192.0.2.1', sourceNat: true };
	it.each<[string, Parameters<typeof patchVpc>[1]['patch'], boolean]>([
		['another CIDR', { cidr: '10.0.0.0/15' }, true],
		['another public IP beside it', { publicIps: [publicIp, { ip: '192.0.2.9', sourceNat: false }] }, true],
		['a router behind NAT', { publicIps: [{ ...publicIp, privateIp: '10.1.0.9' }] }, true],
		['another router', { routerInstanceId: 'i-00000000000000009' }, true],
		['another name', { name: 'x' }, false],
		['what it is already', { cidr: '10.1.0.0/16', publicIps: [publicIp], routerInstanceId: 'i-0123456789abcdef0' }, false],
	])('to have %s sends its connections through Pending: $2', async (_what, patch, pends) => {
		const before = await current();
		t.memory.outside.now = later(60);

		const { vpc, pending } = await patchVpc(ports, { caller: admin, id: vpcId, patch });

		expect(pending).toBe(pends);
		expect(vpc).toMatchObject({ ...patch, version: (before?.version ?? 0) + 1, updatedAt: at(60) });
		expect(vpc.generation).toBe((before?.generation ?? 0) + (pends ? 1 : 0));
		expect(t.memory.seen.reconciles).toEqual(pends ? [vpcId] : []);
		const events = t.memory.seen.kept.events.filter(({ at: when }) => when === at(60));
		expect(events.map(({ who, to, why }) => [who, to, why])).toEqual(pends ? [['root', 'Pending', 'the VPC was changed']] : []);
	});

	it('while it has no connections reaches no router, but the one that it moves from', async () => {
		await createVpc(ports, input);
		const patch = (change: Parameters<typeof patchVpc>[1]['patch']) =>
			patchVpc(ports, { caller: admin, id: input.id, patch: change });

		expect(await patch({ cidr: '10.8.0.0/15' })).toMatchObject({ pending: false, vpc: { generation: 0 } });
		expect(await patch({ routerInstanceId: 'i-00000000000000003' })).toMatchObject({ pending: false, vpc: { generation: 0 } });
		expect(t.memory.seen.reconciles).toEqual([]);
		expect(await ports.store.holderOf('vpcs', 'router#i-00000000000000002')).toBeUndefined();
		expect(await ports.store.holderOf('vpcs', 'router#i-00000000000000003')).toBe(input.id);
	});

	it('to the router of another is refused', async () => {
		await createVpc(ports, input);

		await expect(
			patchVpc(ports, { caller: admin, id: vpcId, patch: { routerInstanceId: input.routerInstanceId } }),
		).rejects.toMatchObject({ kind: 'in-use', errors: [{ pointer: '/routerInstanceId' }] });
	});

	it('is changed as it was read, or not at all', async () => {
		await expect(patchVpc(ports, { caller: admin, id: vpcId, patch: { name: 'x' }, ifMatch: '"99"' })).rejects.toMatchObject({
			kind: 'stale-version',
		});
	});

	it('is pushed whole again where an admin asks for it, and its connections stay as they are', async () => {
		const before = await current();
		const rows = JSON.stringify([...t.memory.seen.kept.rows.connections.values()]);
		t.memory.outside.now = later(60);

		const after = await reapplyVpc(ports, { caller: admin, id: vpcId });

		expect(after).toMatchObject({
			generation: (before?.generation ?? 0) + 1,
			version: (before?.version ?? 0) + 1,
			updatedAt: at(60),
		});
		expect(JSON.stringify([...t.memory.seen.kept.rows.connections.values()])).toBe(rows);
		expect(t.memory.seen.reconciles).toEqual([vpcId]);
		expect(t.memory.seen.kept.events.at(-1)).toMatchObject({
			subject: { kind: 'router', id: vpcId },
			who: 'root',
			why: 'reapply',
			expiresAt: later(60).getTime() / 1_000 + 90 * 86_400,
		});
	});
});

describe('a VPN gateway', () => {
	let memory: MemoryPorts;
	let ports: Ports;
	beforeEach(async () => {
		memory = memoryPorts();
		({ ports } = memory);
		await createVpc(ports, input);
	});
	const make = (over: object = {}, caller = tenant) => createVpnGateway(ports, { caller, input: { vpcId: input.id, ...over } });
	const held = async <T extends TableName>(table: T, id: string): Promise<Rows[T] | undefined> => ports.store.get(table, id);

	it('is on the source-NAT address unless another is asked for, and its VPC knows it', async () => {
		memory.outside.now = later(60);
		const gateway = await make();

		expect(gateway).toEqual({
			id: expect.stringMatching(/^vgw-/),
			...born,
			createdAt: at(60),
			updatedAt: at(60),
			vpcId: input.id,
			publicIp: '192.0.2.9',
		});
		expect(await held('vpcs', input.id)).toMatchObject({
			vpnGatewayId: gateway.id,
			version: 2,
			updatedAt: at(60),
			generation: 0,
		});
	});

	it('is on another of the addresses where that is asked for', async () => {
		expect((await make({ publicIp: '192.0.2.8' })).publicIp).toBe('192.0.2.8');
	});

	it('is the account’s that its VPC is of', async () => {
		expect((await make({}, { ...admin })).accountId).toBe('acme');
		memory = memoryPorts();
		({ ports } = memory);
		await createVpc(ports, input);
		await expect(make({ accountId: 'other' }, { ...admin })).rejects.toMatchObject({
			kind: 'not-found',
			errors: [{ pointer: '/vpcId' }],
		});
		await expect(make({ accountId: 'other' })).rejects.toMatchObject({ kind: 'forbidden' });
	});

	it('goes, and its VPC may have another', async () => {
		const { id } = await make();
		await expect(deleteVpnGateway(ports, { caller: tenant, id, ifMatch: '"2"' })).rejects.toMatchObject({
			kind: 'stale-version',
		});
		await expect(deleteVpnGateway(ports, { caller: stranger, id })).rejects.toMatchObject({ kind: 'not-found' });

		await deleteVpnGateway(ports, { caller: tenant, id });

		expect(await held('vpnGateways', id)).toBeUndefined();
		expect(await held('vpcs', input.id)).toMatchObject({ version: 3 });
		expect((await held('vpcs', input.id))?.vpnGatewayId).toBeUndefined();
		expect((await make()).id).not.toBe(id);
	});

	it('stays while connections use it', async () => {
		const t = await aTenant();
		await t.connect();

		await expect(deleteVpnGateway(t.memory.ports, { caller: tenant, id: t.vpnGatewayId })).rejects.toMatchObject({
			kind: 'in-use',
		});
	});
});
