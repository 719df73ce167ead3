import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalDynamoDb, startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';
import { type Platform, startPlatform } from '../../local/platform.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';
import { until } from '../e2e/until.ts';
import { keysIn } from '../support/forms-of-a-key.ts';
import { localAccess } from '../support/local-service.ts';

type Body = Record<string, unknown> & { id: string; state?: string; items?: Body[] };
type Asked = { body?: unknown; key?: string; as?: 'admin' | 'tenant'; status?: number; toldTo?: true };

const instanceId = 'i-00000000000000001';
const vpcId = 'vpc-0a1b2c3d';
const patienceSeconds = 180;

/** One for each way that a key comes in. They have what breaks quotes, tables and patterns. */
const keys: Record<string, string> = {
	created: 'Kq1 created "of" the key|<7',
	changed: 'Kq2 changed "of" the key|<7',
	tried: 'Kq3 tried "of" the key|<7',
	refused: 'Kq4 refused "of" the key|<7',
	misplaced: 'Kq5 misplaced "of" the key|<7',
	named: 'Kq0 named "of" the key|<7',
	cut: 'Kq6 cut "of" the key|<7',
	sent: 'Kq7 sent "of" the key|<7',
	checked: 'Kq8 checked "of" the key|<7',
};
/** One that the router does not hold: its owner's, of which the control plane shows nothing by its shape alone. */
const foreign = 'Kq9xForeign0fTheOwner7';

/** How a daemon may print a key; what is bare is only known as one where the router holds it. */
const shapes = (key: string, isHeld: boolean) => {
	const base64 = Buffer.from(key).toString('base64');
	return [
		`PSK "${key}"`,
		`PSK '${key}'`,
		`psk "${key}"`,
		`: PSK "${key}`,
		`PSK 0s${base64}`,
		`secret: "${key}"`,
		`secret = '${key}'`,
		`pre-shared key is "${key}"`,
		`got ${base64} from it`,
		...(isHeld ? [`got ${key} from it`, `${key}`] : [`PSK ${key}`, `secret: ${key}`]),
	];
};

/** Nothing, where what a router was doing has taken it away meanwhile. */
const contentOf = async (file: string): Promise<string> => {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
		throw error;
	}
};

