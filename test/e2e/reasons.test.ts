import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../functions/domain/model/reasons.ts';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import type { PeerSide } from '../../local/lab/peer-config.ts';
import { atLength } from '../support/at-length.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest } from './router-under-test.ts';
import { type Suite, suiteOf } from './suite-list.ts';
import { freshPeer, makePlaces, numberOf, peerBegins, places, sideAt, tunnelAt } from './suite-peers.ts';
import { until } from './until.ts';

const sha1 = { encryption: 'aes256', hash: 'sha1' } as const;
const sha256 = { encryption: 'aes256', hash: 'sha256' } as const;
const pfs = suiteOf(sha1, sha1, { version: 'ikev1', dhGroup: 5, pfsGroup: 5 });
const noPfs = suiteOf(sha1, sha1, { version: 'ikev1', dhGroup: 5, pfsGroup: null });
const ikev2 = suiteOf(sha256, sha256, { version: 'ikev2', dhGroup: 14, pfsGroup: null });

/** Who begins. Where both do, the peer's own request tells more than its refusal did. */
type Role = 'initiator' | 'responder' | 'both';
type Fault = {
	what: string;
	asked: Suite;
	peer: Partial<PeerSide>;
	/** What it is, which the router may not be able to know. */
	truth: ReasonCode;
	reasons: Partial<Record<Role, readonly ReasonCode[]>>;
	sampled?: readonly Role[];
};

const either = (...reasons: ReasonCode[]) => ({ initiator: reasons, responder: reasons });
/** IKEv1's NO_PROPOSAL_CHOSEN for a phase 2 does not say what was not chosen, and some devices send it for subnets too. */
const untold = ['phase2-refused', 'esp-proposal-mismatch', 'pfs-mismatch', 'subnet-mismatch'] as const;
/** With the place before it: the device finds its key by the identity. */
const otherId = (name: string) => ({ localId: `@${name}.example` });

const faults: readonly Fault[] = [
	{
		what: 'another key',
		truth: 'psk-mismatch',
		asked: pfs,
		peer: { psk: 'another' },
		reasons: either('psk-mismatch'),
		sampled: ['initiator', 'responder'],
	},
	{
		what: 'another phase 1',
		truth: 'ike-proposal-mismatch',
		asked: pfs,
		peer: { proposals: 'aes256-md5-modp1536' },
		reasons: either('ike-proposal-mismatch'),
		sampled: ['initiator', 'responder'],
	},
	{
		what: 'another phase 2',
		truth: 'esp-proposal-mismatch',
		asked: pfs,
		peer: { espProposals: 'aes256-md5-modp1536' },
		reasons: { initiator: untold, responder: ['esp-proposal-mismatch'], both: ['esp-proposal-mismatch'] },
		sampled: ['initiator', 'responder'],
	},
	{
		what: 'no PFS',
		truth: 'pfs-mismatch',
		asked: pfs,
		peer: { espProposals: 'aes256-sha1' },
		reasons: { initiator: untold, responder: ['pfs-mismatch'], both: ['pfs-mismatch'] },
		sampled: ['responder'],
	},
	{
		what: 'a PFS group that the router lacks',
		truth: 'pfs-mismatch',
		asked: pfs,
		peer: { espProposals: 'aes256-sha1-modp1024' },
		reasons: { initiator: untold, responder: ['pfs-mismatch'] },
	},
	{
		what: 'PFS where none is asked for',
		truth: 'pfs-mismatch',
		asked: noPfs,
		peer: { espProposals: 'aes256-sha1-modp1536' },
		reasons: { initiator: untold },
	},
	{
		what: 'other subnets behind the peer',
		truth: 'subnet-mismatch',
		asked: pfs,
		peer: { localSubnets: ['10.77.0.0/24'] },
		reasons: either('subnet-mismatch'),
		sampled: ['initiator', 'responder'],
	},
	{
		what: 'other subnets behind the router',
		truth: 'subnet-mismatch',
		asked: pfs,
		peer: { remoteSubnet: '10.88.0.0/24' },
		reasons: either('subnet-mismatch'),
	},
	{
		what: 'another identity of the peer',
		truth: 'identity-mismatch',
		asked: pfs,
		peer: otherId('one'),
		reasons: either('identity-mismatch'),
		sampled: ['initiator'],
	},
	{
		what: 'another identity of the peer, IKEv2',
		truth: 'identity-mismatch',
		asked: ikev2,
		peer: otherId('two'),
		reasons: either('identity-mismatch'),
	},
	{
		what: 'another identity of the router expected',
		truth: 'identity-mismatch',
		asked: ikev2,
		peer: { remoteId: '@three.example' },
		reasons: { initiator: ['psk-mismatch', 'identity-mismatch'] },
	},
	{
		what: 'another key, IKEv2',
		truth: 'psk-mismatch',
		asked: ikev2,
		peer: { psk: 'another' },
		reasons: { initiator: ['psk-mismatch', 'identity-mismatch'], responder: ['psk-mismatch'] },
	},
	{
		what: 'another phase 1, IKEv2',
		truth: 'ike-proposal-mismatch',
		asked: ikev2,
		peer: { proposals: 'aes128-sha256-modp2048' },
		reasons: either('ike-proposal-mismatch'),
	},
	{
		what: 'another phase 2, IKEv2',
		truth: 'esp-proposal-mismatch',
		asked: ikev2,
		peer: { espProposals: 'aes128-sha256' },
		reasons: either('esp-proposal-mismatch'),
	},
	{
		what: 'other subnets behind the peer, IKEv2',
		truth: 'subnet-mismatch',
		asked: ikev2,
		peer: { localSubnets: ['10.77.0.0/24'] },
		reasons: either('subnet-mismatch'),
	},
	{
		what: 'IKEv1 where IKEv2 is asked for',
		truth: 'ike-proposal-mismatch',
		asked: ikev2,
		peer: { version: 1 },
		reasons: { responder: ['ike-proposal-mismatch'] },
	},
	{
		what: 'IKEv2 where IKEv1 is asked for',
		truth: 'ike-proposal-mismatch',
		asked: pfs,
		peer: { version: 2 },
		reasons: { responder: ['ike-proposal-mismatch'] },
	},
];

