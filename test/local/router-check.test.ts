import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ec2Instances } from '../../functions/adapters/ec2/ec2-instances.ts';
import type { CheckCode } from '../../functions/domain/router-check/check-finding.ts';
import { checkRouter } from '../../functions/usecases/vpcs/check-router.ts';
import type { NetworkSteering } from '../../local/ec2/instance-network.ts';
import { type LocalRouteTables, localRouteTables, type TableSteering } from '../../local/ec2/route-tables.ts';
import { type LocalEc2, startEc2 } from '../../local/ec2/start-ec2.ts';
import { goneInstance, type Instance, routerInstance } from '../../local/routers/instance.ts';
import { remoteProgram } from '../../local/routers/remote-program.ts';
import { type SimulatedRouter, simulatedDriver } from '../../local/routers/simulated/simulated-driver.ts';
import { routerDocument } from '../../router/build.ts';
import { aVpc, idOf } from '../support/builders.ts';
import { localAccess } from '../support/local-service.ts';
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts';
import { admin } from '../support/tenant.ts';

const instanceId = 'i-0123456789abcdef0';
const table = 'rtb-0a1b2c3d';
const slots = {
	[idOf('vpnc', 2)]: { customerGatewayId: idOf('cgw', 2), peer: '192.0.2.2', remoteCidrs: ['10.2.0.0/24'] },
	[idOf('vpnc', 3)]: { customerGatewayId: idOf('cgw', 3), peer: '192.0.2.3', remoteCidrs: ['10.3.0.0/24'] },
};
const vpc = aVpc({ routerInstanceId: instanceId, routeTableIds: [table], slots });
const key = `/s2s/dev/acme/${idOf('cgw', 2)}`;
const secret = 'bm9ib2R5IHNlZXMgbWU=';
const from = (cidr: string, protocol = '-1') => ({ protocol, cidrs: [cidr], others: [] });

/** One thing that is broken: what it is called, and whatever does it. */
type Broken = {
	code: CheckCode;
	what: string;
	/** On the router, as root, and the way back. */
	sh?: string;
	mend?: string;
	instance?: Partial<Instance>;
	network?: NetworkSteering;
	table?: TableSteering;
	refused?: string;
	absent?: true;
	/** How far our clock is behind the router's, in seconds. */
	skew?: number;
};

const kernel = '"$S2S_ROOT/proc/sys/net/ipv4"';

const things: readonly Broken[] = [
	{ code: 'daemon-running', what: 'the daemon', sh: 'ipsec setup stop', mend: 'ipsec setup start' },
	{
		code: 'timer',
		what: 'the timer',
		sh: 'mv "$S2S_ROOT/etc/s2s-timer" "$S2S_ROOT/etc/gone"',
		mend: 'mv "$S2S_ROOT/etc/gone" "$S2S_ROOT/etc/s2s-timer"',
	},
	{ code: 'key-access', what: 'the right to the key', refused: 'User: arn:aws:sts::0:assumed-role/s2s-router is not authorized' },
	{ code: 'key-access', what: 'the key', absent: true },
	{ code: 'ip-forward', what: 'forwarding', sh: `echo 0 >${kernel}/ip_forward`, mend: `echo 1 >${kernel}/ip_forward` },
	{
		code: 'rp-filter',
		what: 'the reverse path filter',
		sh: `echo 1 >${kernel}/conf/wan/rp_filter`,
		mend: `echo 2 >${kernel}/conf/wan/rp_filter`,
	},
	{
		code: 'redirects',
		what: 'redirects',
		sh: `echo 1 >${kernel}/conf/wan/send_redirects`,
		mend: `echo 0 >${kernel}/conf/wan/send_redirects`,
	},
	{ code: 'clock', what: 'the clock', skew: 400 },
	{ code: 'mtu', what: 'the size of packets', sh: 'echo 9001 >"$S2S_ROOT/simulated/mtu"', mend: 'rm "$S2S_ROOT/simulated/mtu"' },
	{ code: 'instance', what: 'the instance, in another VPC', network: { vpcId: 'vpc-0000beef' } },
	{ code: 'router-tag', what: 'the tag', instance: { tags: {} } },
	{ code: 'source-dest-check', what: 'the source/destination check', network: { sourceDestCheck: true } },
	{
		code: 'public-address',
		what: 'the public address',
		network: { addresses: [{ privateIp: '10.1.0.10', publicIp: '192.0.2.77' }] },
	},
	{
		code: 'default-route',
		what: 'the default route, to a NAT gateway',
		network: { subnetRoutes: [{ cidr: '0.0.0.0/0', target: 'nat-0a1b2c3d' }] },
	},
	{ code: 'default-route', what: 'the default route, of the main table', network: { subnetRoutes: 'main' } },
	{
		code: 'security-group-ike',
		what: 'the way in for IKE',
		network: { inbound: [from('192.0.2.2/32'), from('0.0.0.0/0', '50'), from('10.1.0.0/16')] },
	},
	{
		code: 'security-group-esp',
		what: 'the way in for ESP',
		network: {
			inbound: [{ protocol: 'udp', ports: { from: 0, to: 65_535 }, cidrs: ['192.0.2.0/24'], others: [] }, from('10.1.0.0/16')],
		},
	},
	{ code: 'security-group-vpc', what: 'the way in for hosts', network: { inbound: [from('192.0.2.0/24')] } },
	{ code: 'security-group-out', what: 'the way out', network: { outbound: [from('192.0.2.0/24')] } },
	{
		code: 'network-acl',
		what: 'the network ACL',
		network: {
			acl: [
				{ number: 90, egress: false, allow: false, protocol: '17', ports: { from: 4_000, to: 5_000 }, cidr: '0.0.0.0/0' },
				...[true, false].map((egress) => ({ number: 100, egress, allow: true, protocol: '-1', cidr: '0.0.0.0/0' })),
			],
		},
	},
	{ code: 'route-tables', what: 'a route table that is not ours to change', table: { tags: {} } },
	{ code: 'route-tables', what: 'a route table', table: { exists: false } },
];

