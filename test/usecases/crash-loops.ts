import { connectionEvent } from '../../functions/domain/model/event-of.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import { bumpGeneration } from '../../functions/domain/model/vpc.ts';
import type { Write } from '../../functions/ports.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { patchCustomerGateway } from '../../functions/usecases/customer-gateways/patch-customer-gateway.ts';
import { countOne } from '../../functions/usecases/shared/account-quota.ts';
import { nameKey } from '../../functions/usecases/shared/name-key.ts';
import { record } from '../../functions/usecases/shared/record.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import type { QueueName } from '../support/crash/memory-platform.ts';
import { keyOf, office, otherRouterId, peerOf, routerId, routeTableId, type Scene } from '../support/crash/scene.ts';
import { admin, suite, tenant, vpcId } from '../support/tenant.ts';

export type LoopFlow = {
	what: string;
	/** What runs and is stopped: the oldest message of a queue, or the next tick. */
	of: QueueName | 'tick';
	/** Sets the scene. */
	setUp(scene: Scene): Promise<unknown>;
	/** Part of the work is left to the tick, because it waits for its time or for a router. */
	waits?: boolean;
	/** What happens after the stop, before everything settles. */
	afterwards?(scene: Scene): Promise<unknown>;
};

const off = { code: 'unreachable', detail: 'no answer' } as const;
/** Long enough for a Pending connection to become an Error. */
const longSeconds = 16 * 60;

/** Enqueues a check as a tick would now. */
const checkNow = ({ enqueue, memory }: Scene) => enqueue('check', { vpcIds: [vpcId], tickAt: memory.outside.now.toISOString() });
const rekey = async ({ ports }: Scene, id: string) =>
	patchCustomerGateway(ports, { caller: tenant, id, patch: { psk: new Secret('another secret') } });
/** Loses `count` tunnels at once, and runs the check that finds it. */
const lostAtOnce = async (scene: Scene, count: number) => {
	scene.ports.settings.maxConnectionsPerGateway = 40;
	for (let n = 2; n < count + 2; n++) await scene.connected(n);
	await scene.pass(50);
	for (let n = 2; n < count + 2; n++) scene.fleet.down.add(peerOf(n));
	await checkNow(scene);
	await scene.deliver('check');
};

/** Adds `count` connections like the first. They are written as rows, because creating each through its use case is slow. */
const copies = async ({ ports }: Scene, id: string, count: number) => {
	const { store, secrets, newId, newEventId, settings, clock } = ports;
	settings.maxConnectionsPerGateway = 40;
	const connection = await store.get('connections', id);
	const vpc = await store.get('vpcs', vpcId);
	const customerGateway = connection && (await store.get('customerGateways', connection.customerGatewayId));
	if (connection === undefined || vpc === undefined || customerGateway === undefined) throw new Error('the rows exist');
	const next = { ...bumpGeneration(vpc, clock()), slots: { ...vpc.slots } };
	const rows: Write[] = [];
	for (let n = 100; n < 100 + count; n++) {
		const [connectionId, customerGatewayId] = [newId('connection'), newId('customerGateway')];
		const { name, gateway, remoteCidrs } = office(n);
		next.slots[connectionId] = { customerGatewayId, peer: gateway, remoteCidrs };
		const copy = { ...connection, id: connectionId, customerGatewayId };
		const end = { ...customerGateway, id: customerGatewayId, name, gateway, remoteCidrs, connectionId };
		await secrets.put('acme', customerGatewayId, new Secret(keyOf(n)));
		rows.push({ put: 'connections', next: copy, current: undefined });
		rows.push({ put: 'customerGateways', next: end, current: undefined });
		rows.push({ claim: 'customerGateways', key: nameKey('acme', name), owner: customerGatewayId });
		const born = { who: 'jo', kind: 'state', to: connection.state, now: clock() } as const;
		rows.push(record(connectionEvent(copy, born), newEventId));
	}
	await store.transact([{ put: 'vpcs', next, current: vpc }]);
	for (let n = 0; n < count; n++) await store.transact([countOne('customerGateways', 'acme', 1)]);
	for (let from = 0; from < rows.length; from += 100) await store.transact(rows.slice(from, from + 100));
};

