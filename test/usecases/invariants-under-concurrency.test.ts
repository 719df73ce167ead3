import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoStore } from '../../functions/adapters/dynamodb/dynamo-store.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import type { Ports, Rows, TableName } from '../../functions/ports.ts';
import { putAccount } from '../../functions/usecases/accounts/put-account.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { createVpnGateway } from '../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { names, startLocalTables } from '../support/local-tables.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { admin, suite } from '../support/tenant.ts';

const many = 50;

/** Invariants of the model on DynamoDB's own conditions: many at once, one wins, and nothing wrong is left behind. */
describe('of fifty concurrent requests', () => {
	let tables: Awaited<ReturnType<typeof startLocalTables>>;
	let ports: Ports;
	let account: string;
	let vpcId: string;
	let round = 0;
	beforeAll(async () => {
		tables = await startLocalTables();
	});
	afterAll(() => tables?.stop());
	beforeEach(async () => {
		round++;
		account = `acme${round}`;
		vpcId = `vpc-${String(round).padStart(8, '0')}`;
		const memory = memoryPorts();
		ports = { ...memory.ports, store: dynamoStore(tables.client, names), settings: { ...memory.ports.settings } };
	});

	const caller = () => ({ who: 'jo', accountId: account, admin: false });
	const aVpc = (id = vpcId, routerInstanceId = `mi-${id.slice(4).padStart(17, '0')}`) =>
		createVpc(ports, {
			id,
			accountId: account,
			cidr: '10.1.0.0/16',
			routerInstanceId,
			publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
		});
	const aCustomerGateway = async (n: number, over: { name?: string; gateway?: string; remoteCidrs?: string[] } = {}) => {
		const input = {
			gateway: `198.51.100.${n}`,
			remoteCidrs: [`10.${n + 10}.0.0/24`],
			...suite,
			psk: new Secret('one of fifty'),
			...over,
		};
		return (await createCustomerGateway(ports, { caller: caller(), input })).customerGateway;
	};
	const rows = async <T extends TableName>(table: T): Promise<Rows[T][]> =>
		(await ports.store.list(table, { accountId: account, limit: 100 })).items;
	const outcomesOf = async (tries: Promise<unknown>[]) => {
		const outcomes = await Promise.allSettled(tries);
		const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
		const lost = outcomes.flatMap((one) =>
			one.status === 'rejected' ? [String((one.reason as { kind?: string }).kind ?? one.reason)] : [],
		);
		return { won, reasons: [...new Set(lost)] };
	};
	const times = <T>(what: (n: number) => Promise<T>) => Array.from({ length: many }, (_, n) => what(n));

	it('to register the same VPC, one succeeds (invariant 7)', async () => {
		expect(await outcomesOf(times((n) => aVpc(vpcId, `i-${String(n).padStart(17, '0')}`)))).toEqual({
			won: 1,
			reasons: ['already-exists'],
		});
		expect(await rows('vpcs')).toHaveLength(1);
	});

	it('to register VPCs with the same router, one succeeds (invariant 7)', async () => {
		const ids = Array.from({ length: many }, (_, n) => `vpc-${String(round * 1_000 + n).padStart(8, '0')}`);
		const { won, reasons } = await outcomesOf(ids.map((id) => aVpc(id, 'i-0000000000000cafe')));

		expect({ won, reasons }).toEqual({ won: 1, reasons: ['in-use'] });
		expect(await rows('vpcs')).toHaveLength(1);
	});

	it('to register VPCs near the limit of the account, no more succeed than it has room for', async () => {
		await tables.client.send(
			new UpdateCommand({
				TableName: names.vpcs,
				Key: { id: `count#${account}` },
				UpdateExpression: 'ADD counted :by',
				ExpressionAttributeValues: { ':by': 95 },
			}),
		);

		const { won, reasons } = await outcomesOf(times((n) => aVpc(`vpc-${String(round * 1_000 + n).padStart(8, '0')}`)));

		expect({ won, reasons }).toEqual({ won: 5, reasons: ['too-many-vpcs'] });
		expect(await rows('vpcs')).toHaveLength(5);
	});

	it('to create the gateway of a VPC, one succeeds (F-3, invariant 1)', async () => {
		await aVpc();

		const { won, reasons } = await outcomesOf(times(() => createVpnGateway(ports, { caller: caller(), input: { vpcId } })));

		expect({ won, reasons }).toEqual({ won: 1, reasons: ['gateway-exists'] });
		const [gateway] = await rows('vpnGateways');
		expect((await ports.store.get('vpcs', vpcId))?.vpnGatewayId).toBe(gateway?.id);
	});

	it('to create a gateway or turn on remote-access VPN, only one kind succeeds (F-12)', async () => {
		await aVpc();

		const { won } = await outcomesOf(
			times<unknown>((n) =>
				n % 2 === 0
					? createVpnGateway(ports, { caller: caller(), input: { vpcId } })
					: patchVpc(ports, { caller: admin, id: vpcId, patch: { remoteAccessVpn: true } }),
			),
		);

		expect(won).toBeGreaterThanOrEqual(1);
		const vpc = await ports.store.get('vpcs', vpcId);
		expect(vpc?.remoteAccessVpn).toBe(vpc?.vpnGatewayId === undefined);
		expect(await rows('vpnGateways')).toHaveLength(vpc?.vpnGatewayId === undefined ? 0 : 1);
	});

	it('to create a customer gateway of the same name, one succeeds and only its key is kept', async () => {
		const { won, reasons } = await outcomesOf(times((n) => aCustomerGateway(n, { name: 'Harbour' })));

		expect({ won, reasons }).toEqual({ won: 1, reasons: ['name-taken'] });
		expect(await rows('customerGateways')).toHaveLength(1);
	});

	it('to connect the same customer gateway, one succeeds (F-18, invariant 2)', async () => {
		await aVpc();
		const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: caller(), input: { vpcId } });
		const { id: customerGatewayId } = await aCustomerGateway(1);

		const { won, reasons } = await outcomesOf(
			times(() => createVpnConnection(ports, { caller: caller(), input: { vpnGatewayId, customerGatewayId } })),
		);

		expect({ won, reasons }).toEqual({ won: 1, reasons: ['customer-gateway-in-use'] });
		const [connection] = await rows('connections');
		expect(Object.keys((await ports.store.get('vpcs', vpcId))?.slots ?? {})).toEqual([connection?.id]);
		expect((await ports.store.get('customerGateways', customerGatewayId))?.connectionId).toBe(connection?.id);
	});

	const rivals: [string, (n: number) => { gateway?: string; remoteCidrs?: string[] }, number, string][] = [
		['to the same peer (invariant 3)', () => ({ gateway: '198.51.100.9' }), 1, 'peer-taken'],
		['to overlapping subnets (invariant 4)', (n) => ({ remoteCidrs: [`10.99.0.0/${16 + (n % 8)}`] }), 1, 'cidr-overlap'],
		['beyond the limit of a gateway (invariant 3)', () => ({}), 4, 'too-many-connections'],
	];
	it.each(rivals)('for connections %s, no more succeed than are allowed', async (_what, over, winners, reason) => {
		await aVpc();
		const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: caller(), input: { vpcId } });
		const made = await Promise.all(times((n) => aCustomerGateway(n, over(n))));

		const { won, reasons } = await outcomesOf(
			made.map(({ id }) => createVpnConnection(ports, { caller: caller(), input: { vpnGatewayId, customerGatewayId: id } })),
		);

		expect({ won, reasons }).toEqual({ won: winners, reasons: [reason] });
		const connections = await rows('connections');
		expect(Object.keys((await ports.store.get('vpcs', vpcId))?.slots ?? {}).sort()).toEqual(
			connections.map(({ id }) => id).sort(),
		);
		const used = (await rows('customerGateways')).flatMap(({ connectionId }) => connectionId ?? []);
		expect(used.sort()).toEqual(connections.map(({ id }) => id).sort());
	});

	it('to connect without a conflict, all that fit succeed (thirty)', async () => {
		ports.settings.maxConnectionsPerGateway = 40;
		await aVpc();
		const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: caller(), input: { vpcId } });
		const made = await Promise.all(Array.from({ length: 30 }, (_, n) => aCustomerGateway(n)));

		const { won, reasons } = await outcomesOf(
			made.map(({ id }) => createVpnConnection(ports, { caller: caller(), input: { vpnGatewayId, customerGatewayId: id } })),
		);

		expect({ won, reasons }).toEqual({ won: 30, reasons: [] });
		expect((await ports.store.get('vpcs', vpcId))?.generation).toBe(30);
	});

	it('to connect or delete the gateway, only one kind succeeds (invariant 5)', async () => {
		await aVpc();
		const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: caller(), input: { vpcId } });
		const { id: customerGatewayId } = await aCustomerGateway(1);

		await outcomesOf([
			createVpnConnection(ports, { caller: caller(), input: { vpnGatewayId, customerGatewayId } }),
			deleteVpnGateway(ports, { caller: caller(), id: vpnGatewayId }),
		]);

		const connections = await rows('connections');
		expect(await rows('vpnGateways')).toHaveLength(connections.length);
	});

	it('to connect while VPN is being disabled, those that come later are refused (invariant 6)', async () => {
		await aVpc();
		const { id: vpnGatewayId } = await createVpnGateway(ports, { caller: caller(), input: { vpcId } });
		const made = await Promise.all(Array.from({ length: 4 }, (_, n) => aCustomerGateway(n)));

		const { reasons } = await outcomesOf([
			...made.map(({ id }) => createVpnConnection(ports, { caller: caller(), input: { vpnGatewayId, customerGatewayId: id } })),
			putAccount(ports, account, { vpnEnabled: false }),
		]);

		expect(reasons.filter((reason) => reason !== 'vpn-disabled')).toEqual([]);
		await expect(aCustomerGateway(9)).rejects.toMatchObject({ kind: 'vpn-disabled' });
	});
});
