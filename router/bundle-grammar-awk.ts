import { connectionWords, connOptions, setupLines } from '../functions/domain/router/bundle-grammar.ts';

const entry = (array: string, key: string, value: string): string => `${array}["${key}"] = "${value}"`;

/** The tables of what a bundle may say, as arrays of awk; the rules that use them are in `lib/grammar.sh`. */
export const bundleGrammarAwk = (): string =>
	[
		...setupLines.map((line) => entry('setup', line, '1')),
		...Object.entries(connectionWords).flatMap(([name, { says, needed }]) => [
			entry('word', name, says),
			...(needed ? [entry('owed', name, '1')] : []),
		]),
		...Object.entries(connOptions).flatMap(([name, { says, needed }]) => [
			entry('option', name, says),
			...(needed ? [entry('needed', name, '1')] : []),
		]),
	].join('\n');
