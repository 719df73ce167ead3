import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../functions/domain/model/reasons.ts';
import { type Lab, type LabNode, startLab } from '../../local/lab/lab.ts';
import { peerConfig } from '../../local/lab/peer-config.ts';
import { idOf } from '../support/builders.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest } from './router-under-test.ts';
import { suiteOf } from './suite-list.ts';
import { addressOf, freshPeer, makePlaces, nameOf, numberOf, peerBegins, sideAt, subnetOf, tunnelAt } from './suite-peers.ts';
import { until } from './until.ts';

const sha1 = { encryption: 'aes256', hash: 'sha1' } as const;
const suite = suiteOf(sha1, sha1, { version: 'ikev1', dhGroup: 5, pfsGroup: 5 });
const confOf = (place: number) => `/etc/ipsec.d/s2s/${idOf('vpnc', numberOf(place))}.conf`;
const connOf = (place: number) => `${idOf('vpnc', numberOf(place))}-1`;

type Fault = {
	what: string;
	truth: ReasonCode;
	/** The peer begins; else the router does. */
	passive?: boolean;
	/** The peer never begins. */
	idle?: boolean;
	/** Whether the answer is looked for with a probe. */
	probe?: boolean;
	/** Another code that is right as well at some time of it. */
	also?: readonly ReasonCode[];
	make(lab: Lab, place: number): Promise<unknown>;
};

/** On the peer's side of its own interface. */
const filter = (at: 'ingress' | 'egress', rule: (place: number) => string) => (lab: Lab, place: number) =>
	lab.sh(
		'peer',
		`nft list table netdev t${place} >/dev/null 2>&1 || nft add table netdev t${place}; nft add chain netdev t${place} c '{ type filter hook ${at} device wan priority 0; }'; nft add rule netdev t${place} c ${rule(place)}`,
	);
const input =
	(rule: (place: number) => string, node: LabNode = 'peer') =>
	(lab: Lab, place: number) =>
		lab.sh(
			node,
			`nft add table ip i${place}; nft add chain ip i${place} c '{ type filter hook input priority 0; }'; nft add rule ip i${place} c ${rule(place)}`,
		);
const output = (rule: (place: number) => string) => (lab: Lab, place: number) =>
	lab.sh(
		'peer',
		`nft add table ip o${place}; nft add chain ip o${place} c '{ type filter hook postrouting priority 500; }'; nft add rule ip o${place} c ${rule(place)}`,
	);
const ike = 'udp dport { 500, 4500 }';
const restarted = (lab: Lab, place: number) =>
	lab.sh('peer', `swanctl --terminate --ike ${nameOf(place)} --force --timeout 2 >/dev/null 2>&1; true`);
const otherSuite = async (lab: Lab, place: number, option: string) => {
	await lab.sh(
		'router',
		`sed 's/\\t${option}=aes256/\\t${option}=aes192/' ${confOf(place)} >/tmp/o.conf; ipsec addconn --config /tmp/o.conf ${connOf(place)} >/dev/null`,
	);
};

