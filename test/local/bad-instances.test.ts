import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import { healthOf, monitoringOf } from '../../functions/domain/monitoring/health.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { diagnoseConnection } from '../../functions/usecases/connections/diagnose-connection.ts';
import { readLogs } from '../../functions/usecases/connections/read-logs.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import { tick } from '../../functions/usecases/loops/tick.ts';
import { ProblemError } from '../../functions/usecases/shared/problem-error.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { putNetwork } from '../../functions/usecases/vpcs/put-network.ts';
import { createVpnGateway } from '../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { type StrictSsm, strictSsm } from '../support/strict-ssm.ts';
import { admin, suite, tenant } from '../support/tenant.ts';

const count = 50;
const hex = (n: number, length: number) => n.toString(16).padStart(length, '0');
const instanceOf = (n: number) => `i-${hex(n, 17)}`;
const vpcOf = (n: number) => `vpc-${hex(n, 8)}`;
/** A router that is there to take the place of that of VPC `n`. */
const spareOf = (n: number) => instanceOf(count + n);
const vpcIds = Array.from({ length: count }, (_, n) => vpcOf(n));

/** What each of the bad ones is, and what is to be said of it. */
const untagged = { n: 3, is: { tags: {} }, says: /^it is not tagged s2s:router=true$/ };
const terminated = { n: 17, is: { state: 'terminated' }, says: /stopped or terminated/ } as const;
const old = { n: 31, is: { agent: '3.2.1377.0' }, says: /agent is older than 3\.3\.2746\.0/ };
const mistyped = { n: 49, is: { state: 'gone' }, says: /no such instance is known here/ } as const;
const bad = [untagged, terminated, old, mistyped];

