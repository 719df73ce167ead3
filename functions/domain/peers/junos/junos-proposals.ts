import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceProposal, Finding, Setting, Suite } from '../contract/peer-reading.ts';
import { termOf } from '../contract/term-of.ts';
import { ownName } from './junos-addresses.ts';
import { at, lineOf, type Named, named, wordOf } from './junos-nodes.ts';
import { junosEncryption, junosEspHash, junosIkeHash } from './junos-terms.ts';
import type { JunosNode } from './junos-tree.ts';

/** What `proposal-set` stands for, in the order it is offered (JunOS: Understanding IKE and IPsec Packet Processing). */
const ikeSets: Record<string, [Encryption | 'des', Hash, number][]> = {
	basic: [
		['des', 'sha1', 1],
		['des', 'md5', 1],
	],
	compatible: [
		['3des', 'sha1', 2],
		['3des', 'md5', 2],
		['des', 'sha1', 2],
		['des', 'md5', 2],
	],
	standard: [
		['3des', 'sha1', 2],
		['aes128', 'sha1', 2],
	],
};
const ipsecSets: Record<string, [Encryption | 'des', Hash][]> = {
	basic: [
		['des', 'sha1'],
		['des', 'md5'],
	],
	compatible: [
		['3des', 'sha1'],
		['3des', 'md5'],
		['des', 'sha1'],
		['des', 'md5'],
	],
	standard: [
		['3des', 'sha1'],
		['aes128', 'sha1'],
	],
};
const ikeLifetimeDefault = 28_800;
const ipsecLifetimeDefault = 3_600;
const lifetimeRange = [180, 86_400] as const;

export type Phase = 'ike' | 'ipsec';

const proposalOf = (phase: Phase, name: string, node: JunosNode): DeviceProposal => {
	const command = `set security ${phase} proposal ${name}`;
	const setting = <T>(
		word: string,
		read: (found: string | undefined) => T | undefined,
		write: (wanted: T) => string,
	): Setting<T> => {
		const found = wordOf(node, word);
		return {
			value: read(found),
			found: found ?? 'nothing',
			line: lineOf(node, undefined, word),
			set: (wanted) => [`${command} ${word} ${write(wanted)}`],
		};
	};
	const hashes = phase === 'ike' ? junosIkeHash : junosEspHash;
	const byDefault = phase === 'ike' ? ikeLifetimeDefault : ipsecLifetimeDefault;
	const lifetime = setting<number>('lifetime-seconds', (word) => Number(word ?? byDefault), String);
	return {
		encryption: setting<Encryption>(
			'encryption-algorithm',
			(word) => termOf(junosEncryption, word),
			(wanted) => junosEncryption[wanted],
		),
		hash: setting<Hash>(
			'authentication-algorithm',
			(word) => termOf(hashes, word),
			(wanted) => hashes[wanted],
		),
		...(phase === 'ipsec'
			? {}
			: {
					dhGroup: setting<number>(
						'dh-group',
						(word) => (word === undefined ? undefined : Number(/^group(\d+)$/.exec(word)?.[1] ?? 0)),
						(wanted) => `group${wanted}`,
					),
				}),
		lifetimeSeconds: {
			...lifetime,
			...(wordOf(node, 'lifetime-seconds') === undefined ? { found: `${byDefault}, the default` } : {}),
		},
	};
};

type Place = { security: JunosNode; phase: Phase; policyName: string; isShared: boolean };

/** A proposal of our own beside what the policy has, which others may go by. */
const another = ({ security, phase, policyName }: Place, suite: Suite): string[] => {
	const taken = at(security, phase, 'proposal')?.below;
	let name = ownName;
	for (let n = 2; taken?.has(name); n++) name = `${ownName}-${n}`;
	return [...definition(phase, name, suite), `set security ${phase} policy ${policyName} proposals ${name}`];
};

const definition = (phase: Phase, name: string, { encryption, hash, dhGroup, lifetimeSeconds }: Suite): string[] => {
	const path = `set security ${phase} proposal ${name}`;
	const hashes = phase === 'ike' ? junosIkeHash : junosEspHash;
	return [
		phase === 'ike' ? `${path} authentication-method pre-shared-keys` : `${path} protocol esp`,
		...(dhGroup === undefined ? [] : [`${path} dh-group group${dhGroup}`]),
		`${path} authentication-algorithm ${hashes[hash]}`,
		`${path} encryption-algorithm ${junosEncryption[encryption]}`,
		`${path} lifetime-seconds ${lifetimeSeconds}`,
	];
};

