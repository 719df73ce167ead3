import { describe, expect, it } from 'vitest';
import type { PatchCustomerGateway } from '../../functions/domain/model/customer-gateway.ts';
import { connectionView } from '../../functions/http/connections/views.ts';
import { vpcView } from '../../functions/http/vpcs/views.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { patchCustomerGateway } from '../../functions/usecases/customer-gateways/patch-customer-gateway.ts';
import { planCustomerGatewayChange } from '../../functions/usecases/customer-gateways/plan-customer-gateway-change.ts';
import { deleteVpc } from '../../functions/usecases/vpcs/delete-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { aScene, otherRouterId, routerId, routeTableId, type Scene } from '../support/crash/scene.ts';
import { interfaceOf } from '../support/memory-route-tables.ts';
import { admin, tenant, vpcId } from '../support/tenant.ts';

const block = '10.2.0.0/24';
const [router, otherRouter] = [interfaceOf(routerId), interfaceOf(otherRouterId)];

const rowsOf = async ({ ports }: Scene, id: string) => {
	const vpc = await ports.store.get('vpcs', vpcId);
	const connection = await ports.store.get('connections', id);
	if (vpc === undefined || connection === undefined) throw new Error('the rows exist');
	const customerGateway = await ports.store.get('customerGateways', connection.customerGatewayId);
	return { vpc, connection, view: connectionView(connection, { vpc, customerGateway, now: ports.clock() }) };
};
const told = ({ memory }: Scene) => memory.seen.sent.map(({ subject }) => subject.replace(/ \(vpnc-.*/, ''));
const routeEvents = ({ memory }: Scene) =>
	memory.seen.kept.events.filter(({ kind }) => kind === 'route').map(({ from, to, detail }) => ({ from, to, detail }));

describe('the routes of a connection', () => {
	it('are made once the router has the tunnel, are shown with the VPC, and go after it', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		table.set('0.0.0.0/0', router);
		const { id } = await scene.connect();
		expect([...table]).toEqual([['0.0.0.0/0', router]]);
		await scene.pass(1);

		expect(table.get(block)).toBe(router);
		const { vpc, view } = await rowsOf(scene, id);
		expect(vpcView(vpc)).toMatchObject({ routing: { managed: true }, routes: { [id]: [routeTableId] } });
		expect(view).toMatchObject({ state: 'Connected', health: 'up' });
		await deleteVpnConnection(scene.ports, { caller: tenant, id });
		expect(table.get(block)).toBe(router);
		await scene.pass(1);
		expect([...table]).toEqual([['0.0.0.0/0', router]]);
		expect(scene.unfinished()).toEqual([]);
	});

	it('are changed a hundred and twenty times a minute and account, and the others later', async () => {
		const scene = await aScene();
		const tables = Array.from({ length: 10 }, (_, n) => `rtb-0000000${n}`);
		for (const id of tables) scene.memory.ec2.tables.set(id, new Map());
		await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routeTableIds: tables } });
		const { id } = await scene.connected();
		const { customerGatewayId } = (await rowsOf(scene, id)).connection;
		let calls = 0;
		scene.memory.ec2.outside.refuses = (call) => {
			if (call !== 'read') calls++;
			return undefined;
		};
		const blocks = (from: number) => Array.from({ length: 10 }, (_, n) => `10.2.${from + n}.0/24`);
		const change = (remoteCidrs: string[]) =>
			patchCustomerGateway(scene.ports, { caller: tenant, id: customerGatewayId, patch: { remoteCidrs } });
		scene.memory.seen.spent.clear();

		await change(blocks(100));
		await scene.pass(1);
		await change(blocks(120));
		await scene.pass(1);
		await change(blocks(140));
		await scene.pass(1);
		expect(calls).toBe(120);
		expect((await rowsOf(scene, id)).connection.routeTrouble).toBeUndefined();

		for (let minute = 1; minute < 5; minute++) await scene.pass(60);
		for (const table of tables)
			expect([...(scene.memory.ec2.tables.get(table) ?? [])]).toEqual(
				expect.arrayContaining(blocks(140).map((cidr) => [cidr, router])),
			);
		expect([...(scene.memory.ec2.tables.get('rtb-00000000') ?? [])]).toHaveLength(10);
		expect(scene.unfinished()).toEqual([]);
	});

	it('are nobody’s work where the VPC has no route tables', async () => {
		const scene = await aScene();
		const { id } = await scene.connected();
		await scene.pass(400);

		expect(scene.memory.ec2.outside.reads).toBe(0);
		expect(vpcView((await rowsOf(scene, id)).vpc)).toMatchObject({ routing: { managed: false }, routes: {} });
	});

	it('leave a foreign one alone, tell of it with table and target, and are made once it is gone', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		table.set(block, 'nat-0a1b2c3d');
		const { id } = await scene.connected();
		await scene.pass(180);

		expect(table.get(block)).toBe('nat-0a1b2c3d');
		const detail = `${routeTableId} routes ${block} to nat-0a1b2c3d`;
		expect((await rowsOf(scene, id)).view).toMatchObject({
			state: 'Connected',
			health: 'degraded',
			stateReason: { code: 'route-conflict', detail },
		});
		expect(told(scene)).toEqual(['VPN office 2 is degraded: route-conflict']);
		expect(routeEvents(scene)).toEqual([{ from: undefined, to: 'route-conflict', detail }]);

		table.delete(block);
		await scene.pass(330);
		expect(table.get(block)).toBe(router);
		expect((await rowsOf(scene, id)).view).toMatchObject({ state: 'Connected', health: 'up', stateReason: undefined });
		expect(told(scene).at(-1)).toBe('VPN office 2 is up again');
		expect(scene.unfinished()).toEqual([]);
	});

	it('that somebody takes away are back within five minutes, and told as missing', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		const { id } = await scene.connected();
		await scene.pass(30);
		table.clear();
		await scene.pass(301);

		expect(table.get(block)).toBe(router);
		await scene.pass(60);
		expect(told(scene)).toEqual(['VPN office 2 is degraded: route-missing', 'VPN office 2 is up again']);
		expect(routeEvents(scene).slice(1)).toEqual([
			{ from: undefined, to: 'route-missing', detail: `${routeTableId} had lost the route to ${block}` },
			{ from: 'route-missing', to: 'routed', detail: `${routeTableId} routes ${block} to the router` },
		]);
		expect((await rowsOf(scene, id)).connection).toMatchObject({ state: 'Connected', notified: 'up' });
	});

	it('are looked at once in five minutes, and nothing is written where nothing has changed', async () => {
		const scene = await aScene();
		await scene.routed();
		await scene.connected();
		await scene.pass(600);
		const { reads } = scene.memory.ec2.outside;
		const { rev } = (await scene.ports.store.get('vpcs', vpcId)) ?? {};
		// A read takes the lease, and gives it back.
		await scene.pass(3_000);

		expect(scene.memory.ec2.outside.reads - reads).toBe(10);
		expect((await scene.ports.store.get('vpcs', vpcId))?.rev).toBe((rev ?? 0) + 20);
	});

	it('that EC2 refuses are told with what it said, tried again ever later, and change no state', async () => {
		const scene = await aScene();
		await scene.routed();
		scene.memory.ec2.outside.refuses = (call) => (call === 'create' ? 'it has no tag s2s:routes=true' : undefined);
		const { id } = await scene.connected();
		await scene.pass(900);

		expect((await rowsOf(scene, id)).view).toMatchObject({
			state: 'Connected',
			health: 'degraded',
			stateReason: { code: 'route-refused', detail: `${routeTableId}: it has no tag s2s:routes=true` },
		});
		expect(scene.memory.ec2.outside.reads).toBeLessThan(12);
		scene.memory.ec2.outside.refuses = () => undefined;
		await scene.pass(360);
		expect((await rowsOf(scene, id)).view).toMatchObject({ health: 'up' });
	});

	it('are looked at again where EC2 could not be asked, and stay as they were', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		scene.memory.ec2.outside.refuses = (call) => (call === 'read' ? 'EC2 throttles our calls' : undefined);
		const { id } = await scene.connected();
		expect((await rowsOf(scene, id)).view).toMatchObject({ state: 'Connected', health: 'up' });
		scene.memory.ec2.outside.refuses = () => undefined;
		await scene.pass(120);

		expect(table.get(block)).toBe(router);
		expect(scene.unfinished()).toEqual([]);
	});

	it('move with the VPC to another router, once that one has the tunnels', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		await scene.connected();
		scene.fleet.routerOf(otherRouterId).silence = { code: 'unreachable', detail: 'it still boots' };
		await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routerInstanceId: otherRouterId } });
		await scene.pass(60);
		expect(table.get(block)).toBe(router);
		scene.fleet.routerOf(otherRouterId).silence = undefined;
		await scene.pass(180);

		expect(table.get(block)).toBe(otherRouter);
		expect((await scene.ports.store.get('vpcs', vpcId))?.routeTargets).toEqual([otherRouter]);
	});

	it('are not forgotten while the router is outside EC2, and move to the next that is in it', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		const { id } = await scene.connected();
		await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routerInstanceId: 'mi-0123456789abcdef0' } });
		await scene.pass(60);
		expect((await rowsOf(scene, id)).view).toMatchObject({ state: 'Connected', stateReason: { code: 'route-refused' } });
		expect(table.get(block)).toBe(router);
		await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routerInstanceId: otherRouterId } });
		await scene.pass(60);

		expect(table.get(block)).toBe(otherRouter);
		expect(scene.unfinished()).toEqual([]);
	});

	it('follow a change of what the connection reaches, and of the tables that are ours to use', async () => {
		const scene = await aScene();
		const table = await scene.routed(routeTableId, 'rtb-0000000b');
		const { customerGatewayId } = await scene.connected();
		await patchCustomerGateway(scene.ports, { caller: tenant, id: customerGatewayId, patch: { remoteCidrs: ['10.9.0.0/24'] } });
		expect([...table.keys()]).toEqual([block]);
		await scene.pass(1);
		expect([...table.keys()]).toEqual(['10.9.0.0/24']);
		await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routeTableIds: [routeTableId] } });
		await scene.pass(1);

		expect([...table.keys()]).toEqual(['10.9.0.0/24']);
		expect(scene.memory.ec2.tables.get('rtb-0000000b')?.size).toBe(0);
		expect(scene.unfinished()).toEqual([]);
	});

	it('are in the plan of a change: those that come, and those of ours that go', async () => {
		const scene = await aScene();
		await scene.routed(routeTableId, 'rtb-0000000b');
		const { customerGatewayId } = await scene.connected();
		const plan = async (patch: PatchCustomerGateway) =>
			(await planCustomerGatewayChange(scene.ports, { caller: tenant, id: customerGatewayId, patch })).routes;

		expect(await plan({ remoteCidrs: [block, '10.9.0.0/24'] })).toEqual([
			{ routeTableId, cidr: '10.9.0.0/24', effect: 'comes' },
			{ routeTableId: 'rtb-0000000b', cidr: '10.9.0.0/24', effect: 'comes' },
		]);
		expect(await plan({ remoteCidrs: ['10.9.0.0/24'] })).toEqual(
			expect.arrayContaining([
				{ routeTableId, cidr: '10.9.0.0/24', effect: 'comes' },
				{ routeTableId, cidr: block, effect: 'goes' },
				{ routeTableId: 'rtb-0000000b', cidr: block, effect: 'goes' },
			]),
		);
		expect(await plan({ esp: { encryption: 'aes256' } })).toBeUndefined();
	});

	it('that nobody has made do not go in a plan, and none come where the VPC has no tables', async () => {
		const scene = await aScene();
		const { customerGatewayId: id } = await scene.connected();

		const plan = await planCustomerGatewayChange(scene.ports, { caller: tenant, id, patch: { remoteCidrs: ['10.9.0.0/24'] } });

		expect(plan.tunnels).toHaveLength(2);
		expect(plan).not.toHaveProperty('routes');
	});

	it('are removed after a forced delete, and a VPC stays until they are', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		const { id } = await scene.connected();
		scene.memory.ec2.outside.refuses = (call) => (call === 'remove' ? 'a policy forbids it' : undefined);
		await deleteVpnConnection(scene.ports, { caller: admin, id, force: true });
		await scene.pass(1);
		await deleteVpnGateway(scene.ports, { caller: tenant, id: scene.vpnGatewayId });
		const deleted = () => deleteVpc(scene.ports, { caller: admin, id: vpcId });
		await expect(deleted()).rejects.toThrow(`the routes in ${routeTableId} have not been removed yet`);
		scene.memory.ec2.outside.refuses = () => undefined;
		await scene.pass(180);

		expect([...table]).toEqual([]);
		await deleted();
	});

	it('are removed by the tick where the message that let go of the tunnel died before them and is lost', async () => {
		const story = async (watch: Parameters<Scene['deliver']>[1]) => {
			const scene = await aScene();
			const table = await scene.routed();
			const { id } = await scene.connected();
			await deleteVpnConnection(scene.ports, { caller: tenant, id });
			const { calls } = await scene.deliver('reconcile', watch);
			return { scene, table, calls };
		};
		const at = (await story('counted')).calls.findIndex(({ name }) => name === 'routeTables.read');
		const { scene, table } = await story({ at, when: 'before' });
		scene.loseHints();
		expect([...table.keys()]).toEqual([block]);
		await scene.pass(180);

		expect([...table]).toEqual([]);
	});

	it('are counted before a connection is accepted, and before it reaches more', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		for (let n = 0; n < 49; n++) table.set(`172.16.${n}.0/24`, 'nat-0a1b2c3d');
		const { customerGatewayId } = await scene.connected(2);
		const { id } = await scene.customerGateway(3);
		const { vpnGatewayId } = scene;
		const detail = `${routeTableId} holds 49 other routes, and the connections of the VPC would need 2; the limit is 50: remove routes from the table, or have its limit raised`;

		await expect(
			createVpnConnection(scene.ports, { caller: tenant, input: { vpnGatewayId, customerGatewayId: id } }),
		).rejects.toMatchObject({ kind: 'too-many-routes', message: detail });
		const patch = { remoteCidrs: [block, '10.9.0.0/24'] };
		await expect(patchCustomerGateway(scene.ports, { caller: tenant, id: customerGatewayId, patch })).rejects.toMatchObject({
			kind: 'too-many-routes',
		});
		scene.memory.ec2.outside.refuses = (call) => (call === 'read' ? 'EC2 throttles our calls' : undefined);
		await createVpnConnection(scene.ports, { caller: tenant, input: { vpnGatewayId, customerGatewayId: id } });
	});

	it('are counted before a table is added to a VPC, and in no table that it has already', async () => {
		const scene = await aScene();
		const table = await scene.routed();
		await scene.connected(2);
		for (let n = 0; n < 60; n++) table.set(`172.16.${n}.0/24`, 'nat-0a1b2c3d');
		const [full, empty] = ['rtb-0a1b2c3e', 'rtb-0a1b2c3f'];
		scene.memory.ec2.tables.set(full, new Map(table));
		scene.memory.ec2.tables.set(empty, new Map());
		const change = (routeTableIds: string[]) => patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routeTableIds } });

		await expect(change([routeTableId, full])).rejects.toMatchObject({
			kind: 'too-many-routes',
			message: expect.stringContaining(full),
		});
		await change([routeTableId, empty]);
		await change([routeTableId]);
	});
});
