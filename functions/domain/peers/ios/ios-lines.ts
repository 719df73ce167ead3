import { wordsBeforeRemark } from '../contract/remark.ts';
import type { IosConfig } from './ios-config.ts';
import { IosStatements } from './ios-statements.ts';
import { isWord } from './ios-word.ts';

const prompt = /^[\w.-]+(\([\w-]+\))?[#>]/;

/** Whether what a command prints is a configuration, in part or whole. */
const printsConfiguration = (words: readonly string[]): boolean => {
	const [verb = '', what = ''] = words;
	return isWord(verb, 'more') || (isWord(verb, 'show') && /^(ru|star|conf)/i.test(what));
};

/** Where a key stands, which may have any character in it. */
const isKey = (words: readonly string[]) => (n: number) => {
	const before = words[n - 1]?.toLowerCase() ?? '';
	return /^ke?y?$/.test(before) || (/^[06]$/.test(before) && /^ke?y?$/i.test(words[n - 2] ?? ''));
};

/** Reads the form of `show running-config` and what is typed in configuration mode, prompts and abbreviations included. */
export const iosLines = (text: string): IosConfig => {
	const statements = new IosStatements();
	/** Between a command that prints something else and the next prompt. */
	let printed = false;
	text.split('\n').forEach((raw, index) => {
		const typed = prompt.test(raw);
		const bare = raw.replace(prompt, '');
		const all = bare.trim().split(/\s+/).filter(Boolean);
		if (typed) printed = false;
		if (printed || all.length === 0 || all[0]?.startsWith('!')) return;
		const own = isWord(all[0] ?? '', 'do') ? all.slice(1) : all;
		if (own[0] !== undefined && (/^sh(o|ow)?$/i.test(own[0]) || own !== all)) {
			printed = typed && !printsConfiguration(own);
			statements.config.unknown.push({ line: index + 1, text: all.join(' ') });
			return;
		}
		const words = all.slice(0, wordsBeforeRemark(all, { sign: /^;/, isKey: isKey(all) }));
		if (words.length === 0) return;
		const depth = typed ? 0 : bare.length - bare.trimStart().length;
		statements.take({ words, line: index + 1 }, depth);
	});
	return statements.config;
};
