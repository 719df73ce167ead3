import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceProposal, Finding, Setting } from '../contract/peer-reading.ts';
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
	return {
		encryption: setting<Encryption>(
			'encryption-algorithm',
			(word) => termOf(junosEncryption, word),
			(wanted) => junosEncryption[wanted],
		),
		hash: setting<Hash>(
			'authentication-algorithm',
			(word) => termOf(hashes, word),
			(wanted) => hashes[wanted] ?? wanted,
		),
		...(phase === 'ipsec'
			? {}
			: {
					dhGroup: setting<number>(
						'dh-group',
						(word) => (word === undefined ? undefined : Number(/^group(\d+)$/.exec(word)?.[1] ?? Number.NaN)),
						(wanted) => `group${wanted}`,
					),
				}),
		lifetimeSeconds: setting<number>('lifetime-seconds', (word) => Number(word ?? byDefault), String),
	};
};

const fromSet = (phase: Phase, policyName: string, policy: JunosNode): DeviceProposal[] => {
	const set = wordOf(policy, 'proposal-set');
	const line = lineOf(policy, undefined, 'proposal-set');
	if (set === undefined) return [];
	const commands = (word: string) => [
		...(phase === 'ike'
			? [`set security ike proposal ${ownName} authentication-method pre-shared-keys`]
			: [`set security ipsec proposal ${ownName} protocol esp`]),
		`set security ${phase} proposal ${ownName} ${word}`,
		`delete security ${phase} policy ${policyName} proposal-set`,
		`set security ${phase} policy ${policyName} proposals ${ownName}`,
	];
	const setting = <T>(value: T | undefined, found: string, write: (wanted: T) => string): Setting<T> => ({
		value,
		found: `${found} of proposal-set ${set}`,
		line,
		set: (wanted) => commands(write(wanted)),
	});
	const hashes = phase === 'ike' ? junosIkeHash : junosEspHash;
	const offers: [Encryption | 'des', Hash, number?][] = (phase === 'ike' ? ikeSets : ipsecSets)[set] ?? [];
	return offers.map(([encryption, hash, group]) => ({
		encryption: setting<Encryption>(
			encryption === 'des' ? undefined : encryption,
			encryption,
			(wanted) => `encryption-algorithm ${junosEncryption[wanted]}`,
		),
		hash: setting<Hash>(hash, hash, (wanted) => `authentication-algorithm ${hashes[wanted]}`),
		...(group === undefined ? {} : { dhGroup: setting<number>(group, `group${group}`, (wanted) => `dh-group group${wanted}`) }),
		lifetimeSeconds: setting<number>(
			phase === 'ike' ? ikeLifetimeDefault : ipsecLifetimeDefault,
			'the default',
			(wanted) => `lifetime-seconds ${wanted}`,
		),
	}));
};

export const proposalsOf = (
	security: JunosNode,
	phase: Phase,
	[policyName, policy]: Named,
): { offers: DeviceProposal[]; faults: Finding[] } => {
	const names = named(policy, 'proposals');
	const faults = names
		.filter(([name]) => at(security, phase, 'proposal', name) === undefined)
		.map(([name, { line }]) => undefinedName(line, `${phase} proposal ${name}`, [`set security ${phase} proposal ${name} …`]));
	const offers = names.flatMap(([name]) => {
		const node = at(security, phase, 'proposal', name);
		return node === undefined ? [] : [proposalOf(phase, name, node)];
	});
	const wrong = names.flatMap(([name]) => proposalFaults(phase, name, at(security, phase, 'proposal', name)));
	return { offers: [...offers, ...fromSet(phase, policyName, policy)], faults: [...faults, ...wrong] };
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
