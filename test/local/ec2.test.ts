import { createServer } from 'node:http';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ec2Instances } from '../../functions/adapters/ec2/ec2-instances.ts';
import { ec2Ports } from '../../functions/adapters/ec2/ec2-ports.ts';
import { ec2RouteTables } from '../../functions/adapters/ec2/ec2-route-tables.ts';
import { ec2ErrorXml, ec2Xml } from '../../local/ec2/ec2-xml.ts';
import { interfaceOf, type LocalTable, localRouteTables, type TableSteering } from '../../local/ec2/route-tables.ts';
import { startEc2 } from '../../local/ec2/start-ec2.ts';
import type { Role } from '../../local/iam/authority.ts';
import { openDoor } from '../../local/iam/door.ts';
import { keyring } from '../../local/iam/keyring.ts';
import { ec2Needs } from '../../local/iam/needs/ec2.ts';
import { ec2Protocol } from '../../local/iam/protocols.ts';
import { close, listen } from '../../local/listen.ts';
import { QueryError } from '../../local/query-protocol.ts';
import { goneInstance, type Instance, routerInstance } from '../../local/routers/instance.ts';
import { localAccess, localServices } from '../support/local-service.ts';

const { folder, running } = localServices('ec2');

const table = 'rtb-0a1b2c3d';
const [router, stopped, terminated, gone] = ['1', '2', '3', '4'].map((n) => `i-0000000${n}`) as [string, string, string, string];
const instances: Record<string, Instance> = {
	[router]: routerInstance,
	[stopped]: { ...routerInstance, state: 'stopped' },
	[terminated]: { ...routerInstance, state: 'terminated' },
};
const instanceOf = (id: string) => instances[id] ?? goneInstance;
const eni = interfaceOf(router);
const route = { tableId: table, cidr: '10.2.0.0/24' };
const everywhere = { 's2s:routes': 'true' };

const start = async (dir: string) => {
	const followed: [string, LocalTable['routes']][] = [];
	const tables = localRouteTables({
		file: join(dir, 'ec2', 'tables.json'),
		instanceOf,
		changed: async (id, { routes }) => void followed.push([id, routes]),
	});
	const ec2 = await startEc2({ tables, instanceOf, vpcOf: async () => undefined });
	const client = new EC2Client({ ...localAccess(ec2.url), maxAttempts: 1 });
	return { tables, followed, ec2, routes: ec2RouteTables(client), stop: running(ec2, client) };
};
const full = Array.from({ length: 50 }, (_, n) => ({ cidr: `172.16.${n}.0/24`, target: 'nat-0a1b2c3d' }));
const other = { cidr: route.cidr, target: 'nat-0a1b2c3d' };

describe('a route table of the local EC2, through the adapter', () => {
	it.each<[string, TableSteering, 'create' | 'replace' | 'remove', string, object, TableSteering['routes']?]>([
		['takes a route', {}, 'create', eni, { done: true }, [{ cidr: route.cidr, target: eni }]],
		['takes no second one for a block', { routes: [other] }, 'create', eni, { refused: expect.stringContaining('meanwhile') }],
		['has room for fifty', { routes: full }, 'create', eni, { refused: 'it has no room for more routes' }],
		[
			'that does not exist takes none',
			{ exists: false },
			'create',
			eni,
			{ refused: expect.stringMatching(/^InvalidRouteTableID.NotFound: /) },
		],
		[
			'takes none to an interface that does not exist',
			{},
			'create',
			interfaceOf(gone),
			{ refused: expect.stringMatching(/^InvalidNetworkInterfaceID.NotFound: /) },
		],
		['has its route moved', { routes: [other] }, 'replace', eni, { done: true }, [{ cidr: route.cidr, target: eni }]],
		[
			'has no route moved that it does not have',
			{},
			'replace',
			eni,
			{ refused: expect.stringMatching(/^InvalidRoute.NotFound: /) },
		],
		['has its route removed', { routes: [other] }, 'remove', eni, { done: true }, []],
		['without the route is as if it had been removed', {}, 'remove', eni, { done: true }],
		['that does not exist has no route to remove', { exists: false }, 'remove', eni, { done: true }],
	])('%s', async (_what, steering, call, target, answer, after = steering.routes ?? []) => {
		const { tables, routes, followed } = await start(await folder());
		await tables.steer(table, steering);

		expect(await routes[call](route, target)).toEqual(answer);
		expect((await tables.read(table))?.routes).toEqual(steering.exists === false ? undefined : after);
		expect(followed.at(-1)).toEqual([table, after]);
	});

	it('shows where its routes lead, with those of a router whose interface they lead to', async () => {
		const { tables, routes } = await start(await folder());
		const targets = [eni, 'nat-0a1b2c3d', 'tgw-0a1b2c3d', 'pcx-0a1b2c3d', 'igw-0a1b2c3d', 'vgw-0a1b2c3d', 'local'];
		const standing = targets.map((target, n) => ({ cidr: `172.16.${n}.0/24`, target }));
		await tables.steer(table, { routes: standing });
		await tables.steer('rtb-00000000', { exists: false });

		expect(await routes.read({ tableIds: [table, 'rtb-00000000'], instanceId: router })).toEqual({
			tables: [{ id: table, routes: standing.map((one) => ({ ...one, propagated: false })) }],
			target: eni,
		});
	});

	it.each([
		['a stopped router', stopped, interfaceOf(stopped)],
		['a terminated one', terminated, undefined],
		['one that never was', gone, undefined],
		['a managed node outside EC2', 'mi-0123456789abcdef0', undefined],
	])('finds the interface of %s, if it has one', async (_what, instanceId, target) => {
		const { routes } = await start(await folder());

		expect(await routes.read({ tableIds: [], instanceId })).toEqual({ tables: [], target });
	});

	it('outlives a restart, after which packets follow it once it is read', async () => {
		const dir = await folder();
		const first = await start(dir);
		await first.routes.create(route, eni);
		await first.stop();
		const again = await start(dir);
		expect(again.followed).toEqual([]);
		for (const _ of [1, 2]) await again.routes.read({ tableIds: [table], instanceId: router });

		expect(again.followed).toEqual([[table, [{ cidr: route.cidr, target: eni }]]]);
	});

	it('is changed by whom its tag lets, and by nobody else', async () => {
		const { tables, ec2 } = await start(await folder());
		const keys = keyring();
		const role: Role = { principal: { role: 'arn:aws:iam::000000000000:role/reconcile' }, policies: [] };
		const door = await openDoor({
			to: ec2.url,
			protocol: ec2Protocol,
			needs: ec2Needs(tables),
			keys,
			authorize: (_role, needs) => {
				const denied = needs.find(
					({ action, context = {} }) => !action.startsWith('ec2:Describe') && context['aws:ResourceTag/s2s:routes'] !== 'true',
				);
				return denied && { ...denied, message: `not authorized to perform: ${denied.action} on ${denied.resource}` };
			},
		});
		const { credentials } = keys.begin(role, 'reconcile');
		const client = new EC2Client({ region: 'us-east-1', endpoint: door.url, credentials, maxAttempts: 1 });
		running({ stop: () => door.stop() }, client);
		const routes = ec2RouteTables(client);

		expect(await routes.create(route, eni)).toEqual({ done: true });
		await tables.steer(table, { tags: {} });
		const refused = { refused: expect.stringContaining('it has no tag s2s:routes=true') };
		expect(await routes.replace(route, eni)).toEqual(refused);
		expect(await routes.remove(route)).toEqual(refused);
		await tables.steer(table, { tags: everywhere });
		expect(await routes.remove(route)).toEqual({ done: true });
	});

	it('that cannot be reached is refused, and does not throw', async () => {
		const { routes, ec2 } = await start(await folder());
		await ec2.stop();

		expect(await routes.read({ tableIds: [table], instanceId: router })).toEqual({
			refused: expect.stringContaining('ECONNREFUSED'),
		});
		expect(await routes.create(route, eni)).toEqual({ refused: expect.stringContaining('ECONNREFUSED') });
	});
});

