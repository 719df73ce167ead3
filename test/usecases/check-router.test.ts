import { beforeEach, describe, expect, it } from 'vitest';
import { inspectEnd, inspectMark } from '../../functions/domain/router-check/router-state.ts';
import type { Ports } from '../../functions/ports.ts';
import { checkRouter } from '../../functions/usecases/vpcs/check-router.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { aVpc, later, start } from '../support/builders.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { admin, aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const router = 'i-0123456789abcdef0';

describe('the check of a router', () => {
	let t: Tenant;
	let ports: Ports;
	let asked: unknown[][];
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		asked = [];
		ports.routers.inspect = async (...given) => {
			asked.push(given);
			t.memory.outside.now = later(5);
			return { text: [inspectMark, `time ${start.getTime() / 1_000 + 65}`, inspectEnd, ''].join('\n') };
		};
	});
	const check = () => checkRouter(ports, { caller: admin, id: vpcId });
	const found = async (code: string) => (await check()).checks.find((one) => one.code === code)?.found;

	it('asks the router for a key of one of its connections, within 18 seconds, and for the time when it answered', async () => {
		const { customerGatewayId } = await t.connect(2);

		expect(await found('clock')).toBe('60 s ahead of ours');
		expect(asked).toEqual([[router, { key: `/s2s/dev/acme/${customerGatewayId}` }, 18_000]]);
	});

	it('asks for a key that nobody has where there is no connection', async () => {
		await check();

		expect(asked).toEqual([[router, { key: '/s2s/dev/acme/cgw-00000000000000000' }, 18_000]]);
	});

	it('asks EC2 about the instance and the tables of the VPC, and about none that is not EC2’s', async () => {
		await patchVpc(ports, { caller: admin, id: vpcId, patch: { routeTableIds: ['rtb-0a1b2c3d'] } });
		const read: unknown[] = [];
		ports.instances.read = async (of) => {
			read.push(of);
			return { refused: 'EC2 throttles our calls' };
		};

		expect(await found('instance')).toContain('throttles');
		await patchVpc(ports, { caller: admin, id: vpcId, patch: { routerInstanceId: 'mi-0123456789abcdef0' } });
		expect(await found('instance')).toBeUndefined();
		expect(read).toEqual([{ instanceId: router, tableIds: ['rtb-0a1b2c3d'] }]);
	});

	it('looks for the address of the VPN gateway, and before there is one for that of source NAT', async () => {
		const address = (publicIp: string) => ({ privateIp: '10.1.0.10', publicIp });
		const seen = (...addresses: ReturnType<typeof address>[]) => ({
			state: 'running',
			vpcId,
			tags: {},
			interface: { id: 'eni-1', sourceDestCheck: false, addresses, groups: [] },
		});
		t.memory.outside.instance = () => seen(address('192.0.2.1'));
		const other = memoryPorts();
		const { vpnGatewayId, ...vpc } = (await ports.store.get('vpcs', vpcId)) ?? aVpc();
		expect(vpnGatewayId).toBeDefined();
		other.seen.kept.rows.vpcs.set(vpcId, {
			...vpc,
			publicIps: [
				{ ip: '192.0.2.8', sourceNat: false },
				{ ip: '192.0.2.9', sourceNat: true },
			],
		});
		other.outside.instance = () => seen(address('192.0.2.9'));
		const without = await checkRouter(other.ports, { caller: admin, id: vpcId });

		expect(await found('public-address')).toBe('192.0.2.1, which leads to 10.1.0.10');
		expect(without.checks.find(({ code }) => code === 'public-address')?.found).toContain('192.0.2.9, which leads');
	});

	it('takes an answer that is cut for none', async () => {
		ports.routers.inspect = async () => ({ text: `${inspectMark}\ntime 1\n` });

		expect(await found('agent')).toContain('did not arrive whole');
	});

	it('is of no VPC that the caller may not see', async () => {
		await expect(checkRouter(ports, { caller: { ...tenant, accountId: 'other' }, id: vpcId })).rejects.toMatchObject({
			kind: 'not-found',
		});
	});
});
