import type { DhGroup } from '../model/crypto-suite.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { RouterFacts } from '../model/vpc.ts';
import { type DaemonVersion, daemonVersion, isBelow } from './daemon-version.ts';

export const modpOf: Record<DhGroup, string> = { 2: 'modp1024', 5: 'modp1536', 14: 'modp2048', 15: 'modp3072', 16: 'modp4096' };

/** A router that has not yet reported what it runs is assumed to run Debian's daemon. */
export const unknownRouter = { flavor: 'libreswan', version: '4.10', capabilities: [] as string[] } as const;

type Policy = Pick<CustomerGateway, 'ike' | 'esp'>;
type Need = Policy & { daemon: DaemonVersion; initiates: boolean };

/** Found by testing real builds, whatever a daemon announces. The first row that applies is the answer. */
const limits: { applies: (need: Need) => boolean; detail: string }[] = [
	{
		applies: ({ daemon, ike }) => daemon.flavor === 'openswan' && isBelow(daemon, [2, 6, 51]) && ike.version === 'ikev2',
		detail: 'its daemon exits at the first IKEv2 rekey; it can do ikev1',
	},
	{
		applies: ({ daemon, ike, esp }) => daemon.flavor === 'openswan' && uses({ ike, esp }, 'sha512', 16),
		detail: 'sha512 with DH group 16 never comes up on it; it can do sha256 with group 14',
	},
	{
		applies: ({ daemon, ike, esp }) => daemon.flavor === 'openswan' && uses({ ike, esp }, 'sha384', 15),
		detail: 'sha384 with DH group 15 never comes up on it; it can do sha256 with group 14',
	},
	{
		applies: ({ daemon, esp, initiates }) =>
			daemon.flavor === 'openswan' && !isBelow(daemon, [3, 0]) && esp.encryption === '3des' && initiates,
		detail: 'it proposes 3des in phase 2 with a key length, which peers reject; it can do aes128, aes192 and aes256',
	},
];

const uses = ({ ike, esp }: Policy, hash: string, group: DhGroup): boolean =>
	(ike.hash === hash && ike.dhGroup === group) || (esp.hash === hash && (esp.pfsGroup ?? ike.dhGroup) === group);

/** The words of a report's `caps`, by kind: a kind that a report leaves out is unknown, not unsupported. */
const kinds = [/^ikev\d$/, /^modp\d+$/, /^(aes\d+|3des)$/, /^(md5|sha\d+)$/];

/** A word of the daemon's as a request has it. */
const asRequested = (word: string): string => {
	const group = Object.entries(modpOf).find(([, modp]) => modp === word)?.[0];
	return group === undefined ? word : `DH group ${group}`;
};

const missingWord = ({ ike, esp }: Policy, capabilities: readonly string[]): string | undefined => {
	const wanted = [ike.version, ike.encryption, ike.hash, modpOf[ike.dhGroup], esp.encryption, esp.hash];
	if (esp.pfsGroup !== null) wanted.push(modpOf[esp.pfsGroup]);
	for (const kind of kinds) {
		const known = capabilities.filter((word) => kind.test(word));
		const missing = wanted.find((word) => kind.test(word) && !known.includes(word));
		if (known.length > 0 && missing !== undefined) {
			return `it has no ${asRequested(missing)}; it can do ${known.map(asRequested).join(', ')}`;
		}
	}
	return undefined;
};

/** Why the router cannot do the policy, and what it can do instead; undefined if it can, as far as is known. */
export const unsupportedBy = (
	router: Pick<RouterFacts, 'flavor' | 'version' | 'capabilities'>,
	{ ike, esp }: Policy,
	{ initiates = true } = {},
): string | undefined => {
	const daemon = daemonVersion(router);
	const why = limits.find(({ applies }) => applies({ ike, esp, daemon, initiates }))?.detail;
	const detail = why ?? missingWord({ ike, esp }, router.capabilities);
	return detail === undefined ? undefined : `the router runs ${router.flavor} ${router.version}: ${detail}`;
};