/** Each at a place of its own, all at once; the codes of negotiation are in reasons.test.ts. */
const faults: readonly Fault[] = [
	{
		what: 'nobody has the address',
		truth: 'peer-unreachable',
		// It is what took the tunnel down, until the router has tried again.
		also: ['dpd-timeout'],
		make: (lab, place) => lab.sh('peer', `ip address del ${addressOf(place)}/24 dev wan`),
	},
	{
		what: 'nobody has the address, with a probe',
		truth: 'peer-unreachable',
		probe: true,
		also: ['dpd-timeout'],
		make: (lab, place) => lab.sh('peer', `ip address del ${addressOf(place)}/24 dev wan`),
	},
	{
		what: 'IKE dropped without a word, an echo answered',
		truth: 'firewall-blocked',
		// It was closed there, so that it has to begin anew.
		also: ['peer-deleted'],
		probe: true,
		make: (lab, place) => input((n) => `ip daddr ${addressOf(n)} ${ike} drop`)(lab, place).then(() => restarted(lab, place)),
	},
	{
		what: 'replies of IKE dropped, an echo answered',
		truth: 'firewall-blocked',
		// It was closed there, so that it has to begin anew.
		also: ['peer-deleted'],
		probe: true,
		make: (lab, place) =>
			output((n) => `ip saddr ${addressOf(n)} udp sport { 500, 4500 } drop`)(lab, place).then(() => restarted(lab, place)),
	},
	{
		what: 'IKE rejected by a filter that says so',
		truth: 'firewall-blocked',
		// It was closed there, so that it has to begin anew.
		also: ['peer-deleted'],
		make: (lab, place) =>
			input((n) => `ip daddr ${addressOf(n)} ${ike} reject with icmp type admin-prohibited`)(lab, place).then(() =>
				restarted(lab, place),
			),
	},
	{
		what: 'everything dropped, an echo too',
		truth: 'firewall-blocked',
		probe: true,
		also: ['peer-unreachable'],
		make: filter('ingress', (n) => `ip daddr ${addressOf(n)} drop`),
	},
	{
		what: 'the peer falls silent',
		truth: 'dpd-timeout',
		passive: true,
		also: ['peer-unreachable', 'firewall-blocked'],
		make: filter('ingress', (n) => `ip daddr ${addressOf(n)} drop`),
	},
	{
		what: 'the peer falls silent, its packets lost',
		truth: 'dpd-timeout',
		passive: true,
		also: ['peer-unreachable', 'firewall-blocked'],
		make: input((n) => `ip daddr ${addressOf(n)} drop`),
	},
	{ what: 'the peer closes the tunnel', truth: 'peer-deleted', passive: true, make: restarted },
	{
		what: 'the peer closes phase 1',
		truth: 'peer-deleted',
		passive: true,
		make: (lab, place) => lab.sh('peer', `swanctl --terminate --ike ${nameOf(place)} --timeout 5 >/dev/null 2>&1; true`),
	},
	{ what: 'the peer never begins', truth: 'waiting-for-peer', passive: true, idle: true, make: async () => {} },
	{
		what: 'the peer never begins, with a probe',
		truth: 'waiting-for-peer',
		passive: true,
		idle: true,
		probe: true,
		make: async () => {},
	},
	{
		what: 'ESP of the peer dropped',
		truth: 'one-way',
		probe: true,
		also: ['firewall-blocked'],
		make: output((n) => `ip saddr ${addressOf(n)} ip protocol esp drop`),
	},
	{
		what: 'nothing comes back from behind the peer',
		truth: 'one-way',
		make: input((place) => `ip daddr ${subnetOf(place, '10')} drop`, 'peer-host'),
	},
	{
		what: 'another suite in phase 1',
		truth: 'suite-differs',
		passive: true,
		make: (lab, place) => otherSuite(lab, place, 'ike'),
	},
	{
		what: 'another suite in phase 2',
		truth: 'suite-differs',
		passive: true,
		make: (lab, place) => otherSuite(lab, place, 'phase2alg'),
	},
];

