import { keyOf } from '../contract/device-key.ts';
import { finding } from '../contract/peer-finding.ts';
import type { DeviceKey, Finding } from '../contract/peer-reading.ts';
import { keyPlaceholder } from '../contract/peer-view.ts';
import { at, type Named, wordOf } from './junos-nodes.ts';
import { revealed } from './junos-secret.ts';

const ofUtf8 = (bytes: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(bytes));

/** In clear, hidden as `$9$…`, or hexadecimal. A key that is hidden in another way is not known. */
const textOf = (typed: string | undefined, hexadecimal: string | undefined): string | undefined => {
	if (typed?.startsWith('$')) {
		const text = revealed(typed);
		return text === undefined ? undefined : ofUtf8([...text].map((letter) => letter.charCodeAt(0)));
	}
	if (typed !== undefined) return typed;
	const digits = hexadecimal === undefined || !/^([\da-f]{2})+$/i.test(hexadecimal) ? undefined : hexadecimal.match(/../g);
	return digits === undefined ? undefined : ofUtf8((digits ?? []).map((pair) => Number.parseInt(pair, 16)));
};

const setting = (name: string): string => `set security ike policy ${name} pre-shared-key ascii-text`;

export const deviceKey = ([name, policy]: Named): DeviceKey | undefined => {
	const node = at(policy, 'pre-shared-key');
	if (node === undefined) return undefined;
	return {
		key: keyOf(textOf(wordOf(node, 'ascii-text'), wordOf(node, 'hexadecimal'))),
		line: node.line,
		replace: [`${setting(name)} "${keyPlaceholder}"`],
	};
};

export const keyFaults = ([name, policy]: Named): Finding[] =>
	at(policy, 'pre-shared-key') === undefined
		? [
				finding('key-missing', policy.line, {
					message: `ike policy ${name} has no pre-shared key`,
					expected: 'the key of the connection',
					commands: [`${setting(name)} "${keyPlaceholder}"`],
				}),
			]
		: [];
