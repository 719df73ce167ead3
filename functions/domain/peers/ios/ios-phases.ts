import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceProposal, Finding, Setting } from '../contract/peer-reading.ts';
import { termOf } from '../contract/term-of.ts';
import type { Command, IosConfig, IosMapEntry, IosPolicy, IosTransformSet } from './ios-config.ts';
import { iosEspEncryption, iosEspHash, iosIkeEncryption, iosIkeHash } from './ios-terms.ts';

const ikeLifetimeDefault = 86_400;
const espLifetimeDefault = 3_600;
const ikeLifetimes = [60, 86_400] as const;
const espLifetimes = [120, 86_400] as const;

type Phase = { offers: DeviceProposal[]; faults: Finding[] };

/** Policies are of the whole device: each that goes by a shared key is an offer. */
export const phase1Of = ({ policies }: IosConfig, { line }: IosMapEntry): Phase => {
	const shared = policies.filter(({ values }) => values.get('authentication')?.words[0]?.toLowerCase().startsWith('pre'));
	const offers = shared.map(offerOf);
	const outside = offers.flatMap(({ lifetimeSeconds }) => outOfRange(lifetimeSeconds, ikeLifetimes));
	return { offers, faults: shared.length === 0 ? [...outside, notShared(policies[0], line)] : outside };
};

const notShared = (policy: IosPolicy | undefined, line: number): Finding => {
	if (policy === undefined) return undefinedName(line, 'an isakmp policy', ['crypto isakmp policy 10']);
	const method = policy.values.get('authentication');
	return finding('authentication', method?.line ?? policy.line, {
		message: `isakmp policy ${policy.number} authenticates by ${method?.words[0] ?? 'rsa-sig, the default'}`,
		expected: 'authentication pre-share',
		commands: [`crypto isakmp policy ${policy.number}`, ' authentication pre-share'],
	});
};

/** The transform sets of a map entry, each an offer, with the entry's lifetime or the device's. */
export const phase2Of = (config: IosConfig, { name, sequence, line, values }: IosMapEntry): Phase => {
	const header = `crypto map ${name} ${sequence} ipsec-isakmp`;
	const lifetime = setting<number>(
		values.get('set security-association lifetime seconds') ??
			config.settings.get('crypto ipsec security-association lifetime seconds'),
		{ words: [String(espLifetimeDefault)], line },
		{ read: ([word]) => Number(word), set: (wanted) => [header, ` set security-association lifetime seconds ${wanted}`] },
	);
	const named = values.get('set transform-set');
	if (named === undefined)
		return {
			offers: [],
			faults: [undefinedName(line, `the transform-set of crypto map ${name} ${sequence}`, [header, ' set transform-set …'])],
		};
	const sets = named.words.map((wanted) => ({ wanted, set: config.transformSets.find((one) => one.name === wanted) }));
	return {
		offers: sets.flatMap(({ set }) => (set === undefined ? [] : [ofTransformSet(set, lifetime)])),
		faults: [
			...sets.flatMap(({ wanted, set }) =>
				set === undefined
					? [undefinedName(named.line, `transform-set ${wanted}`, [`crypto ipsec transform-set ${wanted} …`])]
					: transformFaults(set),
			),
			...outOfRange(lifetime, espLifetimes),
		],
	};
};

/** `aes` alone is of 128 bits, and so is `aes 128`. */
const encryptionWord = (words: readonly string[]): string =>
	words
		.join(' ')
		.toLowerCase()
		.replace(/aes 128$/, 'aes');
const setting = <T>(
	command: Command | undefined,
	byDefault: { words: string[]; line: number },
	{ read, set }: { read: (words: string[]) => T | undefined; set: (wanted: T) => string[] },
): Setting<T> => {
	const { words, line } = command ?? byDefault;
	return { value: read(words), found: command === undefined ? `${words.join(' ')}, the default` : words.join(' '), line, set };
};