describe('the check of a router', () => {
	let dir: string;
	let router: SimulatedRouter;
	let ec2: LocalEc2;
	let client: EC2Client;
	let tables: LocalRouteTables;
	let memory: MemoryPorts;
	let instance: Instance;
	/** What is done to the router before it is asked, and undone behind it. */
	let broken: { sh: string; mend: string };
	let refused: ReadonlyMap<string, string>;
	let parameters: { name: string; version: number; value: string }[];
	const printed: string[] = [];
	/** What it said when nothing on it was broken: who breaks something else need not ask again. */
	let whole: string | undefined;

	beforeAll(async () => {
		// The timer of a router fires where a test says so.
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		dir = await mkdtemp(join(tmpdir(), 's2s-router-check-'));
		router = await simulatedDriver({ instanceId, dir: join(dir, 'router') });
		const instanceOf = (id: string) => (id === instanceId ? instance : goneInstance);
		tables = localRouteTables({ file: join(dir, 'tables.json'), instanceOf, changed: async () => {} });
		ec2 = await startEc2({ tables, instanceOf, vpcOf: async () => vpc });
		client = new EC2Client({ ...localAccess(ec2.url), maxAttempts: 1 });
	});
	afterAll(async () => {
		await router.stop();
		vi.useRealTimers();
		client.destroy();
		await ec2.stop();
		await rm(dir, { recursive: true, force: true });
	});

	beforeEach(async () => {
		instance = routerInstance;
		broken = { sh: '', mend: '' };
		refused = new Map();
		parameters = [{ name: key, version: 3, value: secret }];
		memory = memoryPorts();
		memory.seen.kept.rows.vpcs.set(vpc.id, vpc);
		memory.outside.now = new Date();
		memory.ports.instances = ec2Instances(client);
		memory.ports.routers.inspect = async (_id, { key: name }) => {
			const inspect = remoteProgram({ script: routerDocument('inspect'), variables: { SSM_Key: name }, parameters, refused });
			const { stdout, stderr } = await router.run(`${broken.sh}\n(\n${inspect})\n${broken.mend}\n`, 60_000);
			printed.push(stdout, stderr);
			whole ??= stdout;
			return { text: stdout };
		};
		await tables.steer(table, { tags: { 's2s:routes': 'true' }, exists: true });
	});
	const check = () => checkRouter(memory.ports, { caller: admin, id: vpc.id });
	const wrong = async () => (await check()).checks.filter(({ ok }) => !ok);

	it('finds nothing to mend on one that is made as our guide says, before any apply, and leaves it as it was', async () => {
		// What the stand-ins keep for themselves is no file of a router.
		const files = 'find "$S2S_ROOT" -type f ! -path "$S2S_ROOT/simulated*" ! -name iptables.lock | sort | xargs -d "\\n" cksum';
		const before = (await router.run(files, 60_000)).stdout;

		expect(await wrong()).toEqual([]);
		const { ok, checks } = await check();

		expect(ok).toBe(true);
		expect(checks).toHaveLength(25);
		expect((await router.run(files, 60_000)).stdout).toBe(before);
	});

	it.each(things.map((one) => ({ ...one, name: `${one.code}: ${one.what}` })))(
		'names what is broken, how to mend it, and nothing else: $name',
		async ({
			code,
			sh: breaks = '',
			mend: mends = '',
			instance: other,
			network,
			table: steering,
			refused: message,
			absent,
			skew = 0,
		}) => {
			broken = { sh: breaks, mend: mends };
			if (steering !== undefined) await tables.steer(table, steering);
			instance = { ...instance, ...other, ...(network && { network }) };
			if (message !== undefined) refused = new Map([[key, message]]);
			if (absent) parameters = [];
			memory.outside.now = new Date(Date.now() - skew * 1_000);
			if (whole !== undefined && breaks === '' && message === undefined && !absent)
				memory.ports.routers.inspect = async () => ({ text: whole ?? '' });

			const found = await wrong();

			expect(found.map((one) => one.code)).toEqual([code]);
			expect(found[0]?.mend).toMatch(/^[A-Z].{20,}\.$/s);
			expect(found[0]?.found).toMatch(/\S/);
		},
	);

	it('has seen the key nowhere', () => {
		expect(printed.join('\n')).toContain('key read');
		expect(printed.join('\n')).not.toContain(secret);
	});
});