const fromSet = (place: Place, policy: JunosNode): DeviceProposal[] => {
	const { phase, policyName, isShared } = place;
	const set = wordOf(policy, 'proposal-set');
	const line = lineOf(policy, undefined, 'proposal-set');
	if (set === undefined) return [];
	const setting = <T>(value: T | undefined, found: string): Setting<T> => ({
		value,
		found: `${found} of proposal-set ${set}`,
		line,
		set: () => [],
	});
	const offers: [Encryption | 'des', Hash, number?][] = (phase === 'ike' ? ikeSets : ipsecSets)[set] ?? [];
	return offers.map(([encryption, hash, group]) => ({
		encryption: setting<Encryption>(encryption === 'des' ? undefined : encryption, encryption),
		hash: setting<Hash>(hash, hash),
		...(group === undefined ? {} : { dhGroup: setting<number>(group, `group${group}`) }),
		lifetimeSeconds: setting<number>(phase === 'ike' ? ikeLifetimeDefault : ipsecLifetimeDefault, 'the default'),
		// A policy has a set or proposals; others that go by the set keep it.
		replace: (suite: Suite) =>
			isShared ? [] : [`delete security ${phase} policy ${policyName} proposal-set`, ...another(place, suite)],
	}));
};

/** A policy that offers nothing, or nothing that is known here. */
const nothingOffered = (place: Place, policy: JunosNode, suite: Suite): Finding => {
	const { phase, policyName } = place;
	const set = wordOf(policy, 'proposal-set');
	if (set === undefined) return undefinedName(policy.line, `a proposal of ${phase} policy ${policyName}`, another(place, suite));
	return finding(phase === 'ike' ? 'phase1-encryption' : 'phase2-encryption', lineOf(policy, undefined, 'proposal-set'), {
		message: `proposal-set ${set} has nothing that a connection here can agree to`,
		expected: 'proposals of its own, with the suite of the connection',
		commands: [],
	});
};

/** `missing`: proposals that a policy names, or has to name, and are not there, by the suite that they are to have. */
export type Offers = { offers: DeviceProposal[]; faults: Finding[]; missing(suite: Suite): Finding[] };

export const proposalsOf = (
	security: JunosNode,
	phase: Phase,
	{ policy: [policyName, policy], isShared }: { policy: Named; isShared(proposal: string | undefined): boolean },
): Offers => {
	const names = named(policy, 'proposals');
	const place = { security, phase, policyName, isShared: isShared(undefined) };
	const missing = names.filter(([name]) => at(security, phase, 'proposal', name) === undefined);
	const offers = names.flatMap(([name]) => {
		const node = at(security, phase, 'proposal', name);
		if (node === undefined) return [];
		const offer = proposalOf(phase, name, node);
		return [isShared(name) ? { ...offer, replace: (suite: Suite) => another(place, suite) } : offer];
	});
	const wrong = names.flatMap(([name]) => proposalFaults(phase, name, at(security, phase, 'proposal', name)));
	const all = [...offers, ...fromSet(place, policy)];
	return {
		offers: all,
		faults: wrong,
		missing: (suite) =>
			all.length + missing.length === 0
				? [nothingOffered(place, policy, suite)]
				: missing.map(([name, { line }]) => undefinedName(line, `${phase} proposal ${name}`, definition(phase, name, suite))),
	};
};

/** What no peer of ours could agree to, whatever the connection. */
const proposalFaults = (phase: Phase, name: string, node: JunosNode | undefined): Finding[] => {
	if (node === undefined) return [];
	const command = `set security ${phase} proposal ${name}`;
	const [word, wanted, code] =
		phase === 'ike'
			? (['authentication-method', 'pre-shared-keys', 'authentication'] as const)
			: (['protocol', 'esp', 'phase2-protocol'] as const);
	const found = wordOf(node, word);
	const wrong =
		found === wanted
			? []
			: [
					finding(code, lineOf(node, undefined, word), {
						message: `${phase} proposal ${name} has ${found === undefined ? `no ${word}` : `${word} ${found}`}`,
						expected: `${word} ${wanted}`,
						commands: [`${command} ${word} ${wanted}`],
					}),
				];
	return [...wrong, ...outOfRange(node, { word: 'lifetime-seconds', range: lifetimeRange, command })];
};

export const outOfRange = (
	node: JunosNode | undefined,
	{ word, range: [least, most], command }: { word: string; range: readonly [number, number]; command: string },
): Finding[] => {
	const found = wordOf(node, word);
	if (found === undefined || (/^\d+$/.test(found) && Number(found) >= least && Number(found) <= most)) return [];
	return [
		finding('out-of-range', lineOf(node, undefined, word), {
			message: `${word} ${found} is not in ${least} to ${most}`,
			expected: `${least} to ${most}`,
			commands: [`${command} ${word} ${Math.min(most, Math.max(least, Number(found) || least))}`],
		}),
	];
};
