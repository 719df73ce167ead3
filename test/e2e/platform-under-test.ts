import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { type PeerSide, peerConfig } from '../../local/lab/peer-config.ts';
import { synthesize } from '../../local/synth.ts';
import { type PlatformProcess, platformProcess } from './platform-process.ts';
import { until } from './until.ts';
import { type Wire, wireTo } from './wire.ts';

export const vpcId = 'vpc-0a1b2c3d';
const instanceId = 'i-0123456789abcdef0';
export const suite = { ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 }, esp: { encryption: 'aes128', hash: 'sha1' } };
const dpd = { enabled: true, delaySeconds: 3, timeoutSeconds: 9 };

export type Entity = {
	id: string;
	customerGatewayId: string;
	state: string;
	health: string;
	stateReason?: { code: string };
	tunnels: { up: boolean }[];
	pskInUse?: { version: number };
};
export type Alert = { subject: string; message: string; attributes: { alertId: string } };

/** The platform as a user starts it, before a lab whose router is registered with a gateway, and what a user would do with it. */
export type PlatformUnderTest = {
	lab: Lab;
	/** Where the platform keeps its data. */
	dataDir: string;
	platform: PlatformProcess;
	/** Between the platform and the router. */
	wire: Wire;
	configurePeer(peer: 'peer' | 'peer2', localSubnets: string[], over?: Partial<PeerSide>): Promise<void>;
	make(path: string, body: object, as?: 'admin' | 'tenant'): Promise<Entity>;
	patch(customerGatewayId: string, body: object): Promise<Record<string, unknown>>;
	get(connectionId: string): Promise<Entity>;
	connect(gateway: string, remoteCidrs: string[]): Promise<Entity>;
	becomes(connectionId: string, state: string, seconds: number): Promise<Entity>;
	allUp(connectionId: string, seconds: number): Promise<unknown>;
	alertsOf(connectionId: string): Promise<Alert[]>;
	tick(): Promise<void>;
	stop(): Promise<void>;
};

export const platformUnderTest = async (psk: string): Promise<PlatformUnderTest> => {
	await synthesize(() => {});
	const dir = await mkdtemp(join(tmpdir(), 's2s-e2e-'));
	const lab = await startLab({ dir });
	const { port } = JSON.parse(await readFile(join(dir, 'lab.json'), 'utf8')) as { port: number };
	const wire = await wireTo(port);
	await writeFile(join(dir, 'wire.json'), JSON.stringify({ port: wire.port }));
	await writeFile(
		join(dir, 'routers.json'),
		JSON.stringify({ [instanceId]: { driver: 'lab', labFile: join(dir, 'wire.json') } }),
	);
	const platform = await platformProcess(join(dir, 'data'), join(dir, 'routers.json'));
	await platform.start();

	const make: PlatformUnderTest['make'] = async (path, body, as = 'tenant') => {
		const reply = await platform.call(as, 'POST', path, body);
		assert(reply.status < 300, JSON.stringify(reply.body));
		return reply.body as Entity;
	};
	await make(
		'/v1/vpcs',
		{
			id: vpcId,
			accountId: 'demo',
			cidr: '10.1.0.0/16',
			routerInstanceId: instanceId,
			publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
		},
		'admin',
	);
	await platform.call('admin', 'PUT', `/v1/vpcs/${vpcId}/networks/net-1`, { cidr: '10.1.1.0/24', state: 'Implemented' });
	const { id: vpnGatewayId } = await make('/v1/vpn-gateways', { vpcId });
	const get = async (id: string) => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${id}`)).body as Entity;

	return {
		lab,
		dataDir: join(dir, 'data'),
		platform,
		wire,
		configurePeer: (peer, localSubnets, over = {}) =>
			lab.configurePeer(
				peer,
				peerConfig({
					local: peer === 'peer' ? '192.0.2.2' : '192.0.2.3',
					remote: '192.0.2.1',
					psk,
					localSubnets,
					remoteSubnet: '10.1.0.0/16',
					...over,
				}),
			),
		make,
		async patch(customerGatewayId, body) {
			const reply = await platform.call('tenant', 'PATCH', `/v1/vpn-customer-gateways/${customerGatewayId}`, body);
			assert(reply.status < 300, JSON.stringify(reply.body));
			return reply.body as Record<string, unknown>;
		},
		get,
		async connect(gateway, remoteCidrs) {
			const { id: customerGatewayId } = await make('/v1/vpn-customer-gateways', { gateway, remoteCidrs, ...suite, dpd, psk });
			return make('/v1/vpn-connections', { vpnGatewayId, customerGatewayId });
		},
		becomes: (id, state, seconds) =>
			until(`${id} ${state}`, seconds, async () => {
				const connection = await get(id);
				return connection.state === state && connection;
			}),
		allUp: (id, seconds) => until('every pair up', seconds, async () => (await get(id)).tunnels.every(({ up }) => up)),
		async alertsOf(id) {
			const outbox = (await (await fetch(`${platform.url}/_local/outbox`)).json()) as Alert[];
			return outbox.filter(({ message }) => message.includes(id));
		},
		async tick() {
			assert.equal((await fetch(`${platform.url}/_local/tick`, { method: 'POST' })).status, 200);
		},
		async stop() {
			await platform.stop();
			await wire.stop();
			await lab.stop();
			await rm(dir, { recursive: true, force: true });
		},
	};
};