const roles = ['initiator', 'responder', 'both'] as const;
const cells = faults.flatMap(({ what, truth, asked, peer, reasons, sampled }) =>
	roles.flatMap((role) => {
		const wanted = reasons[role];
		const taken = atLength || sampled?.includes(role);
		return wanted && taken ? [{ what, truth, asked, peer, role, wanted: wanted.join() }] : [];
	}),
);
const batches = Array.from({ length: Math.ceil(cells.length / places) }, (_, n) => ({
	n: n + 1,
	batch: cells.slice(n * places, (n + 1) * places).map((cell, place) => ({ ...cell, place })),
}));

/** Where a daemon of the lab logs; of the last two, the package's own way is syslog. */
const logs = [
	{ where: 'its usual file', set: 'rm -f /etc/default/pluto', sampled: false },
	{
		where: 'a file of its owner’s choice',
		set: "echo PLUTO_OPTIONS= >/etc/default/pluto; mkdir -p /srv/vpn; sed -i 's,^config setup,&\\n\tlogfile=/srv/vpn/ipsec.log,' /etc/ipsec.conf",
		sampled: true,
	},
	{
		where: 'syslog',
		set: "echo PLUTO_OPTIONS= >/etc/default/pluto; sed -i '/logfile=/d' /etc/ipsec.conf; busybox syslogd -O /var/log/auth.log",
		sampled: false,
	},
].filter(({ sampled }) => atLength || sampled);

describe.each(logs)('a connection that does not come up, of a daemon that logs into $where', ({ set }) => {
	let lab: Lab;
	let router: RouterUnderTest;
	const table: string[] = [];

	beforeAll(async () => {
		lab = await startLab();
		await makePlaces(lab);
		router = routerUnderTest(lab);
		await lab.sh('router', `${set}; ipsec setup stop; rm -f /var/log/pluto.log; ipsec setup start`);
	});
	afterAll(async () => {
		console.log(table.join('\n'));
		await lab?.stop();
	});

	it.each(batches)('gives the right reason, or lists it as a candidate: batch $n', async ({ batch, n }) => {
		await freshPeer(
			lab,
			batch.map(({ place, asked, peer }) =>
				sideAt(place, asked, peer.localId === undefined ? peer : { ...peer, localId: `@p${place}.${peer.localId.slice(1)}` }),
			),
		);
		await router.apply(
			n,
			batch.map(({ place, asked, role }) => tunnelAt(place, asked, { passive: role === 'responder', revision: n })),
		);
		await peerBegins(
			lab,
			batch.filter(({ role }) => role !== 'initiator').map(({ place }) => place),
			3,
		);

		const begin = Date.now();
		const rightAfter = new Map<number, number>();
		const seen: string[] = [];
		const wanted = batch.map(({ what, role, wanted }) => `${role}: ${what}: 0 ${wanted}`);
		await until('every reason', 120, async () => {
			const report = await router.look();
			if (report === undefined) return false;
			const lines = batch.map(({ place }) => connectionOf(report, { n: numberOf(place) }));
			seen.splice(
				0,
				seen.length,
				...batch.map(({ what, role }, at) => `${role}: ${what}: ${lines[at]?.up} ${lines[at]?.reasons}`),
			);
			for (const [at, line] of seen.entries())
				if (line === wanted[at] && !rightAfter.has(at)) rightAfter.set(at, (Date.now() - begin) / 1_000);
			return seen.join() === wanted.join();
		}).catch(() => {});

		expect(seen).toEqual(wanted);
		const wrong: string[] = [];
		for (const { what, truth, role, place } of batch) {
			const { causes } = await router.diagnose({ n: numberOf(place), passive: role === 'responder' }, false);
			const told = causes.map(({ code, confidence }) => `${code} (${confidence})`).join(', ');
			table.push(`${role.padEnd(9)} ${what.padEnd(42)} ${`${rightAfter.get(place)?.toFixed(0)} s`.padStart(5)}  ${told}`);
			const isAmong = causes.some(({ code }) => code === truth);
			const isWronglySure = causes.some(({ code, confidence }) => confidence === 'high' && code !== truth);
			if (!isAmong || isWronglySure) wrong.push(`${role}: ${what}, which is ${truth}: ${told}`);
		}
		expect(wrong).toEqual([]);
	});
});