describe('a check of fifty routers of which four are bad', () => {
	let dir: string;
	let ssm: StrictSsm;
	const memory = memoryPorts();
	/** The ports of a function: Systems Manager under its own role. */
	const as = (handler: string) => ({ ...memory.ports, routers: ssm.shellOf(handler) });
	const connectionOf = async (n: number) => {
		const { items } = await memory.ports.store.list('connections', { accountId: 'acme', limit: 100 });
		const connection = items.find(({ vpcId }) => vpcId === vpcOf(n));
		const vpc = await memory.ports.store.get('vpcs', vpcOf(n));
		if (connection === undefined || vpc === undefined) throw new Error('no such connection');
		return { id: connection.id, state: connection.state, health: healthOf(connection, vpc), monitoring: monitoringOf(vpc) };
	};
	const reconcile = (n: number) => reconcileRouter(as('reconcile'), { vpcId: vpcOf(n), owner: 'one' });
	/** The checks of the next tick that are due at once, at the time that they are due. */
	const check = async () => {
		memory.seen.checks.length = 0;
		memory.outside.now = new Date(memory.outside.now.getTime() + 60_000);
		await tick(memory.ports);
		const due = memory.seen.checks.filter(({ delaySeconds }) => delaySeconds === 0).map(({ message }) => message);
		await Promise.all(due.map((message) => checkRouters(as('check'), message)));
		return due.map((message) => message.vpcIds);
	};

	beforeAll(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-fifty-'));
		ssm = await strictSsm(dir, [...vpcIds.map((_, n) => instanceOf(n)), spareOf(terminated.n), spareOf(mistyped.n)]);
		memory.outside.now = new Date();
		for (const [n, id] of vpcIds.entries()) {
			const routerInstanceId = instanceOf(n);
			const publicIps = [{ ip: `192.0.2.${n + 1}`, sourceNat: true }];
			await createVpc(memory.ports, { id, accountId: 'acme', cidr: '10.1.0.0/16', routerInstanceId, publicIps });
			const network = { cidr: '10.1.1.0/24', state: 'Implemented' } as const;
			await putNetwork(memory.ports, { caller: admin, id, networkId: 'n', network });
			const gateway = await createVpnGateway(memory.ports, { caller: tenant, input: { vpcId: id } });
			const office = {
				name: `office ${n}`,
				gateway: `198.51.100.${n + 1}`,
				remoteCidrs: ['10.2.0.0/24'],
				psk: new Secret('a secret'),
				...suite,
			};
			const { customerGateway } = await createCustomerGateway(memory.ports, { caller: tenant, input: office });
			const input = { vpnGatewayId: gateway.id, customerGatewayId: customerGateway.id };
			await createVpnConnection(memory.ports, { caller: tenant, input });
		}
		// So many of one account are pushed to at once.
		for (let first = 0; first < count; first += 10)
			await Promise.all(vpcIds.slice(first, first + 10).map((_, n) => reconcile(first + n)));
	});
	afterAll(async () => {
		await ssm?.stop();
		await rm(dir, { recursive: true, force: true });
	});

	it('finds all of them up at first', async () => {
		expect(await check()).toEqual([expect.objectContaining({ length: count })]);
		for (const n of vpcIds.keys()) expect(await connectionOf(n)).toMatchObject({ state: 'Connected', health: 'up' });
	});

	it('gets answers from 46 and says what is wrong with the other four, whose health is unknown at once', async () => {
		for (const { n, is } of bad) await ssm.steer(instanceOf(n), is);
		await writeFile(join(dir, 'down'), '');

		await check();

		for (const n of vpcIds.keys()) {
			const found = await connectionOf(n);
			const says = bad.find((one) => one.n === n)?.says;
			if (says === undefined)
				expect(found).toMatchObject({ state: 'Disconnected', health: 'down', monitoring: { active: true } });
			else {
				expect(found).toMatchObject({ state: 'Connected', health: 'unknown', monitoring: { reason: 'router-not-managed' } });
				expect(found.monitoring.detail).toMatch(says);
			}
		}
	});

	it('then asks the ones that Run Command refuses separately, and notices one that was repaired', async () => {
		await ssm.steer(instanceOf(untagged.n), { tags: { 's2s:router': 'true' } });

		const groups = await check();

		expect(groups.filter(({ length }) => length === 1).flat()).toEqual(
			expect.arrayContaining([untagged, terminated, mistyped].map(({ n }) => vpcOf(n))),
		);
		expect(groups.flat().sort()).toEqual(vpcIds);
		expect(await connectionOf(untagged.n)).toMatchObject({ state: 'Disconnected', health: 'down' });
		expect(await connectionOf(terminated.n)).toMatchObject({ health: 'unknown' });
	});

	it.each([terminated, old, mistyped])(
		'leads to /logs and /diagnosis that say what is wrong with router $n',
		async ({ n, says }) => {
			const { id } = await connectionOf(n);
			const problem = await readLogs(as('api-logs'), { caller: tenant, id, limit: 10, since: undefined }).catch(
				(error: unknown) => error,
			);

			expect(problem).toBeInstanceOf(ProblemError);
			expect(problem).toMatchObject({
				kind: 'router-timeout',
				message: expect.stringMatching(new RegExp(says.source.replace(/^\^|\$$/g, ''))),
			});
			const { causes } = await diagnoseConnection(as('api-logs'), { caller: tenant, id, probe: false });
			expect(causes).toMatchObject([{ code: 'router-not-managed', evidence: [expect.stringMatching(says)] }]);
		},
	);

	it.each([terminated, mistyped])('works again once router $n, which refuses everything, is replaced', async ({ n }) => {
		await rm(join(dir, 'down'), { force: true });
		await patchVpc(memory.ports, { caller: admin, id: vpcOf(n), patch: { routerInstanceId: spareOf(n) } });
		await reconcile(n);

		expect(await connectionOf(n)).toMatchObject({ state: 'Connected', health: 'up' });
		expect((await memory.ports.store.get('vpcs', vpcOf(n)))?.retired).toMatchObject([{ instanceId: instanceOf(n) }]);
	});
});
