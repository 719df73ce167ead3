import { relative } from 'node:path';
import { demoAccount } from './api/local-calls.ts';
import { type Lab, labAddress } from './lab/lab.ts';
import { peerConfig } from './lab/peer-config.ts';
import type { Platform } from './platform.ts';
import type { SentAlert } from './sns/outbox.ts';
import { sentInALine } from './sns/sent-in-a-line.ts';

export const demoInstanceId = 'i-0d0d0d0d0d0d0d0d0';
const vpcId = 'vpc-0d0d0d0d';
const routeTableId = 'rtb-0d0d0d0d';
const psk = 'the demo of s2s-vpn: 1 "quoted" $ecret';

type Say = (line: string) => void;
type Body = Record<string, unknown>;
type Tunnel = { up: boolean };
/** `labFile`: where the lab says how it is reached. */
type Demo = { platform: Platform; lab: Lab | undefined; labFile: string; began: number; say: Say };
type Connection = { id: string; customerGatewayId: string; state: string };
type Shown = { state: string; health?: string; tunnels?: Tunnel[]; stateReason?: StateReason };
type StateReason = { code: string; detail: string };

const caller = (platform: Platform, token: string) => async (method: string, path: string, body?: Body) => {
	const answer = await fetch(`${platform.url}${path}`, {
		method,
		headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Body };
};
type Call = ReturnType<typeof caller>;

/** Throws what the API said where it is none of the given statuses. */
const must = async (call: ReturnType<Call>, ...statuses: number[]): Promise<Body> => {
	const { status, body } = await call;
	if (!statuses.includes(status)) throw new Error(`the API answered ${status}: ${JSON.stringify(body)}`);
	return body;
};

/** The connection to the demo's peer; what is there of it from an earlier run is used again. */
const connectionOf = async (admin: Call, tenant: Call): Promise<string> => {
	const known = await knownConnection(tenant);
	if (known !== undefined) return known;
	const vpc = {
		id: vpcId,
		accountId: demoAccount,
		name: 'Demo VPC',
		cidr: '10.1.0.0/16',
		routerInstanceId: demoInstanceId,
		publicIps: [{ ip: labAddress.router, sourceNat: true }],
		routeTableIds: [routeTableId],
	};
	await must(admin('POST', '/v1/vpcs', vpc), 201, 409);
	await must(admin('PUT', `/v1/vpcs/${vpcId}/networks/apps`, { cidr: '10.1.0.0/24', state: 'Implemented' }), 200);
	const gateways = (await must(tenant('GET', '/v1/vpn-gateways'), 200)) as { items: { id: string; vpcId: string }[] };
	const gateway =
		gateways.items.find((one) => one.vpcId === vpcId) ?? (await must(tenant('POST', '/v1/vpn-gateways', { vpcId }), 201));
	const customerGateway = await must(
		tenant('POST', '/v1/vpn-customer-gateways', {
			name: 'office',
			gateway: labAddress.peer,
			remoteCidrs: ['10.2.0.0/24'],
			ike: { encryption: 'aes256', hash: 'sha1', dhGroup: 5 },
			esp: { encryption: 'aes256', hash: 'sha1' },
			dpd: { enabled: true, delaySeconds: 5, timeoutSeconds: 15 },
			psk,
		}),
		201,
	);
	const connection = await must(
		tenant('POST', '/v1/vpn-connections', { vpnGatewayId: gateway['id'], customerGatewayId: customerGateway['id'] }),
		202,
	);
	return String(connection['id']);
};

/** A tunnel of the lab takes seconds; after this the rest is not kept waiting. */
const patienceMs = 90_000;
const told = (reason: StateReason | undefined): string => (reason === undefined ? '' : `: ${reason.detail} (${reason.code})`);

const knownConnection = async (tenant: Call): Promise<string | undefined> => {
	const { items } = (await must(tenant('GET', `/v1/vpn-connections?vpcId=${vpcId}`), 200)) as { items: Connection[] };
	for (const { id, customerGatewayId, state } of items) {
		if (state === 'Deleting') continue;
		const { gateway } = await must(tenant('GET', `/v1/vpn-customer-gateways/${customerGatewayId}`), 200);
		if (gateway === labAddress.peer) return id;
	}
	return undefined;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Both peers of the lab, ready for the demo's connection and for the one that the README makes by hand. */
export const configurePeers = async (lab: Lab): Promise<void> => {
	await lab.configurePeer(
		'peer',
		peerConfig({
			local: labAddress.peer,
			remote: labAddress.router,
			psk,
			localSubnets: ['10.2.0.0/24'],
			remoteSubnet: '10.1.0.0/16',
			proposals: 'aes256-sha1-modp1536',
			espProposals: 'aes256-sha1',
		}),
	);
	await lab.configurePeer(
		'peer2',
		peerConfig({
			local: labAddress.peer2,
			remote: labAddress.router,
			psk: 'a secret for the branch',
			localSubnets: ['10.3.0.0/24'],
			remoteSubnet: '10.1.0.0/16',
		}),
	);
};

/** The bytes that the kernel's SAs on the router have carried, in and out. */
const espBytes = async (lab: Lab): Promise<string> => {
	const text = await lab.sh('router', 'ip -s xfrm state | grep -A1 "lifetime current" | grep bytes || true');
	return [...text.matchAll(/(\d+)\(bytes\)/g)].map(([, bytes]) => bytes).join(' and ');
};

const mostPings = 10;

const pinged = async (lab: Lab): Promise<string> => {
	const [from, to] = [labAddress.host, labAddress['peer-host']];
	const before = await espBytes(lab);
	const ping = () => lab.exec('host', ['ping', '-c', '3', '-i', '0.3', '-W', '1', to]);
	for (let tries = 1; (await ping()).code !== 0; tries++) {
		if (tries === mostPings) return `${from} pinged ${to}, and had no answer.`;
		await pause(1_000);
	}
	return `${from}, which has no route but those of ${routeTableId}, pinged ${to} through the tunnel: its SAs had carried ${before} bytes, and now ${await espBytes(lab)}.`;
};

/** Makes a connection through the API as a tenant would, and waits until it is up, for as long as that may take. Returns its id. */
export const runDemo = async ({ platform, lab, labFile, began, say }: Demo): Promise<string> => {
	const [adminToken, tenantToken] = await Promise.all([
		platform.token({ admin: true }),
		platform.token({ account: demoAccount }),
	]);
	const tenant = caller(platform, tenantToken);
	const id = await connectionOf(caller(platform, adminToken), tenant);
	say(`The demo connection is ${id}; waiting for its tunnel ...`);
	const end = Date.now() + patienceMs;
	let state = '';
	while (state !== 'Connected' && Date.now() < end) {
		const { state: now, stateReason } = (await must(tenant('GET', `/v1/vpn-connections/${id}`), 200)) as Shown;
		if (now !== state) say(`  ${id} is ${now}${told(stateReason)}`);
		state = now;
		await pause(500);
	}
	if (state !== 'Connected') say(`It is not up after ${patienceMs / 1_000} s; what becomes of it is told below.`);
	else {
		say(`Connected ${((Date.now() - began) / 1_000).toFixed(1)} s after the start.`);
		if (lab !== undefined) say(await pinged(lab));
	}
	const show = `curl -s -H "authorization: Bearer $TENANT" $URL/v1/vpn-connections/${id}`;
	const device = `npx node local/lab/peer.ts ${relative('', labFile)} peer`;
	say(
		[
			'',
			`export URL=${platform.url}`,
			`export TENANT=${tenantToken}`,
			`export ADMIN=${adminToken}`,
			'',
			'Try:',
			`  ${show}`,
			`  ${show}/events`,
			...(lab === undefined
				? []
				: [
						`  ${device} kill    # the device at the other end loses its power: an alert within a minute`,
						`  ${device} start   # and is back: the tunnel mends itself`,
					]),
			'Ctrl-C ends it.',
			'',
		].join('\n'),
	);
	return id;
};

/** Goes on printing what happens, until the process ends. */
export const watch = async ({
	platform,
	connectionId,
	say,
}: {
	platform: Platform;
	connectionId: string;
	say: Say;
}): Promise<never> => {
	const tenant = caller(platform, await platform.token({ account: demoAccount }));
	const outbox = async () => (await (await fetch(`${platform.url}/_local/outbox`)).json()) as SentAlert[];
	let known = (await outbox()).length;
	let last = '';
	for (;;) {
		await pause(1_000);
		const { body } = await tenant('GET', `/v1/vpn-connections/${connectionId}`);
		const { state = 'gone', health = '', tunnels = [], stateReason } = body as Partial<Shown>;
		const up = `${tunnels.filter((one) => one.up).length}/${tunnels.length} up`;
		const now = `${connectionId} is ${state}, health ${health}, ${up}${told(stateReason)}`;
		if (now !== last) say(`${new Date().toISOString()}  ${now}`);
		last = now;
		const alerts = await outbox();
		for (const sent of alerts.slice(known)) say(sentInALine(sent));
		known = alerts.length;
	}
};
