import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { eventItem } from '../../../functions/adapters/dynamodb/event-item.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import type { Call } from '../../../local/iam/call-log.ts';
import { startPlatform } from '../../../local/platform.ts';
import { cdkOut, synthesize } from '../../../local/synth.ts';
import { until } from '../../e2e/until.ts';
import { localAccess } from '../../support/local-service.ts';

type Body = Record<string, unknown> & { id: string; state?: string; items?: Body[] };
/** A machine with other work is slow, and nothing here is about time. */
const patienceSeconds = 180;

type Asked = { body?: object; key?: string; status?: number; as?: 'admin' | 'tenant' };

/** The replacement is no instance of EC2, so that no route can lead to it. */
const [ours, theirs, replacement] = ['i-00000000000000001', 'i-00000000000000002', 'mi-00000000000000003'];
const successor = 'i-00000000000000006';
const [vpcId, strangeVpcId] = ['vpc-0a1b2c3d', 'vpc-0a1b2c3e'];
const suite = (dhGroup: number) => ({
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup },
	esp: { encryption: 'aes128', hash: 'sha1' },
});
const quickRouter = join(import.meta.dirname, '../../support/quick-router.sh');
/** A machine that answers whatever it is asked with more than a list of invocations has room for. */
const talker = { driver: 'exec' as const, argv: ['sh', '-c', 'cat >/dev/null; seq 1 1000'] };

/**
 * A platform on routers without a daemon and a database of its own, driven through every route and every situation of the loops. Ends with the
 * calls that were decided.
 */
