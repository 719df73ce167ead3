import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { CheckCode } from '../../functions/domain/router-check/check-finding.ts';
import type { RouterCheck } from '../../functions/domain/router-check/router-check.ts';
import { type PlatformUnderTest, vpcId } from './platform-under-test.ts';

/** Something that a router needs, broken on the router itself or in what EC2 and IAM show of it. */
type Broken = {
	/** All that is then to mend: the first is what was broken, the others cannot be looked at or do not work without it. */
	codes: readonly [CheckCode, ...CheckCode[]];
	/** `afterMs`: when it has taken effect. */
	sh?: { break: string; mend: string; afterMs?: number };
	steer?: { break: object; mend: object };
};

const hides = (command: string) => ({
	break: `path=$(command -v ${command}); mv "$path" "$path.hidden"`,
	mend: `for folder in /usr/sbin /usr/bin /sbin /bin; do [ ! -e "$folder/${command}.hidden" ] || mv "$folder/${command}.hidden" "$folder/${command}"; done`,
});
const sets = (name: string, bad: string, good: string) => ({
	break: `echo ${bad} >/proc/sys/net/ipv4/${name}`,
	mend: `echo ${good} >/proc/sys/net/ipv4/${name}`,
});
/** A moment later: the command during which the clock is set would be taken for one that has lasted so long. */
const steps = (there: number, back: number) => {
	const by = (seconds: number) =>
		`setsid sh -c 'sleep 0.5; date -s "@$(($(date +%s) + ${seconds}))"' >/dev/null 2>&1 </dev/null &`;
	return { break: by(there), mend: by(back), afterMs: 1_500 };
};
const around = (network: object) => ({ break: { network }, mend: { network: {} } });
const everything = { protocol: '-1', cidrs: ['0.0.0.0/0'] };
const ofTheRouter = [
	'tools',
	'aws-cli',
	'key-access',
	'clock',
	'daemon',
	'daemon-running',
	'daemon-at-boot',
	'timer',
	'kernel',
	'ip-forward',
	'rp-filter',
	'redirects',
	'mtu',
] as const;

/** By name, in the order in which they are broken. */
export const brokenRouters: Readonly<Record<string, Broken>> = {
	'a tool that is missing': { codes: ['tools'], sh: hides('cmp') },
	'a daemon that is stopped': { codes: ['daemon-running'], sh: { break: 'ipsec setup stop', mend: 'ipsec setup start' } },
	'no daemon': { codes: ['tools', 'daemon', 'daemon-running'], sh: hides('ipsec') },
	'no timer': {
		codes: ['timer'],
		sh: { break: 'mv /etc/s2s-timer /etc/s2s-no-timer', mend: 'mv /etc/s2s-no-timer /etc/s2s-timer' },
	},
	'no forwarding': { codes: ['ip-forward'], sh: sets('ip_forward', '0', '1') },
	'strict filtering': { codes: ['rp-filter'], sh: sets('conf/all/rp_filter', '1', '0') },
	redirects: { codes: ['redirects'], sh: sets('conf/all/send_redirects', '1', '0') },
	'small packets': { codes: ['mtu'], sh: { break: 'ip link set wan mtu 1400', mend: 'ip link set wan mtu 1500' } },
	'a clock that is ahead': {
		codes: ['clock'],
		sh: steps(400, -400),
	},
	'the role of another account': { codes: ['key-access'], steer: { break: { account: 'other' }, mend: { account: 'demo' } } },
	'no tag': {
		codes: ['router-tag', 'agent', ...ofTheRouter],
		steer: { break: { tags: {} }, mend: { tags: { 's2s:router': 'true' } } },
	},
	'an old agent': { codes: ['agent', ...ofTheRouter], steer: { break: { agent: '3.2.2303.0' }, mend: { agent: '3.3.3572.0' } } },
	'the source/destination check': { codes: ['source-dest-check'], steer: around({ sourceDestCheck: true }) },
	'another public address': {
		codes: ['public-address'],
		steer: around({ addresses: [{ privateIp: '10.1.0.10', publicIp: '192.0.2.77' }] }),
	},
	'a subnet behind a NAT gateway': {
		codes: ['default-route'],
		steer: around({ subnetRoutes: [{ cidr: '0.0.0.0/0', target: 'nat-0a1b2c3d' }] }),
	},
	'no way in for IKE': {
		codes: ['security-group-ike'],
		steer: around({
			inbound: [
				{ protocol: '50', cidrs: ['0.0.0.0/0'] },
				{ ...everything, cidrs: ['10.1.0.0/16'] },
			],
		}),
	},
	'no way in for hosts': {
		codes: ['security-group-vpc'],
		steer: around({ inbound: [{ ...everything, cidrs: ['192.0.2.0/24'] }] }),
	},
	'a network ACL that denies everything': { codes: ['network-acl'], steer: around({ acl: [] }) },
};

/** A few of them, of the router, of its role and of EC2. */
export const someBroken = ['a tool that is missing', 'no forwarding', 'the role of another account', 'no way in for IKE'];

export const checkRouter = async ({ platform }: PlatformUnderTest): Promise<RouterCheck> => {
	const { status, body } = await platform.call('admin', 'POST', `/v1/vpcs/${vpcId}/router-check`);
	assert.equal(status, 200, JSON.stringify(body));
	return body as RouterCheck;
};

export const toMend = ({ checks }: RouterCheck): CheckCode[] => checks.filter(({ ok }) => !ok).map(({ code }) => code);

/** What the check says while it is broken, and once it is mended again. */
export const breakAndMend = async (
	t: PlatformUnderTest,
	{ sh, steer }: Broken,
): Promise<Record<'broken' | 'mended', RouterCheck>> => {
	const put = async (body: object) => {
		const { routerInstanceId } = (await t.platform.call('admin', 'GET', `/v1/vpcs/${vpcId}`)).body as RouterCheck;
		const reply = await fetch(`${t.platform.url}/_local/routers/${routerInstanceId}`, {
			method: 'PUT',
			body: JSON.stringify(body),
		});
		assert.equal(reply.status, 200, await reply.text());
	};
	const run = async (text: string) => {
		await t.lab.sh('router', text);
		await pause(sh?.afterMs ?? 0);
	};
	// Heal would mend some of it meanwhile.
	await t.lab.sh(
		'router',
		'mkdir -p /run/s2s; exec 9>/run/s2s/heal.lock; flock 9; sleep 100 >/dev/null 2>&1 </dev/null & echo $! >/run/holds-heal',
	);
	try {
		if (sh !== undefined) await run(sh.break);
		if (steer !== undefined) await put(steer.break);
		return { broken: await checkRouter(t), mended: await mend() };
	} finally {
		await t.lab.sh('router', 'kill "$(cat /run/holds-heal)" 2>/dev/null; true');
	}

	async function mend(): Promise<RouterCheck> {
		if (sh !== undefined) await run(sh.mend);
		if (steer !== undefined) await put(steer.mend);
		return checkRouter(t);
	}
};
