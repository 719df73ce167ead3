import { type Acl, type AclEntry, entryText, extendedEntry, standardEntry } from './ios-acl.ts';
import type { Command } from './ios-config.ts';
import { match } from './ios-pattern.ts';
import { isWord } from './ios-word.ts';

const isStandard = (name: string): boolean =>
	/^\d+$/.test(name) && (Number(name) < 100 || (Number(name) >= 1_300 && Number(name) < 2_000));

export const kindOf = (name: string): Acl['kind'] => (isStandard(name) ? 'standard' : 'extended');

const entryOf = (list: Acl, words: readonly string[], line: number): AclEntry | undefined => {
	const numbered = /^\d+$/.test(words[0] ?? '');
	const sequence = numbered ? Number(words[0]) : (list.entries.at(-1)?.sequence ?? 0) + 10;
	const own = numbered ? words.slice(1) : words;
	return list.kind === 'standard' ? standardEntry(own, sequence, line) : extendedEntry(own, sequence, line);
};

/** An entry, or what would be one if all its words were known; false where it is neither. */
export const addEntry = (list: Acl, { words, line }: Command): boolean => {
	const [first = '', second = ''] = words;
	const word = /^\d+$/.test(first) ? second : first;
	if (isWord(word, 'remark')) return true;
	const entry = entryOf(list, words, line);
	if (entry === undefined) {
		if (isWord(word, 'permit') || isWord(word, 'deny')) list.unread.push({ line, text: words.join(' ') });
		return false;
	}
	const place = list.entries.findLastIndex(({ sequence }) => sequence < entry.sequence) + 1;
	list.entries.splice(place, list.entries[place]?.sequence === entry.sequence ? 1 : 0, entry);
	return true;
};

const dropEntry = (list: Acl, words: readonly string[]): boolean => {
	const entry = entryOf(list, words, 0);
	if (entry === undefined) return false;
	list.entries = list.entries.filter((one) => entryText(one) !== entryText(entry));
	return true;
};

/** A line of a named list. */
export const listLine = (list: Acl, { words, line }: Command): boolean => {
	const dropped = match('no V', words);
	if (dropped !== undefined) {
		list.entries = list.entries.filter(({ sequence }) => String(sequence) !== dropped[0]);
		return true;
	}
	return words[0] === 'no' ? dropEntry(list, words.slice(1)) : addEntry(list, { words, line });
};

export const resequence = (list: Acl, start: number, step: number): void => {
	list.entries.forEach((entry, n) => {
		entry.sequence = start + n * step;
	});
};