export const everyFlow = async (): Promise<Call[]> => {
	await synthesize(() => {});
	const dir = await mkdtemp(join(tmpdir(), 's2s-flows-'));
	const folderOf = (router: string) => join(dir, 'routers', router);
	const quick = (router: string) => ({ driver: 'exec' as const, argv: ['sh', quickRouter, folderOf(router)] });
	await mkdir(folderOf(ours), { recursive: true });
	const dynamodb = await startDynamoDb({});
	process.env['DYNAMODB_ENDPOINT'] = dynamodb.url;
	const platform = await startPlatform({
		dir: join(dir, 'data'),
		port: 0,
		cdkOut,
		routers: { [ours]: quick(ours), [replacement]: quick(replacement), [successor]: quick(successor), [theirs]: talker },
	});
	const rows = new DynamoDBClient(localAccess(dynamodb.url));
	const tokens = { admin: await platform.token({ admin: true }), tenant: await platform.token({ account: 'acme' }) };

	const ask = async (line: string, { body, key, status, as = 'tenant' }: Asked = {}): Promise<Body> => {
		const [method = '', path = ''] = line.split(' ');
		const reply = await fetch(`${platform.url}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${tokens[as]}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(key === undefined ? {} : { 'idempotency-key': key }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await reply.text();
		assert(status === undefined ? reply.ok : reply.status === status, `${line}: ${reply.status} ${text}`);
		return (text === '' ? {} : JSON.parse(text)) as Body;
	};
	/** Made, asked again under the same key, and refused under another. */
	const make = async (line: string, body: object, refused: { body: object; status: number }, as: Asked['as'] = 'tenant') => {
		const made = await ask(line, { body, key: 'first', as });
		assert.equal((await ask(line, { body, key: 'first', as })).id, made.id);
		await ask(line, { ...refused, key: 'other', as });
		return made;
	};
	const steer = (router: string | undefined, body: object) => ask(`PUT /_local/routers/${router}`, { body });
	const tick = () => ask('POST /_local/tick');
	const becomes = (id: string, state: string) =>
		until(`${id} ${state}`, patienceSeconds, async () => (await ask(`GET /v1/vpn-connections/${id}`)).state === state);
	const made = (wanted: Partial<Call>) =>
		until(JSON.stringify(wanted), patienceSeconds, async () =>
			platform
				.calls()
				.some((call) =>
					Object.entries(wanted).every(([name, value]) => String(call[name as keyof Call]).includes(String(value))),
				),
		);

	const router: Router = {
		carry: () => writeFile(join(folderOf(ours), 'carried'), '5000 5000\n'),
		loses: (peer) => writeFile(join(folderOf(ours), `down-${peer}`), ''),
		finds: (peer) => rm(join(folderOf(ours), `down-${peer}`)),
	};

	try {
		await drive({ ask, make, steer, router, tick, becomes, made, rows });
		return platform.calls();
	} finally {
		delete process.env['DYNAMODB_ENDPOINT'];
		await platform.stop();
		rows.destroy();
		await dynamodb.stop();
		await rm(dir, { recursive: true, force: true });
	}
};

/** What a router is asked, and may be too slow to answer the first time. */
const askRouter = ({ ask }: Pick<Drive, 'ask'>, line: string) =>
	until(line, patienceSeconds, async () => {
		try {
			return await ask(line);
		} catch (error) {
			if (error instanceof assert.AssertionError) return false;
			throw error;
		}
	});

/** What becomes of the tunnels of the router `ours`. */
type Router = { carry(): Promise<void>; loses(peer: string): Promise<void>; finds(peer: string): Promise<void> };

type Drive = {
	ask(line: string, asked?: Asked): Promise<Body>;
	make(line: string, body: object, refused: { body: object; status: number }, as?: Asked['as']): Promise<Body>;
	steer(router: string | undefined, body: object): Promise<unknown>;
	router: Router;
	tick(): Promise<unknown>;
	becomes(id: string, state: string): Promise<unknown>;
	made(wanted: Partial<Call>): Promise<unknown>;
	rows: DynamoDBClient;
};

/** In shape, so that it takes the key to tell. */
const forgedCursor = Buffer.from('["x","x"]').toString('base64url');

const vpc = (id: string | undefined, routerInstanceId: string | undefined) => ({
	id,
	accountId: 'acme',
	cidr: '10.1.0.0/16',
	routerInstanceId,
	publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	routeTableIds: ['rtb-0a1b2c3d'],
});

const drive = async (on: Drive): Promise<void> => {
	await leftByACrash(on);
	await administration(on);
	const { gateway, ends } = await tunnels(on);
	await reading(on, ends);
	await aNewKey(on, ends);
	await anOutcomeThatCannotBeWritten(on, ends);
	await aStoppedRouter(on, ends);
	await anotherRouter(on, ends);
	await theEnd(on, { gateway, ends });
};

/** An intent whose customer gateway never came to be, and two alerts that nobody was told to send, of which one was tried before. */
const leftByACrash = async ({ rows }: Drive): Promise<void> => {
	const before = new Date(Date.now() - 600_000).toISOString();
	const expiresAt = Math.floor(Date.now() / 1_000) + 86_400;
	const customerGatewayId = 'cgw-0123456789abcdef0';
	const intent = {
		id: `intent#${customerGatewayId}`,
		intentShard: '0',
		accountId: 'acme',
		customerGatewayId,
		madeAt: before,
		expiresAt,
	};
	await rows.send(new PutItemCommand({ TableName: 's2s_control', Item: marshall(intent) }));
	const alert = { alertId: 'left', subject: 'left', email: 'left', sms: 'left', owedAt: before };
	const subject = { kind: 'connection', id: 'vpnc-00000000000000000' } as const;
	const event = { subject, accountId: 'acme', vpcId: 'vpc-00000000', at: before, expiresAt };
	for (const [id, tried] of [
		['01ARZ3NDEKTSV4RRFFQ69G5FAV', {}],
		['01ARZ3NDEKTSV4RRFFQ69G5FAW', { messageId: 'tried', leads: true, triedAt: before }],
	] as const) {
		const Item = marshall(eventItem({ ...event, id, who: 'check', kind: 'notified', alert: { ...alert, ...tried } }));
		await rows.send(new PutItemCommand({ TableName: 's2s_events', Item }));
	}
};

const administration = async ({ ask, make }: Drive): Promise<void> => {
	await ask('PUT /v1/accounts/acme', { body: { name: 'Acme' }, as: 'admin' });
	await ask('GET /v1/accounts', { as: 'admin' });
	for (const list of ['accounts', 'vpcs', 'vpn-gateways', 'vpn-customer-gateways', 'vpn-connections', 'alert-subscriptions'])
		await ask(`GET /v1/${list}?cursor=${forgedCursor}${list === 'accounts' ? '' : '&accountId=acme'}`, {
			as: 'admin',
			status: 400,
		});
	await ask('GET /v1/accounts/acme', { as: 'admin' });
	await make('POST /v1/vpcs', vpc(vpcId, ours), { body: vpc(vpcId, ours), status: 409 }, 'admin');
	await ask('POST /v1/vpcs', { body: vpc(strangeVpcId, theirs), as: 'admin' });
	await ask('GET /v1/vpcs?accountId=acme', { as: 'admin' });
	await ask(`GET /v1/vpcs/${vpcId}`);
	// One without connections lets go of its router at once.
	await ask('POST /v1/vpcs', { body: vpc('vpc-0a1b2c3f', 'i-00000000000000004'), as: 'admin' });
	await ask('PATCH /v1/vpcs/vpc-0a1b2c3f', { body: { routerInstanceId: 'i-00000000000000005' }, as: 'admin' });
	for (const id of [vpcId, strangeVpcId]) {
		await ask(`PUT /v1/vpcs/${id}/networks/net-1`, { body: { cidr: '10.1.1.0/24', state: 'Implemented' }, as: 'admin' });
	}
	await ask('GET /v1/openapi.json');
	await ask('GET /v1/nothing', { status: 404 });
	const sms = { protocol: 'sms', endpoint: '+4915112345678' };
	const subscription = await make('POST /v1/alert-subscriptions', sms, { body: { ...sms, accountId: 'other' }, status: 403 });
	await ask('GET /v1/alert-subscriptions');
	const [text] = ((await ask('GET /_local/outbox')) as unknown as { message: string }[]).slice(-1);
	const code = /^[0-9]{6}/.exec(text?.message ?? '')?.[0];
	const confirm = `POST /v1/alert-subscriptions/${subscription.id}/confirm`;
	await ask(confirm, { body: { code: code === '000000' ? '000001' : '000000' }, key: 'guessed', status: 400 });
	await ask(confirm, { body: { code }, key: 'confirmed' });
	await ask('POST /v1/alert-subscriptions', { body: { protocol: 'email', endpoint: 'noc@example.com' } });
	const asked = await ask('POST /v1/alert-subscriptions', { body: { protocol: 'email', endpoint: 'jo@example.com' } });
	for (const { id } of [subscription, asked]) await ask(`DELETE /v1/alert-subscriptions/${id}`);
};

type Ends = { refused: Body; down: Body; up: Body };

/** One connection that the router's daemon cannot do, one whose peer is away, and one that comes up. */
const tunnels = async ({ ask, make, router, becomes, made }: Drive): Promise<{ gateway: Body; ends: Ends }> => {
	await router.loses('192.0.2.3');
	const gateway = await make('POST /v1/vpn-gateways', { vpcId }, { body: { vpcId }, status: 409 });
	await ask('GET /v1/vpn-gateways');
	await ask(`GET /v1/vpn-gateways/${gateway.id}`);
	const customerGateway = (n: number, over: object = {}) => ({
		name: `end ${n}`,
		gateway: `192.0.2.${n}`,
		remoteCidrs: [`10.${n}.0.0/24`],
		psk: 'a secret of eight',
		...suite(5),
		...over,
	});
	const path = 'POST /v1/vpn-customer-gateways';
	const connect = async (of: Body, status?: number) =>
		ask('POST /v1/vpn-connections', {
			body: { vpnGatewayId: gateway.id, customerGatewayId: of.id },
			...(status === undefined ? {} : { status }),
		});
	const refused = await connect(await make(path, customerGateway(2, suite(2)), { body: customerGateway(2), status: 409 }));
	const up = await connect(await ask(path, { body: customerGateway(4) }));
	const away = await ask(path, { body: customerGateway(3) });
	const body = { vpnGatewayId: gateway.id, customerGatewayId: away.id };
	const down = await make('POST /v1/vpn-connections', body, { body, status: 409 });
	await becomes(refused.id, 'Error');
	await becomes(down.id, 'Disconnected');
	await becomes(up.id, 'Connected');
	await made({ flow: 'reconcile', action: 'ec2:CreateRoute' });
	for (const used of [`vpn-gateways/${gateway.id}`, `vpn-customer-gateways/${away.id}`])
		await ask(`DELETE /v1/${used}`, { status: 409 });
	return { gateway, ends: { refused, down, up } };
};

/** More changes than an availability looks through uncounted. */
const muchHappensTo = async ({ rows }: Drive, connectionId: string): Promise<void> => {
	const at = new Date().toISOString();
	const event = {
		subject: { kind: 'connection', id: connectionId },
		accountId: 'acme',
		vpcId,
		at,
		who: 'check',
		kind: 'probe',
	} as const;
	for (let batch = 0; batch < 40; batch++) {
		const puts = Array.from({ length: 25 }, (_, n) => {
			const id = `7ZZZZZZZZZZZZZZZZZZZZZ${String(batch * 25 + n).padStart(4, '0')}`;
			return { PutRequest: { Item: marshall(eventItem({ ...event, id, expiresAt: 4_000_000_000 })) } };
		});
		await rows.send(new BatchWriteItemCommand({ RequestItems: { s2s_events: puts } }));
	}
};

const reading = async (drive: Drive, { up }: Ends): Promise<void> => {
	const { ask, router, tick, made } = drive;
	await ask('GET /v1/vpn-customer-gateways');
	await ask(`GET /v1/vpn-customer-gateways/${up['customerGatewayId']}`);
	await ask('GET /v1/vpn-connections');
	const of = `/v1/vpn-connections/${up.id}`;
	for (const what of ['events', 'applies', 'availability', 'peer-config?device=generic']) {
		await ask(`GET ${of}/${what}`);
	}
	for (const what of ['logs', 'diagnosis?probe=true']) await askRouter({ ask }, `GET ${of}/${what}`);
	await ask(`POST /v1/vpcs/${vpcId}/router-check`, { as: 'admin' });
	await ask(`POST ${of}/peer-config`, { body: { device: 'generic', psk: 'a secret of eight' } });
	await ask(`POST ${of}/peer-check`, { body: { device: 'ios-12.4', text: 'hostname edge' } });
	for (const probe of [{ host: '10.4.0.10' }, null]) await ask(`PATCH ${of}`, { body: { probe } });
	await ask(`PUT ${of}/mute`, { body: { until: new Date(Date.now() + 3_600_000).toISOString() } });
	await ask(`DELETE ${of}/mute`);
	await router.carry();
	await tick();
	await made({ flow: 'check', action: 'dynamodb:UpdateItem', resource: 's2s_usage' });
	await ask(`GET ${of}/usage`);
	await ask('GET /v1/usage');
	await ask('GET /v1/usage', { as: 'admin' });
	await muchHappensTo(drive, up.id);
	await ask(`GET ${of}/availability`);
};

const aNewKey = async ({ ask, becomes, tick, made }: Drive, { up }: Ends): Promise<void> => {
	const of = `/v1/vpn-customer-gateways/${up['customerGatewayId']}`;
	await ask(`PATCH ${of}?dryRun=true`, { body: { remoteCidrs: ['10.4.0.0/24', '10.45.0.0/24'] } });
	await ask(`PATCH ${of}`, { body: { psk: 'another secret', name: 'renamed' } });
	// While the key is on trial.
	await askRouter({ ask }, `GET /v1/vpn-connections/${up.id}/diagnosis`);
	await becomes(up.id, 'Connected');
	await tick();
	await made({ flow: 'check', action: 'dynamodb:PutItem', resource: 's2s_customer_gateways' });
};

/** A row that is no row of its table: a defect, which the others on the router do not suffer from. */
const anOutcomeThatCannotBeWritten = async ({ rows, router, tick, made, becomes }: Drive, { up }: Ends): Promise<void> => {
	const write = (attribute: object) =>
		rows.send(
			new UpdateItemCommand({
				TableName: 's2s_customer_gateways',
				Key: { id: { S: String(up['customerGatewayId']) } },
				UpdateExpression: 'SET gateway = :gateway',
				ExpressionAttributeValues: marshall({ ':gateway': attribute }),
			}),
		);
	await write({ not: 'an address' });
	await router.loses('192.0.2.4');
	await tick();
	await made({ flow: 'check', action: 'sqs:SendMessage', resource: 'CheckQueue' });
	await write('192.0.2.4' as unknown as object);
	await becomes(up.id, 'Disconnected');
	await router.finds('192.0.2.4');
};

/** It is refused by Run Command at once; what waited for it goes out with its first answer. Meanwhile another says too much. */
const aStoppedRouter = async ({ ask, steer, tick, made, becomes }: Drive, { up }: Ends): Promise<void> => {
	await steer(ours, { state: 'stopped' });
	await tick();
	await made({ flow: 'check', action: 'ssm:DescribeInstanceInformation' });
	await ask(`POST /v1/vpn-connections/${up.id}/reset`);
	await made({ flow: 'reconcile', action: 'ssm:DescribeInstanceInformation' });
	await ask(`GET /v1/vpn-connections/${up.id}/logs`, { status: 504 });
	await ask(`POST /v1/vpcs/${vpcId}/router-check`, { as: 'admin' });

	await steer(ours, { state: 'running' });
	await tick();
	await made({ flow: 'check', action: 'sqs:SendMessage', resource: 'ReconcileQueue' });
	await becomes(up.id, 'Connected');

	const { id } = await ask('POST /v1/vpn-gateways', { body: { vpcId: strangeVpcId } });
	const customerGateway = { gateway: '192.0.2.9', remoteCidrs: ['10.9.0.0/24'], psk: 'a secret of eight', ...suite(5) };
	const { id: customerGatewayId } = await ask('POST /v1/vpn-customer-gateways', { body: customerGateway });
	await ask('POST /v1/vpn-connections', { body: { vpnGatewayId: id, customerGatewayId } });
	await made({ flow: 'reconcile', action: 'ssm:SendCommand', resource: theirs });
	await tick();
	await made({ flow: 'check', action: 'ssm:GetCommandInvocation' });
	const network = `/v1/vpcs/${strangeVpcId}/networks/net-1`;
	await ask(`PUT ${network}`, { body: { cidr: '10.1.1.0/24', state: 'Shutdown' }, as: 'admin' });
	await ask(`PUT ${network}`, { body: { cidr: '10.1.1.0/24', state: 'Implemented' }, as: 'admin' });
	await ask(`DELETE ${network}`, { as: 'admin' });
};

const anotherRouter = async ({ ask, tick, becomes, made }: Drive, { up }: Ends): Promise<void> => {
	const routes = Array.from({ length: 50 }, (_, n) => ({ cidr: `172.16.${n}.0/24`, target: 'nat-0a1b2c3d' }));
	await ask('PUT /_local/route-tables/rtb-0a1b2c3e', { body: { routes } });
	const routeTableIds = ['rtb-0a1b2c3d', 'rtb-0a1b2c3e'];
	await ask(`PATCH /v1/vpcs/${vpcId}`, { body: { routeTableIds }, as: 'admin', status: 409 });
	await ask(`PATCH /v1/vpcs/${vpcId}`, { body: { routerInstanceId: replacement }, as: 'admin' });
	await made({ flow: 'reconcile', action: 'dynamodb:DeleteItem', resource: 's2s_vpcs' });
	await ask(`POST /v1/vpcs/${vpcId}/reapply`, { as: 'admin' });
	await becomes(up.id, 'Connected');
	await askRouter({ ask }, `GET /v1/vpn-connections/${up.id}/logs`);
	await ask(`POST /v1/vpcs/${vpcId}/router-check`, { as: 'admin' });
	await tick();
	await made({ flow: 'check', action: 'ssm:SendCommand', resource: replacement });
	await ask(`PATCH /v1/vpcs/${vpcId}`, { body: { routerInstanceId: successor }, as: 'admin' });
	await made({ flow: 'reconcile', action: 'ec2:ReplaceRoute' });
};

const theEnd = async (
	{ ask, made }: Drive,
	{ gateway, ends: { refused, down, up } }: { gateway: Body; ends: Ends },
): Promise<void> => {
	await ask(`DELETE /v1/vpn-connections/${refused.id}?force=true`, { as: 'admin' });
	for (const { id } of [down, up]) await ask(`DELETE /v1/vpn-connections/${id}`);
	for (const { id } of [down, up]) {
		await until(`${id} gone`, patienceSeconds, async () =>
			(await ask('GET /v1/vpn-connections')).items?.every((one) => one.id !== id),
		);
	}
	await made({ flow: 'reconcile', action: 'ec2:DeleteRoute' });
	for (const { customerGatewayId } of [refused, down, up]) await ask(`DELETE /v1/vpn-customer-gateways/${customerGatewayId}`);
	await ask(`DELETE /v1/vpn-gateways/${gateway.id}`);
	await ask(`DELETE /v1/vpcs/${vpcId}/networks/net-1`, { as: 'admin' });
	await ask(`DELETE /v1/vpcs/${vpcId}?force=true`, { as: 'admin' });
	await made({ flow: 'alert', action: 'sns:Publish' });
	await made({ flow: 'alert', action: 'sqs:SendMessage' });
};