describe('the diagnosis', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	const table: string[] = [];
	const tell = (what: string, seconds: number, told: string) =>
		table.push(`${what.padEnd(46)} ${`${seconds.toFixed(0)} s`.padStart(5)}  ${told}`);
	const quick = { enabled: true, delaySeconds: 3, timeoutSeconds: 9 };

	const applied = () =>
		router.apply(
			1,
			faults.map(({ passive = false }, place) => tunnelAt(place, suite, { passive, dpd: quick })),
		);

	beforeAll(async () => {
		lab = await startLab();
		await makePlaces(lab);
		router = routerUnderTest(lab);
		await freshPeer(
			lab,
			faults.map((_, place) => sideAt(place, suite)),
		);
		await applied();
		await peerBegins(
			lab,
			faults.flatMap(({ passive, idle }, place) => (passive && !idle ? [place] : [])),
		);
		await until('all up', 90, async () => {
			const report = await router.check();
			return faults.every(({ idle }, place) => idle || connectionOf(report, { n: numberOf(place) }).up === '1');
		});
	});
	afterAll(async () => {
		console.log(table.join('\n'));
		await lab?.stop();
	});

	const causeOf = async (place: number, { passive, probe = false }: Pick<Fault, 'passive' | 'probe'>) =>
		(await router.diagnose({ n: numberOf(place), passive }, probe)).causes;

	it('names the cause of each fault, or lists it as a candidate, and is never certain of a wrong one', async () => {
		const began = new Map<number, number>();
		const right = new Map<number, string>();
		const surelyWrong: string[] = [];
		for (const [place, fault] of faults.entries()) {
			if (fault.truth === 'suite-differs') {
				const word = fault.what.includes('phase 1')
					? { proposals: 'aes192-sha1-modp1536' }
					: { espProposals: 'aes192-sha1-modp1536' };
				await lab.configurePeer('peer', peerWith(place, word));
			}
			await fault.make(lab, place);
			began.set(place, Date.now());
			if (fault.truth === 'suite-differs') await peerBegins(lab, [place]);
		}
		// What never came back has to be sent first. Elsewhere a packet that wants through would begin a tunnel anew.
		const asked = faults.flatMap(({ truth }, place) => (truth === 'one-way' ? [place] : []));
		await lab.sh(
			'host',
			asked.map((place) => `setsid ping -i 1 -w 300 ${subnetOf(place, '10')} >/dev/null 2>&1 </dev/null &`).join(' '),
		);
		const last = new Map<number, string>();
		const look = async (place: number, fault: Fault) => {
			const causes = await causeOf(place, fault);
			const told = causes.map(({ code, confidence }) => `${code} (${confidence})`).join(', ');
			const known = [fault.truth, ...(fault.also ?? [])];
			if (causes.some(({ code, confidence }) => confidence === 'high' && !known.includes(code)))
				surelyWrong.push(`${fault.what}: ${told}`);
			last.set(place, `${fault.what}: ${told}`);
			const [first] = causes;
			if (first === undefined || !known.includes(first.code) || !causes.some(({ code }) => code === fault.truth)) return;
			right.set(place, told);
			tell(fault.what, (Date.now() - (began.get(place) ?? 0)) / 1_000, told);
		};
		await until('every cause', 240, async () => {
			const open = [...faults.entries()].filter(([place]) => !right.has(place));
			// A few at a time: the lab has two cores.
			for (let n = 0; n < open.length; n += 4)
				await Promise.all(open.slice(n, n + 4).map(([place, fault]) => look(place, fault)));
			return right.size === faults.length;
		}).catch(() => {});

		console.log([...last].flatMap(([place, told]) => (right.has(place) ? [] : [told])).join('\n'));
		expect([...last].flatMap(([place, told]) => (right.has(place) ? [] : [told]))).toEqual([]);
		expect(surelyWrong).toEqual([]);
	});

	const ofRouter: [string, ReasonCode, (place: number) => string][] = [
		['SAs taken from the kernel', 'kernel-missing', () => 'ip xfrm state flush'],
		['policies taken from the kernel', 'kernel-missing', () => 'ip xfrm policy flush'],
		['the daemon killed', 'daemon-down', () => 'kill -9 $(pidof pluto)'],
		['the daemon stopped', 'daemon-down', () => 'ipsec setup stop'],
		['the conn unloaded', 'config-not-applied', (place) => `ipsec whack --name ${connOf(place)} --delete >/dev/null`],
		['all that was applied gone', 'config-not-applied', () => 'rm -rf /var/lib/s2s/bundle'],
	];
	it.each(ofRouter)('names a fault of the router itself: %s, %s', async (what, truth, fault) => {
		// One to which nothing was done.
		const place = faults.findIndex((one) => one.idle);
		await applied();
		await peerBegins(lab, [place]);
		await until('it up', 60, async () => connectionOf(await router.check(), { n: numberOf(place) }).up === '1');
		const at = Date.now();
		await lab.sh('router', fault(place));
		const causes = await causeOf(place, { passive: true });
		tell(what, (Date.now() - at) / 1_000, causes.map(({ code, confidence }) => `${code} (${confidence})`).join(', '));

		expect(causes[0]).toMatchObject({ code: truth });
		expect(causes.filter(({ code, confidence }) => confidence === 'high' && code !== truth)).toEqual([]);
	});

	const peerWith = (place: number, over: Parameters<typeof sideAt>[2]) =>
		peerConfig(...faults.map((_, n) => sideAt(n, suite, n === place ? over : {})));
});
