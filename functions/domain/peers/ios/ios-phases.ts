import type { Encryption, Hash } from '../../model/crypto-suite.ts';
import { finding, undefinedName } from '../contract/peer-finding.ts';
import type { DeviceProposal, Finding, Setting, Suite } from '../contract/peer-reading.ts';
import { termOf } from '../contract/term-of.ts';
import type { Command, IosConfig, IosMapEntry, IosPolicy, IosTransformSet } from './ios-config.ts';
import { iosEspEncryption, iosEspHash, iosIkeEncryption, iosIkeHash } from './ios-terms.ts';

const ikeLifetimeDefault = 86_400;
const espLifetimeDefault = 3_600;
const ikeLifetimes = [60, 86_400] as const;
const espLifetimes = [120, 86_400] as const;

/** `missing`: what it names, or has to name, and is not there, by the suite that it is to have. */
export type Phase = { offers: DeviceProposal[]; faults: Finding[]; missing(suite: Suite): Finding[] };

/** What a tunnel's own policies and sets may be changed by: others may go by the same ones. */
export type Sharing = { isShared: boolean };

/** Policies are of the whole device: each that goes by a shared key is an offer. */
export const phase1Of = ({ policies }: IosConfig, line: number, { isShared }: Sharing): Phase => {
	const shared = policies.filter(({ values }) => values.get('authentication')?.words[0]?.toLowerCase().startsWith('pre'));
	const offers = shared.map(offerOf);
	const outside = offers.flatMap(({ lifetimeSeconds }) => outOfRange(lifetimeSeconds, ikeLifetimes));
	const [first] = policies;
	const faults = shared.length === 0 && first !== undefined ? [...outside, notShared(first)] : outside;
	const another = (suite: Suite) => anotherPolicy(policies, suite);
	return {
		offers: isShared ? offers.map((offer) => ({ ...offer, replace: another })) : offers,
		faults,
		missing: (suite) => (first === undefined ? [undefinedName(line, 'an isakmp policy', another(suite))] : []),
	};
};

/** A policy beside those that other tunnels go by. */
const anotherPolicy = (policies: readonly IosPolicy[], { encryption, hash, dhGroup, lifetimeSeconds }: Suite): string[] => {
	const taken = new Set(policies.map(({ number }) => Number(number)));
	// The last is tried last, so that what others agree on stays what it is.
	let free = Math.min(10_000, Math.max(0, ...taken) + 10);
	while (taken.has(free) && free > 1) free--;
	return [
		`crypto isakmp policy ${free}`,
		` encryption ${iosIkeEncryption[encryption]}`,
		` hash ${iosIkeHash[hash]}`,
		' authentication pre-share',
		...(dhGroup === undefined ? [] : [` group ${dhGroup}`]),
		` lifetime ${lifetimeSeconds}`,
		'exit',
	];
};

const notShared = (policy: IosPolicy): Finding => {
	const method = policy.values.get('authentication');
	return finding('authentication', method?.line ?? policy.line, {
		message: `isakmp policy ${policy.number} authenticates by ${method?.words[0] ?? 'rsa-sig, the default'}`,
		expected: 'authentication pre-share',
		commands: [`crypto isakmp policy ${policy.number}`, ' authentication pre-share'],
	});
};

const setName = ({ sequence }: IosMapEntry): string => `S2S-${sequence}`;
const transformSet = (name: string, { encryption, hash }: Suite): string =>
	`crypto ipsec transform-set ${name} ${iosEspEncryption[encryption]} ${iosEspHash[hash]}`;

/** The transform sets of a map entry, each an offer, with the entry's lifetime or the device's. */
export const phase2Of = (config: IosConfig, entry: IosMapEntry): Phase => {
	const { name, sequence, line, values } = entry;
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
			faults: [],
			missing: (suite) => [
				undefinedName(line, `the transform-set of crypto map ${name} ${sequence}`, [
					transformSet(setName(entry), suite),
					...lifetime.set(suite.lifetimeSeconds),
					` set transform-set ${setName(entry)}`,
				]),
			],
		};
	const isShared = (set: string): boolean =>
		config.maps.some((other) => other !== entry && other.values.get('set transform-set')?.words.includes(set));
	const sets = named.words.map((wanted) => ({ wanted, set: config.transformSets.find((one) => one.name === wanted) }));
	const replacing = (set: string) => (suite: Suite) => [
		transformSet(isShared(set) ? setName(entry) : set, suite),
		...(isShared(set) ? [header, ` set transform-set ${setName(entry)}`] : []),
		...(lifetime.value === suite.lifetimeSeconds ? [] : lifetime.set(suite.lifetimeSeconds).slice(isShared(set) ? 1 : 0)),
	];
	return {
		offers: sets.flatMap(({ set }) =>
			set === undefined ? [] : [{ ...ofTransformSet(set, lifetime), replace: replacing(set.name) }],
		),
		faults: [
			...sets.flatMap(({ set }) => (set === undefined ? [] : transformFaults(set))),
			...outOfRange(lifetime, espLifetimes),
		],
		missing: (suite) =>
			sets.flatMap(({ wanted, set }) =>
				set === undefined ? [undefinedName(named.line, `transform-set ${wanted}`, [transformSet(wanted, suite)])] : [],
			),
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
	const group = setting<number>(
		values.get('group'),
		{ words: ['1'], line },
		{
			read: ([word]) => Number(word),
			set: (wanted) => [header, ` group ${wanted}`],
		},
	);
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
		dhGroup: { ...group, found: `group ${group.found}` },
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

const ofTransformSet = ({ line, transforms }: IosTransformSet, lifetime: Setting<number>): DeviceProposal => {
	const words = transforms.map((word) => word.toLowerCase());
	const cipher = words.findIndex(isCipher);
	const bits = /^\d+$/.test(words[cipher + 1] ?? '') ? [words[cipher + 1] ?? ''] : [];
	const encryption = cipher < 0 ? undefined : encryptionWord([words[cipher] ?? '', ...bits]);
	const hash = words.find(isHash);
	return {
		encryption: {
			value: termOf(iosEspEncryption, encryption),
			found: encryption ?? `no cipher known here, but ${words.join(' ')}`,
			line,
			set: () => [],
		},
		hash: {
			value: termOf(iosEspHash, hash),
			found: hash ?? `no hash known here, but ${words.join(' ')}`,
			line,
			set: () => [],
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