describe('a pre-shared key on the whole platform', () => {
	let dir: string;
	let dynamodb: LocalDynamoDb;
	let rows: DynamoDBClient;
	let platform: Platform;
	let tokens: Record<'admin' | 'tenant', string>;
	/** What anybody was told, but for the answers that the sender of a key asked for. */
	const told: string[] = [];

	beforeAll(async () => {
		await synthesize(() => {});
		dir = await mkdtemp(join(tmpdir(), 's2s-keys-'));
		dynamodb = await startDynamoDb({});
		process.env['DYNAMODB_ENDPOINT'] = dynamodb.url;
		rows = new DynamoDBClient(localAccess(dynamodb.url));
		platform = await startPlatform({ dir, port: 0, cdkOut });
		tokens = { admin: await platform.token({ admin: true }), tenant: await platform.token({ account: 'acme' }) };
	}, 300_000);
	afterAll(async () => {
		delete process.env['DYNAMODB_ENDPOINT'];
		await platform.stop();
		rows.destroy();
		await dynamodb.stop();
		await rm(dir, { recursive: true, force: true });
	});

	const ask = async (line: string, { body, key, as = 'tenant', status, toldTo }: Asked = {}): Promise<Body> => {
		const [method = '', path = ''] = line.split(' ');
		const reply = await fetch(`${platform.url}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${tokens[as]}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(key === undefined ? {} : { 'idempotency-key': key }),
			},
			...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});
		const text = await reply.text();
		if (toldTo === undefined) told.push(`${JSON.stringify([...reply.headers])} ${text}`);
		expect(status === undefined ? reply.ok : reply.status === status, `${line}: ${reply.status} ${text}`).toBe(true);
		return (text === '' ? {} : JSON.parse(text)) as Body;
	};
	/** Ends the connection before the answer, or in the middle of the body. */
	const cutOff = async (line: string, body: string, sent: number) => {
		const { hostname, port } = new URL(platform.url);
		const socket = connect(Number(port), hostname);
		await once(socket, 'connect');
		const [method, path] = line.split(' ');
		const head = [
			`${method} ${path} HTTP/1.1`,
			`host: ${hostname}:${port}`,
			`authorization: Bearer ${tokens.tenant}`,
			'content-type: application/json',
			'idempotency-key: cut',
			`content-length: ${Buffer.byteLength(body)}`,
		];
		socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, sent)}`);
		await new Promise((resolve) => setTimeout(resolve, 300));
		socket.destroy();
	};
	const tick = () => ask('POST /_local/tick');
	const becomes = (id: string, state: string) =>
		until(`${id} ${state}`, patienceSeconds, async () => (await ask(`GET /v1/vpn-connections/${id}`)).state === state);
	const routerFile = (name: string) => join(dir, 'routers', instanceId, name);

	const office = (n: number, psk?: string) => ({
		name: `office ${n}`,
		gateway: `192.0.2.${n}`,
		remoteCidrs: [`10.${n}.0.0/24`],
		...(psk === undefined ? {} : { psk }),
		ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
		esp: { encryption: 'aes128', hash: 'sha1' },
	});
	const create = 'POST /v1/vpn-customer-gateways';

	const files = async (): Promise<string[]> =>
		(await readdir(dir, { recursive: true, withFileTypes: true }))
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => join(parentPath, name));

	/** Where a key may be: Parameter Store, the secrets of the router, and the log in which this test put it. */
	const mayHold = (file: string, key: string) =>
		// A field that there is none of is named to whoever sent it.
		(file === 'told' && key === 'named') ||
		file === 'ssm/parameters.json' ||
		new RegExp(`^routers/${instanceId}/etc/ipsec\\.d/s2s/vpnc-[0-9a-f]{17}\\.secrets$`).test(file) ||
		file === `routers/${instanceId}/var/log/pluto.log`;

	it('stands in Parameter Store, in the secrets of its router and in the answer that was asked for, and nowhere else', async () => {
		await ask('PUT /v1/accounts/acme', { body: { name: 'Acme' }, as: 'admin' });
		const vpc = {
			id: vpcId,
			accountId: 'acme',
			cidr: '10.1.0.0/16',
			routerInstanceId: instanceId,
			publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
		};
		await ask('POST /v1/vpcs', { body: vpc, as: 'admin' });
		await ask(`PUT /v1/vpcs/${vpcId}/networks/n`, { body: { cidr: '10.1.1.0/24', state: 'Implemented' }, as: 'admin' });
		await ask('POST /v1/alert-subscriptions', { body: { protocol: 'email', endpoint: 'noc@example.com' } });
		const { id: smsId } = await ask('POST /v1/alert-subscriptions', { body: { protocol: 'sms', endpoint: '+4915112345678' } });
		const [text] = ((await ask('GET /_local/outbox')) as unknown as { message: string }[]).slice(-1);
		await ask(`POST /v1/alert-subscriptions/${smsId}/confirm`, { body: { code: /^[0-9]{6}/.exec(text?.message ?? '')?.[0] } });
		const { id: vpnGatewayId } = await ask('POST /v1/vpn-gateways', { body: { vpcId } });

		// Made, made again under its key, and made with a key of ours.
		const made = await ask(create, { body: office(2, keys['created']), key: 'made' });
		expect((await ask(create, { body: office(2, keys['created']), key: 'made' })).id).toBe(made.id);
		const generated = await ask(`${create}?generate=true`, { body: office(3), key: 'generated', toldTo: true });
		keys['generated'] = String(generated['psk']);
		expect(keys['generated']).toHaveLength(32);
		expect(await ask(`${create}?generate=true`, { body: office(3), key: 'generated' })).toMatchObject({ pskReturned: false });
		const customerGateway = `/v1/vpn-customer-gateways/${made.id}`;

		// Refused, in every place that a key may be put into by mistake, and under a key of its own.
		const bad = office(5, keys['refused']);
		await ask(create, { body: JSON.stringify(bad).slice(0, -9), status: 400, key: 'bad-1' });
		await ask(create, { body: { ...bad, gateway: 'nowhere' }, status: 400, key: 'bad-2' });
		await ask(create, { body: { ...bad, psk: keys['refused']?.repeat(9) }, status: 400, key: 'bad-3' });
		await ask(create, { body: { ...bad, psk: `${keys['refused']}\n` }, status: 400, key: 'bad-4' });
		await ask(create, { body: { ...bad, name: 'office 2' }, status: 409, key: 'bad-5' });
		await ask(create, { body: { ...bad, ike: keys['misplaced'] }, status: 400 });
		await ask(create, { body: { ...bad, gateway: keys['misplaced'] }, status: 400 });
		await ask(create, { body: { ...bad, remoteCidrs: [keys['misplaced']] }, status: 400 });
		await ask(create, { body: { ...bad, [String(keys['named'])]: 1 }, status: 400 });
		await ask(create, { body: { ...bad, psk: { value: keys['misplaced'] } }, status: 400 });
		await ask(`${create}?psk=${encodeURIComponent(String(keys['misplaced']))}`, { body: office(5), status: 400 });
		await ask(`GET /v1/vpn-customer-gateways/${encodeURIComponent(String(keys['misplaced']))}`, { status: 400 });
		await ask(`PATCH ${customerGateway}?dryRun=true`, { body: { psk: keys['tried'] } });

		// Cut in the middle of the body, and before the answer.
		const late = JSON.stringify(office(6, keys['cut']));
		await cutOff(create, late, late.length - 4);
		await cutOff(create, late, late.length);

		// On the router, renewed by its sender and by us, and with an alert of what was lost.
		const connection = async (customerGatewayId: string) =>
			(await ask('POST /v1/vpn-connections', { body: { vpnGatewayId, customerGatewayId } })).id;
		const [up, other] = [await connection(made.id), await connection(generated.id)];
		await becomes(up, 'Connected');
		await becomes(other, 'Connected');
		await ask(`PATCH ${customerGateway}`, { body: { psk: keys['refused'], remoteCidrs: ['10.1.0.0/24'] }, status: 409 });
		await ask(`PATCH ${customerGateway}`, { body: { psk: keys['changed'] }, key: 'changed' });
		await ask(`PATCH ${customerGateway}`, { body: { psk: keys['changed'] }, key: 'changed' });
		const renewed = `PATCH /v1/vpn-customer-gateways/${generated.id}?generate=true`;
		const again = await ask(renewed, { body: {}, key: 'renewed', toldTo: true });
		keys['renewed'] = String(again['psk']);
		expect(keys['renewed']).toHaveLength(32);
		expect(await ask(renewed, { body: {}, key: 'renewed' })).toMatchObject({ pskReturned: false });
		await becomes(up, 'Connected');
		await becomes(other, 'Connected');
		const held = await readFile(routerFile(`etc/ipsec.d/s2s/${up}.secrets`), 'utf8');
		expect(keysIn(held, { changed: String(keys['changed']) })).not.toEqual([]);

		// The texts for the peer: the one with the key is its sender's alone.
		for (const device of ['generic', 'junos-11.2', 'strongswan-swanctl', 'libreswan']) {
			const { config } = await ask(`POST /v1/vpn-connections/${up}/peer-config`, {
				body: { device, psk: keys['sent'] },
				toldTo: true,
			});
			expect(String(config).length).toBeGreaterThan(100);
		}
		const junos = `set security ike policy p pre-shared-key ascii-text ${JSON.stringify(keys['checked'])}
set security ike gateway g ike-policy p
set security ike gateway g address 192.0.2.1
set security ipsec vpn v ike gateway g
`;
		for (const psk of [keys['checked'], keys['sent']])
			await ask(`POST /v1/vpn-connections/${up}/peer-check`, { body: { device: 'junos-11.2', text: junos, psk } });

		// Whatever the daemon and its owner's files say.
		const lines = [...shapes(String(keys['changed']), true), ...shapes(String(keys['renewed']), true), ...shapes(foreign, false)];
		const logged = lines.map((line, n) => `Nov 24 03:33:48.${100_000 + n}: "${up}-1" #${n}: ${line}\n`);
		await appendFile(routerFile('var/log/pluto.log'), logged.join(''));
		const read = await ask(`GET /v1/vpn-connections/${up}/logs?limit=100`);
		expect(JSON.stringify(read).split('***').length).toBeGreaterThan(lines.length / 2);
		await ask(`GET /v1/vpn-connections/${up}/diagnosis?probe=true`);
		const value = Buffer.from(String(keys['changed'])).toString('base64');
		await writeFile(routerFile('etc/ipsec.d/owner.conf'), `config setup\n\tikev1-policy=${value}\n`);
		await appendFile(routerFile('etc/ipsec.conf'), 'include /etc/ipsec.d/owner.conf\n');
		await rm(routerFile('simulated/daemon'));
		for (const file of ['conns', 'sas']) await writeFile(routerFile(`simulated/${file}`), '');
		await until('foreign-config', patienceSeconds, async () => {
			await tick();
			return JSON.stringify(await ask(`GET /v1/vpn-connections/${up}`)).includes('foreign-config');
		});
		await rm(routerFile('etc/ipsec.d/owner.conf'));
		await ask(`PATCH ${customerGateway}`, { body: { esp: { encryption: 'aes256', hash: 'sha1' } } });
		await becomes(up, 'Connected');

		await ask(`PUT /_local/routers/${instanceId}`, { body: { tunnels: { '192.0.2.3': 'down' } } });
		for (let checks = 0; checks < 3; checks++) await tick();
		for (const what of ['events', 'applies', 'availability', 'usage', 'logs', 'diagnosis', 'peer-config?device=generic'])
			for (const id of [up, other]) await ask(`GET /v1/vpn-connections/${id}/${what}`);
		for (const list of ['vpcs', 'vpn-gateways', 'vpn-customer-gateways', 'vpn-connections', 'alert-subscriptions'])
			await ask(`GET /v1/${list}`);
		await ask(`GET ${customerGateway}`);
		await ask(`POST /v1/vpcs/${vpcId}/router-check`, { as: 'admin' });
		await ask('GET /_local/outbox');
		expect(keysIn(told.join('\n'), { foreign })).toEqual([]);
		await ask('GET /_local/commands');

		const tables = (await rows.send(new ListTablesCommand({}))).TableNames ?? [];
		expect(tables.length).toBeGreaterThan(5);
		const kept: Record<string, string> = { told: told.join('\n'), calls: JSON.stringify(platform.calls()) };
		for (const TableName of tables) kept[TableName] = JSON.stringify((await rows.send(new ScanCommand({ TableName }))).Items);
		for (const file of await files()) kept[relative(dir, file)] = await contentOf(file);

		const found = Object.entries(kept).flatMap(([where, text_]) =>
			keysIn(text_, keys).flatMap((what) => (mayHold(where, what.split(':')[0] ?? '') ? [] : [`${where} has ${what}`])),
		);
		expect(found).toEqual([]);
		const stored = keysIn(kept['ssm/parameters.json'] ?? '', keys).map((one) => one.split(':')[0]);
		expect([...new Set(stored)].sort()).toEqual(['changed', 'created', 'cut', 'generated', 'renewed']);
	}, 900_000);
});
