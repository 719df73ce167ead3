import { beforeEach, describe, expect, it } from 'vitest';
import type { RouterAnswer } from '../../functions/domain/model/router-answer.ts';
import { resetVpnConnection } from '../../functions/usecases/connections/reset-vpn-connection.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { reapplyVpc } from '../../functions/usecases/vpcs/reapply-vpc.ts';
import { later } from '../support/builders.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { admin, aTenant, tenant } from '../support/tenant.ts';

describe('the pushes of an account', () => {
	let memory: MemoryPorts;
	/** Routers that have taken a command and not ended it, each with what ends it. */
	let atWork: Map<string, (answer: RouterAnswer) => void>;
	const vpc = (n: number) => `vpc-${String(n).padStart(8, '0')}`;
	const router = (n: number) => `i-${String(n).padStart(17, '0')}`;
	const silent: RouterAnswer = { silence: { code: 'still-running', detail: 'it had not ended the command' } };

	const behind = async (n: number, accountId: string) => {
		const publicIps = [{ ip: `192.0.2.${n}`, sourceNat: true }];
		await createVpc(memory.ports, { id: vpc(n), accountId, cidr: '10.1.0.0/16', routerInstanceId: router(n), publicIps });
		await reapplyVpc(memory.ports, { caller: admin, id: vpc(n) });
	};
	const settled = () => new Promise((resolve) => setImmediate(resolve));
	const reconcile = (n: number) => reconcileRouter(memory.ports, { vpcId: vpc(n), owner: `message ${n}` });
	const reconciled = async (...numbers: number[]) => {
		const running = numbers.map(reconcile);
		await settled();
		return running;
	};
	const numbered = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

	beforeEach(async () => {
		memory = memoryPorts();
		atWork = new Map();
		memory.ports.routers.apply = (instanceId) => new Promise((resolve) => atWork.set(instanceId, resolve));
		for (const n of numbered(1, 12)) await behind(n, 'acme');
		await behind(20, 'other');
	});

	it('are ten at once, however many of its routers never end a command; another account’s are none of them', async () => {
		await reconciled(...numbered(1, 12));
		expect([...atWork.keys()]).toEqual(numbered(1, 10).map(router));

		await reconciled(20);
		expect([...atWork.keys()].at(-1)).toBe(router(20));
	});

	describe('to former routers', () => {
		const successor = (n: number) => router(1_000 + n);
		const toFormer = () => pushed.filter((instanceId) => instanceId < successor(0));
		let pushed: string[];
		beforeEach(async () => {
			for (const n of numbered(1, 12))
				await patchVpc(memory.ports, { caller: admin, id: vpc(n), patch: { routerInstanceId: successor(n) } });
			pushed = [];
			memory.ports.routers.apply = (instanceId) => {
				pushed.push(instanceId);
				return new Promise((resolve) => atWork.set(instanceId, resolve));
			};
		});

		it('are one at a time to each, however often its VPC is changed meanwhile', async () => {
			const running = numbered(1, 20).map((owner) => reconcileRouter(memory.ports, { vpcId: vpc(1), owner: `message ${owner}` }));
			await settled();
			expect(toFormer()).toEqual([router(1)]);

			for (const end of atWork.values()) end(silent);
			await Promise.all(running);
			memory.outside.now = later(60);
			await reconciled(1);
			expect(toFormer()).toEqual([router(1), router(1)]);
		});

		it('are among the ten, and one that had to wait is made once the tick hints it again', async () => {
			const running = await reconciled(...numbered(1, 12));
			expect(pushed).toHaveLength(10);

			for (const end of atWork.values()) end(silent);
			await Promise.all(running);
			memory.seen.reconciles.length = 0;
			await tick(memory.ports);
			expect(memory.seen.reconciles).toEqual(expect.arrayContaining(numbered(1, 12).map(vpc)));
		});
	});

	it('include looks at route tables, which take as long as EC2 throttles; an account that has no place left is not looked at', async () => {
		const { ec2, ports } = memory;
		for (const n of numbered(1, 12)) {
			ec2.tables.set(`rtb-${String(n).padStart(8, '0')}`, new Map());
			await patchVpc(ports, { caller: admin, id: vpc(n), patch: { routeTableIds: [`rtb-${String(n).padStart(8, '0')}`] } });
			memory.ports.routers.apply = async () => silent;
			await reconcile(n);
			const { retry: _retry, routeRetry: _routeRetry, ...at } = (await ports.store.get('vpcs', vpc(n))) ?? expect.fail();
			memory.seen.kept.rows.vpcs.set(vpc(n), { ...at, appliedGeneration: at.generation });
		}
		memory.ports.routers.apply = (instanceId) => new Promise((resolve) => atWork.set(instanceId, resolve));
		const looks: string[] = [];
		ports.routeTables.read = ({ instanceId }) => {
			looks.push(instanceId);
			return new Promise(() => {});
		};

		for (const n of numbered(1, 12)) void reconcileRouter(ports, { vpcId: vpc(n), owner: `message ${n}`, routes: true });
		await settled();
		expect(looks).toHaveLength(10);
		memory.seen.reconciles.length = 0;
		await tick(ports);
		expect(memory.seen.reconciles).toEqual(expect.arrayContaining([vpc(11), vpc(12)]));
		await reconciled(20);
		expect([...atWork.keys()]).toEqual([router(20)]);
	});

	it('that had to wait hold no lease, and are made once the tick hints them again', async () => {
		const running = await reconciled(...numbered(1, 12));
		expect((await memory.ports.store.get('vpcs', vpc(11)))?.lease).toBeUndefined();
		for (const end of atWork.values()) end(silent);
		await Promise.all(running);
		atWork.clear();

		memory.seen.reconciles.length = 0;
		await tick(memory.ports);
		expect(memory.seen.reconciles).toEqual(expect.arrayContaining([vpc(11), vpc(12)]));
		await reconciled(11, 12);
		expect([...atWork.keys()]).toEqual([router(11), router(12)]);
	});

	it('that fail, or were killed, give their place back', async () => {
		memory.ports.routers.apply = async () => {
			throw new Error('no route to Systems Manager');
		};
		for (const n of numbered(1, 12)) await expect(reconcile(n)).rejects.toThrow('no route');
		memory.ports.routers.apply = (instanceId) => new Promise((resolve) => atWork.set(instanceId, resolve));
		await reconciled(...numbered(1, 10));
		expect(atWork.size).toBe(10);

		memory.outside.now = later(200);
		await reconciled(11);
		expect([...atWork.keys()].at(-1)).toBe(router(11));
	});
});

it('twenty pushes of an account in a minute have their tunnels checked ahead of the tick, however many there are', async () => {
	const t = await aTenant();
	const { id } = await t.connect();
	t.router.down.add('192.0.2.2');
	const push = async () => {
		await resetVpnConnection(t.memory.ports, { caller: tenant, id });
		await t.reconcile();
	};
	for (let n = 0; n < 25; n++) await push();
	expect(t.memory.seen.pushes).toHaveLength(25);
	expect(t.memory.seen.checks).toHaveLength(2 * 20);

	t.memory.outside.now = later(60);
	await push();
	expect(t.memory.seen.checks).toHaveLength(2 * 21);
});
