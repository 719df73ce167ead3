import type { Command } from './ios-config.ts';
import { isWord } from './ios-word.ts';

type Same = (typed: string, word: string) => boolean;
const isSame: Same = (typed, word) => typed.toLowerCase() === word;

/** Upper-case words of a pattern are the user's; a last `…` takes what follows. */
export const match = (pattern: string, words: readonly string[], same: Same = isWord): string[] | undefined => {
	// Every pattern begins with a word of its own; of most lines that is all that is to be seen.
	if (pattern[0] !== words[0]?.[0]?.toLowerCase()) return undefined;
	const parts = pattern.split(' ');
	const open = parts.at(-1) === '…';
	const fixed = open ? parts.slice(0, -1) : parts;
	if (words.length < fixed.length || (!open && words.length !== fixed.length)) return undefined;
	const given: string[] = [];
	for (const [n, part] of fixed.entries()) {
		const word = words[n] ?? '';
		if (/^[A-Z]/.test(part)) given.push(word);
		else if (!same(word, part)) return undefined;
	}
	return [...given, ...words.slice(fixed.length)];
};

/** The same for words that are written out: a beginning of a word that is not read could be of many others. */
export const matchesInFull = (pattern: string, words: readonly string[]): boolean => match(pattern, words, isSame) !== undefined;

/** The fixed words of a pattern, which name its value. */
const settingName = (pattern: string): string =>
	pattern
		.split(' ')
		.filter((part) => /^[a-z]/.test(part))
		.join(' ');

/** Keeps what a command says under its pattern's name; false where no pattern knows it. */
export const keep = (values: Map<string, Command>, patterns: readonly string[], command: Command): boolean => {
	for (const pattern of patterns) {
		const given = match(pattern, command.words);
		if (given === undefined) continue;
		values.set(settingName(pattern), { line: command.line, words: given });
		return true;
	}
	return false;
};

/** Takes back what a command once said, told whole or by its first words; false where no pattern knows it. */
export const drop = (values: Map<string, Command>, patterns: readonly string[], words: readonly string[]): boolean => {
	const isOf = (pattern: string): boolean =>
		match(pattern, words) !== undefined || (words.length > 0 && match(settingName(pattern), words) !== undefined);
	const pattern = patterns.find(isOf);
	if (pattern !== undefined) values.delete(settingName(pattern));
	return pattern !== undefined;
};