const offerOf = ({ number, line, values }: IosPolicy): DeviceProposal => {
	const header = `crypto isakmp policy ${number}`;
	return {
		encryption: setting<Encryption>(
			values.get('encryption'),
			{ words: ['des'], line },
			{
				read: (words) => termOf(iosIkeEncryption, encryptionWord(words)),
				set: (wanted) => [header, ` encryption ${iosIkeEncryption[wanted]}`],
			},
		),
		hash: setting<Hash>(
			values.get('hash'),
			{ words: ['sha'], line },
			{
				read: ([word = '']) => termOf(iosIkeHash, word.toLowerCase()),
				set: (wanted) => [header, ` hash ${iosIkeHash[wanted]}`],
			},
		),
		dhGroup: setting<number>(
			values.get('group'),
			{ words: ['1'], line },
			{
				read: ([word]) => Number(word),
				set: (wanted) => [header, ` group ${wanted}`],
			},
		),
		lifetimeSeconds: setting<number>(
			values.get('lifetime'),
			{ words: [String(ikeLifetimeDefault)], line },
			{
				read: ([word]) => Number(word),
				set: (wanted) => [header, ` lifetime ${wanted}`],
			},
		),
	};
};

const sha2 = /^esp-sha(256|384|512)-hmac$/;
const isCipher = (word: string): boolean => /^esp-(aes|3des|des|null|seal)$/.test(word);
const isHash = (word: string): boolean => /^esp-(sha|md5)-hmac$/.test(word) || sha2.test(word);

const ofTransformSet = ({ name, line, transforms }: IosTransformSet, lifetime: Setting<number>): DeviceProposal => {
	const words = transforms.map((word) => word.toLowerCase());
	const cipher = words.findIndex(isCipher);
	const bits = /^\d+$/.test(words[cipher + 1] ?? '') ? [words[cipher + 1] ?? ''] : [];
	const encryption = cipher < 0 ? 'no encryption' : encryptionWord([words[cipher] ?? '', ...bits]);
	const hash = words.find(isHash) ?? 'no authentication';
	const header = `crypto ipsec transform-set ${name}`;
	return {
		encryption: {
			value: termOf(iosEspEncryption, encryption),
			found: encryption,
			line,
			set: (wanted) => [`${header} ${iosEspEncryption[wanted]} ${hash}`],
		},
		hash: {
			value: termOf(iosEspHash, hash),
			found: hash,
			line,
			set: (wanted) => [`${header} ${encryption} ${iosEspHash[wanted]}`],
		},
		lifetimeSeconds: lifetime,
	};
};

const outOfRange = (found: Setting<number>, [least, most]: readonly [number, number]): Finding[] => {
	const { value = Number.NaN } = found;
	if (Number.isInteger(value) && value >= least && value <= most) return [];
	return [
		finding('out-of-range', found.line, {
			message: `a lifetime of ${found.found} is not in ${least} to ${most}`,
			expected: `${least} to ${most}`,
			commands: found.set(Math.min(most, Math.max(least, value || least))),
		}),
	];
};

const transformFaults = ({ name, line, transforms, mode }: IosTransformSet): Finding[] => [
	...(mode?.words[0]?.toLowerCase().startsWith('tr')
		? [
				finding('transport-mode', mode.line, {
					message: `transform-set ${name} is of transport mode`,
					expected: 'mode tunnel',
					commands: [`crypto ipsec transform-set ${name} ${transforms.join(' ')}`, ' mode tunnel'],
				}),
			]
		: []),
	...(transforms.some((word) => /^ah-/i.test(word))
		? [
				finding('phase2-protocol', line, {
					message: `transform-set ${name} has ${transforms.find((word) => /^ah-/i.test(word))}`,
					expected: 'esp and no ah',
					commands: [`crypto ipsec transform-set ${name} ${transforms.filter((word) => !/^ah-/i.test(word)).join(' ')}`],
				}),
			]
		: []),
];
