import { wordsBeforeRemark } from '../contract/remark.ts';

export type Token = { text: string; line: number; quoted: boolean };

/** A quote that is not closed ends with its line. */
const lexical = /"(?:\\.|[^"\\])*"?|#.*|[{}[\];]|[^\s{}[\];"]+/g;

/** The words of a line, without what is a remark to people. */
export const tokensOf = (text: string, line: number): Token[] => {
	const tokens: Token[] = [];
	for (const [word] of text.matchAll(lexical)) {
		if (word.startsWith('#')) break;
		const quoted = word.startsWith('"');
		tokens.push({ text: quoted ? word.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : word, line, quoted });
	}
	const isKey = (n: number): boolean =>
		tokens[n]?.quoted === true || /^(ascii-text|hexadecimal)$/.test(tokens[n - 1]?.text ?? '');
	const words = tokens.map((token) => token.text);
	return tokens.slice(0, wordsBeforeRemark(words, { isKey }));
};

const quoteOrComment = /"(?:\\.|[^"\\\n])*"?|\/\*/g;

/** Comments between slashes and stars are blanked, the lines kept. One that is not closed is none. */
export const withoutComments = (text: string): string => {
	const kept: string[] = [];
	let from = 0;
	for (const { 0: found, index } of text.matchAll(quoteOrComment)) {
		if (found !== '/*' || index < from) continue;
		const close = text.indexOf('*/', index + 2);
		if (close < 0) break;
		kept.push(text.slice(from, index), text.slice(index, close + 2).replace(/[^\n]/g, ' '));
		from = close + 2;
	}
	return kept.join('') + text.slice(from);
};