/** Every loop, in each situation that makes it write. The crash harness stops each one at each of its port calls. */
export const loopFlows: readonly LoopFlow[] = [
	{
		what: 'a tick that finds due checks, a lost hint, an unpaid alert and an orphaned key',
		of: 'tick',
		waits: true,
		async setUp(scene) {
			await lostAtOnce(scene, 2);
			await scene.pass(70);
			scene.fleet.down.clear();
			await checkNow(scene);
			await scene.deliver('check');
			scene.loseHints();
			const input = { gateway: peerOf(9), remoteCidrs: ['10.9.0.0/24'], ...suite, psk: new Secret('of nobody at all') };
			const { calls } = await scene.run((ports) => createCustomerGateway(ports, { caller: tenant, input }));
			const at = calls.findIndex(({ name }) => name === 'store.transact');
			const twin = { ...input, gateway: peerOf(10) };
			await scene.run((ports) => createCustomerGateway(ports, { caller: tenant, input: twin }), { at, when: 'before' });
			scene.skip(400);
			await scene.connect(4);
			scene.loseHints();
		},
	},
	{
		what: 'a check that finds a tunnel down',
		of: 'check',
		async setUp(scene) {
			await scene.connected();
			scene.fleet.down.add(peerOf(2));
			await checkNow(scene);
		},
	},
	{
		what: 'a check that has the routes looked at',
		of: 'check',
		async setUp(scene) {
			await scene.routed();
			await scene.connected();
			await scene.enqueue('check', { vpcIds: [vpcId], tickAt: scene.memory.outside.now.toISOString(), routes: 'all' });
		},
	},
	{
		what: 'a check that finds a tunnel up again',
		of: 'check',
		async setUp(scene) {
			await lostAtOnce(scene, 1);
			await scene.pass(120);
			scene.fleet.down.clear();
			await checkNow(scene);
		},
	},
	{
		what: 'a check that records usage',
		of: 'check',
		async setUp(scene) {
			await scene.connected(2);
			await scene.connected(3);
			await scene.pass(16 * 60);
			scene.router.bytes.set(peerOf(2), [10_000, 20_000]);
			scene.router.bytes.set(peerOf(3), [500, 700]);
			await checkNow(scene);
		},
	},
	{
		what: 'a check that finds a router silent for the first time',
		of: 'check',
		async setUp(scene) {
			await scene.connected();
			scene.router.silence = off;
			await checkNow(scene);
		},
		afterwards: (scene) => scene.pass(120),
	},
	{
		what: 'a check that finds a router silent for three intervals',
		of: 'check',
		async setUp(scene) {
			await scene.connected();
			scene.router.silence = off;
			await scene.pass(100);
			await checkNow(scene);
		},
	},
	{
		what: 'a check that finds a router answering again, with a change waiting for it',
		of: 'check',
		async setUp(scene) {
			const { id } = await scene.connected();
			scene.router.silence = off;
			await scene.pass(300);
			await resetVpnConnection(scene.ports, { caller: tenant, id });
			await scene.pass(100);
			scene.router.silence = undefined;
			await checkNow(scene);
		},
	},
	{
		what: 'a check that finds a router that has lost its configuration',
		of: 'check',
		async setUp(scene) {
			await scene.connected();
			Object.assign(scene.router.held, { revision: undefined, text: '' });
			await checkNow(scene);
		},
	},
	{
		what: 'a check that finds that a new key works',
		of: 'check',
		async setUp(scene) {
			await rekey(scene, (await scene.connected()).customerGatewayId);
			await scene.pass(1);
			await checkNow(scene);
		},
	},
	{
		what: 'a check that finds that a new key does not work',
		of: 'check',
		async setUp(scene) {
			const { customerGatewayId } = await scene.connected();
			scene.fleet.peerKeys.set(peerOf(2), 'secret number 2');
			await rekey(scene, customerGatewayId);
			await scene.pass(290);
			scene.skip(12);
			await checkNow(scene);
		},
	},
	{
		what: 'a check whose outcome could not be written at first',
		of: 'check',
		async setUp(scene) {
			await scene.connected();
			scene.fleet.down.add(peerOf(2));
			await checkNow(scene);
			scene.refuseWrites(1);
		},
	},
	{
		what: 'a check that is redelivered too late',
		of: 'check',
		async setUp(scene) {
			await scene.connected();
			scene.fleet.down.add(peerOf(2));
			await checkNow(scene);
			await scene.deliver('check', { at: 0, when: 'before' });
			scene.skip(80);
		},
	},
	{
		what: 'a reconcile of the first connection',
		of: 'reconcile',
		setUp: (scene) => scene.connect(),
	},
	{
		what: 'a reconcile of a connection whose peer is down',
		of: 'reconcile',
		async setUp(scene) {
			scene.fleet.down.add(peerOf(2));
			await scene.connect();
		},
	},
	{
		what: 'a reconcile of one deleted connection and one that stays',
		of: 'reconcile',
		async setUp(scene) {
			await scene.connected(3);
			await deleteVpnConnection(scene.ports, { caller: tenant, id: (await scene.connected(2)).id });
		},
	},
	{
		what: 'a reconcile of more deleted connections than fit a transaction',
		of: 'reconcile',
		async setUp(scene) {
			const { id } = await scene.connected();
			await deleteVpnConnection(scene.ports, { caller: tenant, id });
			await copies(scene, id, 33);
			scene.loseHints();
			await scene.enqueue('reconcile', { vpcId });
		},
	},
	{
		what: 'a reconcile of a connection that the crypto floor now denies',
		of: 'reconcile',
		async setUp(scene) {
			await scene.connected(2);
			await scene.connect(3);
			scene.ports.settings.cryptoFloor = { legacy: 'deny' };
		},
	},
	{
		what: 'a reconcile of a router that does not answer',
		of: 'reconcile',
		waits: true,
		async setUp(scene) {
			scene.router.silence = off;
			await scene.connect();
		},
		async afterwards(scene) {
			await scene.pass(300);
			scene.router.silence = undefined;
		},
	},
	{
		what: 'a reconcile of a router that has not answered for 15 minutes',
		of: 'reconcile',
		waits: true,
		async setUp(scene) {
			scene.router.silence = off;
			await scene.connect();
			await scene.deliver('reconcile');
			scene.skip(longSeconds);
			await scene.enqueue('reconcile', { vpcId, ifBehind: true });
		},
		async afterwards(scene) {
			await scene.pass(300);
			scene.router.silence = undefined;
		},
	},
	{
		what: 'a reconcile of a router that answers again after an Error',
		of: 'reconcile',
		async setUp(scene) {
			scene.router.silence = off;
			await scene.connect();
			await scene.deliver('reconcile');
			scene.skip(longSeconds);
			await scene.enqueue('reconcile', { vpcId, ifBehind: true });
			await scene.deliver('reconcile');
			await scene.deliver('alert');
			scene.router.silence = undefined;
			scene.skip(600);
			await scene.enqueue('reconcile', { vpcId, ifBehind: true });
		},
	},
	{
		what: 'a reconcile of a VPC that moved to another router',
		of: 'reconcile',
		async setUp(scene) {
			await scene.connected();
			await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routerInstanceId: otherRouterId } });
		},
	},
	{
		what: 'a reconcile that gives up a former router',
		of: 'reconcile',
		async setUp(scene) {
			await scene.connected();
			scene.router.silence = { code: 'not-managed', detail: 'terminated' };
			await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routerInstanceId: otherRouterId } });
			await scene.pass(60);
			scene.fleet.routers.delete(routerId);
			scene.fleet.routerOf(routerId).silence = { code: 'not-managed', detail: 'terminated' };
			scene.loseHints();
			scene.skip(24 * 3_600);
			await scene.enqueue('reconcile', { vpcId, ifBehind: true });
		},
	},
	{
		what: 'a reconcile during which the connection is reset',
		of: 'reconcile',
		async setUp(scene) {
			const { id } = await scene.connect();
			scene.duringPush(() => resetVpnConnection(scene.ports, { caller: tenant, id }));
		},
	},
	{
		what: 'a reconcile of a router that is ahead of its table, which was restored',
		of: 'reconcile',
		async setUp(scene) {
			const { id } = await scene.connected();
			Object.assign(scene.router.held.revision ?? {}, { generation: 40 });
			await resetVpnConnection(scene.ports, { caller: tenant, id });
		},
	},
	{
		what: 'a reconcile that makes routes',
		of: 'reconcile',
		async setUp(scene) {
			await scene.routed('rtb-0000000a', 'rtb-0000000b');
			await scene.connect();
		},
	},
	{
		what: 'a reconcile that removes the routes of a deleted connection, and keeps those of one that stays',
		of: 'reconcile',
		async setUp(scene) {
			await scene.routed();
			await scene.connected(3);
			await deleteVpnConnection(scene.ports, { caller: tenant, id: (await scene.connected(2)).id });
		},
	},
	{
		what: 'a reconcile that moves the routes of a VPC that moved to another router',
		of: 'reconcile',
		async setUp(scene) {
			await scene.routed();
			await scene.connected();
			await patchVpc(scene.ports, { caller: admin, id: vpcId, patch: { routerInstanceId: otherRouterId } });
		},
	},
	{
		what: 'a reconcile of routes that somebody has removed',
		of: 'reconcile',
		async setUp(scene) {
			const table = await scene.routed();
			await scene.connected();
			await scene.pass(60);
			table.clear();
			await scene.enqueue('reconcile', { vpcId, routes: true });
		},
		afterwards: (scene) => scene.pass(360),
	},
	{
		what: 'a reconcile of routes of which EC2 refuses one and somebody else has another',
		of: 'reconcile',
		waits: true,
		async setUp(scene) {
			const table = await scene.routed();
			table.set('10.2.0.0/24', 'nat-0a1b2c3d');
			scene.memory.ec2.outside.refuses = (call, route) =>
				call === 'create' && route?.cidr === '10.3.0.0/24' ? 'no room' : undefined;
			await scene.connected(3);
			await scene.connect(2);
		},
		async afterwards(scene) {
			await scene.pass(600);
			scene.memory.ec2.outside.refuses = () => undefined;
			scene.memory.ec2.tables.get(routeTableId)?.delete('10.2.0.0/24');
			await scene.pass(660);
		},
	},
	{ what: 'sending one alert', of: 'alert', setUp: (scene) => lostAtOnce(scene, 1) },
	{ what: 'sending three alerts as one message', of: 'alert', setUp: (scene) => lostAtOnce(scene, 3) },
	{ what: 'holding back the alerts of a storm', of: 'alert', setUp: (scene) => lostAtOnce(scene, 6) },
	{
		what: 'sending alerts that SNS refused before, and a newer one',
		of: 'alert',
		async setUp(scene) {
			await scene.connected(4);
			await lostAtOnce(scene, 2);
			scene.refusePublish(1);
			await scene.deliver('alert');
			scene.loseHints();
			await scene.pass(50);
			scene.fleet.down.add(peerOf(4));
			await checkNow(scene);
			await scene.deliver('check');
		},
	},
];
