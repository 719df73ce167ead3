import { finding } from '../contract/peer-finding.ts';
import type { Finding } from '../contract/peer-reading.ts';
import type { PeerView } from '../contract/peer-view.ts';
import { at, lineOf, type Named, named, wordOf, wordsOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

const kinds = ['inet', 'hostname', 'user-at-hostname'] as const;
const byKind = { inet: /^[^@]*$/, hostname: /^@/, 'user-at-hostname': /^[^@]+@/ };
/** JunOS' words for an identity as the service has it: an address, `@name`, or `user@name`. */
export const identityWords = (identity: string): string => {
	const kind = kinds.find((one) => byKind[one].test(identity)) ?? 'hostname';
	return `${kind} ${identity.replace(/^@/, '')}`;
};

/** What a side of a gateway says of an identity. */
const saidOf = (gateway: JunosNode, side: 'local-identity' | 'remote-identity'): { words: string; line: number } | undefined => {
	const node = at(gateway, side);
	const [kind, below] = named(node)[0] ?? [];
	if (node === undefined || kind === undefined) return undefined;
	return { words: `${kind} ${[...(below?.below.keys() ?? [])].join(' ')}`.trim(), line: below?.line ?? node.line };
};

/** The addresses of the interface that the tunnel begins at, as far as the text has them. */
const addressesOf = (root: JunosNode, gateway: JunosNode): { addresses: string[]; line: number } => {
	const local = wordOf(gateway, 'local-address');
	if (local !== undefined) return { addresses: [local], line: lineOf(gateway, undefined, 'local-address') };
	const [name = '', unit = '0'] = wordOf(gateway, 'external-interface')?.split('.') ?? [];
	const inet = at(root, 'interfaces', name, 'unit', unit, 'family', 'inet', 'address');
	return { addresses: wordsOf(inet).map((word) => word.split('/')[0] ?? ''), line: named(inet)[0]?.[1].line ?? gateway.line };
};

const presented = (root: JunosNode, [name, gateway]: Named, { localId }: PeerView): Finding[] => {
	const wanted = identityWords(localId);
	const said = saidOf(gateway, 'local-identity');
	const { addresses, line } = addressesOf(root, gateway);
	const isAddress = wanted.startsWith('inet ');
	if (said === undefined ? isAddress && (addresses.length === 0 || addresses.includes(localId)) : isSame(said.words, wanted))
		return [];
	const path = `security ike gateway ${name} local-identity`;
	return [
		finding('identity', said?.line ?? (isAddress ? line : gateway.line), {
			message: `ike gateway ${name} presents ${said?.words ?? `its address${addresses[0] === undefined ? '' : `, ${addresses[0]}`}`}, and ${wanted} is expected of it`,
			expected: `local-identity ${wanted}`,
			commands: [...(said === undefined ? [] : [`delete ${path}`]), `set ${path} ${wanted}`],
		}),
	];
};

/** Names are compared as they are in the DNS. */
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const expected = ([name, gateway]: Named, { remoteAddress }: PeerView): Finding[] => {
	const said = saidOf(gateway, 'remote-identity');
	const ours = identityWords(remoteAddress);
	if (said === undefined || isSame(said.words, ours) || at(gateway, 'general-ikeid') !== undefined) return [];
	const path = `security ike gateway ${name} remote-identity`;
	return [
		finding('identity', said.line, {
			message: `ike gateway ${name} expects ${said.words} of this side, which presents ${ours}`,
			expected: `remote-identity ${ours}`,
			commands: [`delete ${path}`, `set ${path} ${ours}`],
		}),
	];
};

/** Who each side says it is, against whom the other expects. */
export const identityFaults = (root: JunosNode, gateway: Named, view: PeerView): Finding[] => [
	...presented(root, gateway, view),
	...expected(gateway, view),
];
