import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { peerConfig } from '../../local/lab/peer-config.ts';
import { synthesize } from '../../local/synth.ts';
import { type PlatformProcess, platformProcess } from './platform-process.ts';
import { peerChildren, spisWith } from './router-under-test.ts';
import { until } from './until.ts';

const psk = 'a tenant\'s "secret" & $(more)';
const vpcId = 'vpc-0a1b2c3d';
const instanceId = 'i-0123456789abcdef0';
const suite = { ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 }, esp: { encryption: 'aes128', hash: 'sha1' } };
const dpd = { enabled: true, delaySeconds: 3, timeoutSeconds: 9 };

type Entity = { id: string; state: string; stateReason?: { code: string }; tunnels: { up: boolean }[] };
type Alert = { subject: string; message: string; attributes: { alertId: string } };

describe('the platform, over HTTP, with real daemons', () => {
	let lab: Lab;
	let dir: string;
	let platform: PlatformProcess;
	let gatewayId: string;
	let first: Entity;

	const configurePeer = (peer: 'peer' | 'peer2', localSubnets: string[]) =>
		lab.configurePeer(
			peer,
			peerConfig({
				local: peer === 'peer' ? '192.0.2.2' : '192.0.2.3',
				remote: '192.0.2.1',
				psk,
				localSubnets,
				remoteSubnet: '10.1.0.0/16',
			}),
		);
	const make = async (path: string, body: object, as: 'admin' | 'tenant' = 'tenant'): Promise<Entity> => {
		const reply = await platform.call(as, 'POST', path, body);
		expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
		return reply.body as Entity;
	};
	const get = async (id: string) => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${id}`)).body as Entity;
	const connect = async (gateway: string, remoteCidrs: string[]): Promise<Entity> => {
		const customerGateway = await make('/v1/vpn-customer-gateways', { gateway, remoteCidrs, ...suite, dpd, psk });
		return make('/v1/vpn-connections', { vpnGatewayId: gatewayId, customerGatewayId: customerGateway.id });
	};
	const becomes = (id: string, state: string, seconds: number) =>
		until(`${id} ${state}`, seconds, async () => {
			const connection = await get(id);
			return connection.state === state && connection;
		});
	const outbox = async () => (await (await fetch(`${platform.url}/_local/outbox`)).json()) as Alert[];
	const alertsOf = async (id: string) => (await outbox()).filter(({ message }) => message.includes(id));
	const tick = async () => expect((await fetch(`${platform.url}/_local/tick`, { method: 'POST' })).status).toBe(200);

	beforeAll(async () => {
		await synthesize(() => {});
		dir = await mkdtemp(join(tmpdir(), 's2s-e2e-'));
		lab = await startLab({ dir });
		await writeFile(
			join(dir, 'routers.json'),
			JSON.stringify({ [instanceId]: { driver: 'lab', labFile: join(dir, 'lab.json') } }),
		);
		platform = await platformProcess(join(dir, 'data'), join(dir, 'routers.json'));
		await platform.start();
		const vpc = {
			id: vpcId,
			accountId: 'demo',
			cidr: '10.1.0.0/16',
			routerInstanceId: instanceId,
			publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
		};
		await make('/v1/vpcs', vpc, 'admin');
		await platform.call('admin', 'PUT', `/v1/vpcs/${vpcId}/networks/net-1`, { cidr: '10.1.1.0/24', state: 'Implemented' });
		gatewayId = (await make('/v1/vpn-gateways', { vpcId })).id;
	});
	afterAll(async () => {
		await platform?.stop();
		await lab?.stop();
		if (dir !== undefined) await rm(dir, { recursive: true, force: true });
	});

	it('is Disconnected while its peer does not exist, and Connected by itself when the peer appears', async () => {
		await lab.stopPeer('peer');
		first = await connect('192.0.2.2', ['10.2.0.0/24', '10.2.1.0/24']);
		expect(first.state).toBe('Pending');
		await becomes(first.id, 'Disconnected', 60);

		await configurePeer('peer', ['10.2.0.0/24', '10.2.1.0/24']);
		await lab.startPeer('peer');

		await becomes(first.id, 'Connected', 90);
		await until('both pairs up', 60, async () => (await get(first.id)).tunnels.every(({ up }) => up));
		expect((await get(first.id)).stateReason).toBeUndefined();
		expect((await lab.exec('host', ['ping', '-c', '3', '-i', '0.2', '10.2.1.10'])).stdout).toContain(' 0% packet loss');
		expect(await alertsOf(first.id)).toEqual([]);
	});

	it('tells a loss and its end, each exactly once, with the reason', async () => {
		await lab.killPeer('peer');
		await becomes(first.id, 'Disconnected', 30 + 10 + 12);
		const [down, ...others] = await until('the alert', 10, async () => {
			const alerts = await alertsOf(first.id);
			return alerts.length > 0 && alerts;
		});
		expect(others).toEqual([]);
		expect(down?.message).toMatch(/dpd-timeout|peer-unreachable/);

		await lab.startPeer('peer');
		await until('every pair up', 60, async () => (await get(first.id)).tunnels.every(({ up }) => up));
		await tick();

		expect((await alertsOf(first.id)).map(({ subject }) => subject)).toEqual([
			expect.stringContaining('is down'),
			expect.stringContaining('is up again'),
		]);
		expect(Object.values(await peerChildren(lab, 'peer'))).toEqual([1, 1]);
	});

	it('brings a second connection up and takes it away whole, and leaves the first alone', async () => {
		const before = await spisWith(lab, '192.0.2.2');
		await configurePeer('peer2', ['10.3.0.0/24']);
		const second = await connect('192.0.2.3', ['10.3.0.0/24']);
		await becomes(second.id, 'Connected', 60);

		const reply = await platform.call('tenant', 'DELETE', `/v1/vpn-connections/${second.id}`);
		expect(reply.status).toBe(202);
		await until(
			'gone',
			60,
			async () => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${second.id}`)).status === 404,
		);

		expect(await spisWith(lab, '192.0.2.2')).toEqual(before);
		expect(await spisWith(lab, '192.0.2.3')).toEqual([]);
		const left = await lab.sh(
			'router',
			`grep -rl ${second.id} /etc/ipsec.d /var/lib/s2s; ipsec whack --status | grep ${second.id}; iptables-save | grep 10.3.0; true`,
		);
		expect(left).toBe('');
	});

	it('restores every connection on a router that lost its configuration, without anyone asking', async () => {
		await lab.wipeRouterConfig();
		await tick();
		await until('applied again', 90, async () =>
			(await lab.sh('router', 'ls /etc/ipsec.d/s2s 2>/dev/null || true')).includes(first.id),
		);

		await until('up again', 90, async () => (await get(first.id)).state === 'Connected');
		await until('every pair up', 60, async () => (await get(first.id)).tunnels.every(({ up }) => up));
	});

	it('loses nothing when it is killed between the answer and the push, and between the push and the write', async () => {
		await configurePeer('peer2', ['10.3.0.0/24']);
		const made = await connect('192.0.2.3', ['10.3.0.0/24']);
		await platform.kill();
		await platform.start();
		await becomes(made.id, 'Connected', 150);

		const spis = await spisWith(lab, '192.0.2.2');
		await platform.call('tenant', 'DELETE', `/v1/vpn-connections/${made.id}`);
		await until('the push at work', 30, async () => (await lab.sh('router', `ls /etc/ipsec.d/s2s`)).includes(made.id) === false);
		await platform.kill();
		await platform.start();
		await until('gone', 150, async () => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${made.id}`)).status === 404);

		expect(await spisWith(lab, '192.0.2.2')).toEqual(spis);
	});

	it('shows the secret nowhere but in Parameter Store and in the secrets file of the router', async () => {
		const files = (await readdir(join(dir, 'data'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
		const holding: string[] = [];
		for (const { parentPath, name } of files) {
			const text = (await readFile(join(parentPath, name))).toString('latin1');
			if (text.includes(psk) || text.includes(Buffer.from(psk).toString('base64'))) holding.push(name);
		}
		const history = await (await fetch(`${platform.url}/_local/commands`)).text();

		expect(holding).toEqual(['parameters.json']);
		expect(history).not.toContain(Buffer.from(psk).toString('base64'));
		expect(platform.output()).not.toContain(psk);
	});

	it('refuses who has no token, hides what is another account’s, and allows one gateway a VPC', async () => {
		expect((await platform.call('nobody', 'GET', '/v1/vpn-connections')).status).toBe(401);
		const { token } = (await (
			await fetch(`${platform.url}/_local/tokens`, { method: 'POST', body: JSON.stringify({ account: 'other' }) })
		).json()) as { token: string };
		const foreign = await fetch(`${platform.url}/v1/vpn-connections/${first.id}`, {
			headers: { authorization: `Bearer ${token}` },
		});
		expect(foreign.status).toBe(404);
		expect(foreign.headers.get('content-type')).toBe('application/problem+json');
		expect((await platform.call('tenant', 'POST', '/v1/vpn-gateways', { vpcId })).status).toBe(409);
		expect((await platform.call('tenant', 'GET', '/v1/nothing')).status).toBe(404);
	});
});
