/** Bits that whoever guesses characters by their frequency needs: what eight different characters have. */
const fewestBits = 20;

const bitsOf = (text: string): number => {
	const characters = [...text];
	const counts = [...Map.groupBy(characters, (one) => one).values()].map(({ length }) => length);
	return counts.reduce((bits, count) => bits - count * Math.log2(count / characters.length), 0);
};

/** Such as `12345678` or `hgfedcba`: of the steps between its characters nearly all are the same. */
const isSequence = (text: string): boolean => {
	const codes = [...text].map((one) => one.codePointAt(0) ?? 0);
	const steps = codes.slice(1).map((code, n) => code - (codes[n] ?? 0));
	const most = Math.max(...[...Map.groupBy(steps, (step) => step).values()].map(({ length }) => length));
	return most >= steps.length - 1;
};

/** Such as `passwordpassword`: no harder to guess than the word. */
const isRepetition = (text: string): boolean => (text + text).indexOf(text, 1) < text.length;

/** A key that nobody has to guess for long. */
export const isWeak = (key: string): boolean => bitsOf(key) < fewestBits || isSequence(key) || isRepetition(key);

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** A key that is one of the words which stand beside it, but for its case and its signs. */
export const isOneOf = (key: string, words: readonly (string | undefined)[]): boolean =>
	words.some((word) => word !== undefined && lettersOf(word) !== '' && lettersOf(word) === lettersOf(key));