describe('an instance of the local EC2, through the adapter', () => {
	const read = async (instanceId: string, stopFirst = false) => {
		const { ec2 } = await start(await folder());
		const client = new EC2Client({ ...localAccess(ec2.url), maxAttempts: 1 });
		running({ stop: async () => {} }, client);
		if (stopFirst) await ec2.stop();
		return ec2Instances(client).read({ instanceId, tableIds: [table] });
	};
	const tables = [{ id: table, tags: everywhere, routes: [] }];

	it.each([
		['that is terminated has no interface', terminated, { state: 'terminated', tags: { 's2s:router': 'true' } }],
		['that is stopped keeps it', stopped, { state: 'stopped', interface: { id: interfaceOf(stopped), sourceDestCheck: false } }],
	])('%s', async (_what, id, instance) => {
		const seen = await read(id);

		expect(seen).toMatchObject({ instance, tables });
		expect('instance' in seen && 'interface' in (seen.instance ?? {})).toBe('interface' in instance);
	});

	it('that never was is not there', async () => {
		expect(await read(gone)).toEqual({ instance: undefined, tables });
	});

	it('is not looked at where EC2 cannot be reached, which does not throw', async () => {
		expect(await read(router, true)).toEqual({ refused: expect.stringContaining('ECONNREFUSED') });
	});
});

describe('a call that EC2 throttles', () => {
	afterEach(() => vi.unstubAllEnvs());

	const throttling = async (times: number, by: Parameters<typeof ec2Ports>[0]) => {
		let calls = 0;
		const server = createServer((_request, response) => {
			const throttled = ++calls <= times;
			const text = throttled
				? ec2ErrorXml(new QueryError('RequestLimitExceeded', 'Request limit exceeded.', 503))
				: ec2Xml('CreateRoute', { return: 'true' });
			response.writeHead(throttled ? 503 : 200, { 'content-type': 'text/xml' }).end(text);
		});
		vi.stubEnv('AWS_ENDPOINT_URL_EC2', await listen(server));
		for (const [name, value] of [
			['AWS_REGION', 'us-east-1'],
			['AWS_ACCESS_KEY_ID', 'local'],
			['AWS_SECRET_ACCESS_KEY', 'local'],
		] as const)
			vi.stubEnv(name, value);
		const answer = await ec2Ports(by).routeTables.create(route, eni);
		await close(server);
		return { answer, calls };
	};

	it('is made again until it is taken', async () => {
		expect(await throttling(3, 'change')).toEqual({ answer: { done: true }, calls: 4 });
	});

	it('is made once more for a request, which does not wait for it', async () => {
		expect(await throttling(3, 'request')).toEqual({ answer: { refused: 'EC2 throttles our calls' }, calls: 2 });
	});
});
