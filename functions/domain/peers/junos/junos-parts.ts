import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceProposal, Finding } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { keyFaults } from './junos-key.ts';
import { at, lineOf, type Named, named, wordOf, wordsOf } from './junos-nodes.ts';
import { type Offers, outOfRange, type Phase, proposalsOf } from './junos-proposals.ts';
import type { JunosNode } from './junos-tree.ts';

type Reference = { what: string; name: string | undefined; path: string[]; line: number };
type Followed = { named?: Named; faults: Finding[] };

/** What a name stands for, or the fault that it stands for nothing. */
const follow = (security: JunosNode, { what, name, path, line }: Reference): Followed => {
	const node = name === undefined ? undefined : at(security, ...path, name);
	return node === undefined || name === undefined
		? { faults: [undefinedName(line, name === undefined ? what : `${what} ${name}`)] }
		: { named: [name, node], faults: [] };
};

export type Parts = {
	gateway: Named | undefined;
	ikePolicy: Named | undefined;
	ipsecPolicy: Named | undefined;
	phase1: DeviceProposal[];
	phase2: DeviceProposal[];
	faults: Finding[];
	/** Proposals that are not there. */
	missing(view: PeerView): Finding[];
};

/** Whether other tunnels go by a policy of this one, or by a proposal of it. */
const sharing = (security: JunosNode, phase: Phase, { policy, gateway }: { policy: string; gateway: string | undefined }) => {
	const isOther =
		phase === 'ike'
			? named(security, 'ike', 'gateway').some(([name, node]) => name !== gateway && wordOf(node, 'ike-policy') === policy)
			: named(security, 'ipsec', 'vpn').some(
					([, node]) => wordOf(node, 'ike', 'ipsec-policy') === policy && wordOf(node, 'ike', 'gateway') !== gateway,
				);
	return (proposal: string | undefined): boolean =>
		isOther ||
		(proposal !== undefined &&
			named(security, phase, 'policy').some(([name, node]) => name !== policy && wordsOf(node, 'proposals').includes(proposal)));
};

/** Everything that a VPN refers to. */
export const partsOf = (security: JunosNode, [, vpn]: Named, leastInterval: number): Parts => {
	const gateway = follow(security, {
		what: 'ike gateway',
		name: wordOf(vpn, 'ike', 'gateway'),
		path: ['ike', 'gateway'],
		line: lineOf(vpn, undefined, 'ike', 'gateway'),
	});
	const ike: Followed =
		gateway.named === undefined
			? { faults: [] }
			: follow(security, {
					what: 'ike policy',
					name: wordOf(gateway.named[1], 'ike-policy'),
					path: ['ike', 'policy'],
					line: lineOf(gateway.named[1], undefined, 'ike-policy'),
				});
	const ipsec = follow(security, {
		what: 'ipsec policy',
		name: wordOf(vpn, 'ike', 'ipsec-policy'),
		path: ['ipsec', 'policy'],
		line: lineOf(vpn, undefined, 'ike', 'ipsec-policy'),
	});
	const offers = (phase: Phase, policy: Named | undefined): Offers =>
		policy === undefined
			? { offers: [], faults: [], missing: () => [] }
			: proposalsOf(security, phase, {
					policy,
					isShared: sharing(security, phase, { policy: policy[0], gateway: gateway.named?.[0] }),
				});
	const phase1 = offers('ike', ike.named);
	const phase2 = offers('ipsec', ipsec.named);
	return {
		gateway: gateway.named,
		ikePolicy: ike.named,
		ipsecPolicy: ipsec.named,
		phase1: phase1.offers,
		phase2: phase2.offers,
		faults: [
			...[gateway, ike, ipsec, phase1, phase2].flatMap(({ faults }) => faults),
			...(ike.named === undefined ? [] : [...modeFaults(ike.named), ...keyFaults(ike.named)]),
			...(gateway.named === undefined ? [] : deadPeerFaults(gateway.named, leastInterval)),
		],
		missing: ({ ike: suite, esp }) => [...phase1.missing(suite), ...phase2.missing(esp)],
	};
};

const modeFaults = ([name, policy]: Named): Finding[] =>
	wordOf(policy, 'mode') === 'aggressive'
		? [
				finding('aggressive-mode', lineOf(policy, undefined, 'mode'), {
					message: 'mode aggressive: the other end speaks main mode',
					expected: 'mode main',
					commands: [`set security ike policy ${name} mode main`],
				}),
			]
		: [];

const deadPeerFaults = ([name, gateway]: Named, least: number): Finding[] => {
	const node = at(gateway, 'dead-peer-detection');
	const command = `set security ike gateway ${name} dead-peer-detection`;
	return [
		...outOfRange(node, { word: 'interval', range: [least, 60], command }),
		...outOfRange(node, { word: 'threshold', range: [1, 5], command }),
	];
};
