import { demoAccount } from './api/local-calls.ts';
import type { Lab } from './lab/lab.ts';
import { peerConfig } from './lab/peer-config.ts';
import type { Platform } from './platform.ts';
import type { SentAlert } from './sns/outbox.ts';

export const demoInstanceId = 'i-0d0d0d0d0d0d0d0d0';
const vpcId = 'vpc-0d0d0d0d';
const psk = 'the demo of s2s-vpn: 1 "quoted" $ecret';

type Say = (line: string) => void;
type Body = Record<string, unknown>;
type Tunnel = { up: boolean };
type Demo = { platform: Platform; lab: Lab | undefined; began: number; say: Say };

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

/** What is there from an earlier run is used again. */
const connectionOf = async (admin: Call, tenant: Call): Promise<string> => {
	const { items } = (await must(tenant('GET', `/v1/vpn-connections?vpcId=${vpcId}`), 200)) as { items: { id: string }[] };
	if (items[0] !== undefined) return items[0].id;
	const vpc = {
		id: vpcId,
		accountId: demoAccount,
		name: 'Demo VPC',
		cidr: '10.1.0.0/16',
		routerInstanceId: demoInstanceId,
		publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	};
	await must(admin('POST', '/v1/vpcs', vpc), 201, 409);
	await must(admin('PUT', `/v1/vpcs/${vpcId}/networks/apps`, { cidr: '10.1.0.0/24', state: 'Implemented' }), 200);
	const gateways = (await must(tenant('GET', '/v1/vpn-gateways'), 200)) as { items: { id: string; vpcId: string }[] };
	const known = gateways.items.find((one) => one.vpcId === vpcId);
	const gateway = known ?? (await must(tenant('POST', '/v1/vpn-gateways', { vpcId }), 201));
	const customerGateway = await must(
		tenant('POST', '/v1/vpn-customer-gateways', {
			gateway: '192.0.2.2',
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

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The bytes that the kernel's SAs on the router have carried, in and out. */
const espBytes = async (lab: Lab): Promise<string> => {
	const text = await lab.sh('router', 'ip -s xfrm state | grep -A1 "lifetime current" | grep bytes || true');
	return [...text.matchAll(/(\d+)\(bytes\)/g)].map(([, bytes]) => bytes).join(' and ');
};

/** Makes a connection through the API as a tenant would, and waits until it is up. Returns its id. */
export const runDemo = async ({ platform, lab, began, say }: Demo): Promise<string> => {
	const [adminToken, tenantToken] = await Promise.all([
		platform.token({ admin: true }),
		platform.token({ account: demoAccount }),
	]);
	await lab?.configurePeer(
		'peer',
		peerConfig({
			local: '192.0.2.2',
			remote: '192.0.2.1',
			psk,
			localSubnets: ['10.2.0.0/24'],
			remoteSubnet: '10.1.0.0/16',
			proposals: 'aes256-sha1-modp1536',
			espProposals: 'aes256-sha1',
		}),
	);
	// The second peer waits for the connection that the README makes by hand.
	await lab?.configurePeer(
		'peer2',
		peerConfig({
			local: '192.0.2.3',
			remote: '192.0.2.1',
			psk: 'a secret for the branch',
			localSubnets: ['10.3.0.0/24'],
			remoteSubnet: '10.1.0.0/16',
		}),
	);
	const tenant = caller(platform, tenantToken);
	const id = await connectionOf(caller(platform, adminToken), tenant);
	say(`The demo connection is ${id}; waiting for its tunnel ...`);
	for (let shown = ''; ; await pause(500)) {
		const { state } = await must(tenant('GET', `/v1/vpn-connections/${id}`), 200);
		if (state !== shown) say(`  ${id} is ${state}`);
		shown = String(state);
		if (state === 'Connected') break;
	}
	say(`Connected ${((Date.now() - began) / 1_000).toFixed(1)} s after the start.`);
	if (lab !== undefined) {
		const before = await espBytes(lab);
		// After a restart the state is the one from before until the new lab's router has been configured and looked at.
		while ((await lab.exec('host', ['ping', '-c', '3', '-i', '0.3', '-W', '1', '10.2.0.10'])).code !== 0) await pause(1_000);
		say(`10.1.0.10 pinged 10.2.0.10 through the tunnel: its SAs had carried ${before} bytes, and now ${await espBytes(lab)}.`);
	}
	say(
		[
			'',
			`export API=${platform.url} ADMIN=${adminToken}`,
			`export TENANT=${tenantToken}`,
			'',
			'Try:',
			`  curl -s -H "authorization: Bearer $TENANT" $API/v1/vpn-connections/${id}`,
			`  curl -s -H "authorization: Bearer $TENANT" $API/v1/vpn-connections/${id}/events`,
			...(lab === undefined
				? []
				: [
						'  node_modules/.bin/node local/lab/exec.ts .local/lab/lab.json peer pkill -9 charon </dev/null   # and watch the alert',
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
	let told = (await outbox()).length;
	let last = '';
	for (;;) {
		await pause(1_000);
		const { body } = await tenant('GET', `/v1/vpn-connections/${connectionId}`);
		const {
			state = 'gone',
			health = '',
			tunnels = [],
			stateReason,
		} = body as {
			state?: string;
			health?: string;
			tunnels?: Tunnel[];
			stateReason?: { code: string; detail: string };
		};
		const up = `${tunnels.filter((one) => one.up).length}/${tunnels.length} up`;
		const now = `${connectionId} is ${state}, health ${health}, ${up}${stateReason === undefined ? '' : `: ${stateReason.detail} (${stateReason.code})`}`;
		if (now !== last) say(`${new Date().toISOString()}  ${now}`);
		last = now;
		const alerts = await outbox();
		for (const { at, subject } of alerts.slice(told)) say(`${at}  ALERT  ${subject}`);
		told = alerts.length;
	}
};
