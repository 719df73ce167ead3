/** Bits that whoever guesses characters by their frequency needs: what eight different characters have. */
const fewestBits = 20;

const bitsOf = (text: string): number => {
	const characters = [...text];
	const counts = [...Map.groupBy(characters, (one) => one).values()].map(({ length }) => length);
	return counts.reduce((bits, count) => bits - count * Math.log2(count / characters.length), 0);
};

/** Of what does not follow from the two before it, at least so many. */
const fewestOwn = 6;

/** How many characters there are to guess: in `12345678`, `hgfedcba` or `aaaaaaaa` the others go on with the step that was begun. */
const ownCharacters = (text: string): number => {
	const codes = [...text].map((one) => one.codePointAt(0) ?? 0);
	const steps = codes.map((code, n) => code - (codes[n - 1] ?? Number.NaN));
	return steps.filter((step, n) => step !== 0 && step !== steps[n - 1]).length;
};

/** Such as `passwordpassword`: no harder to guess than the word. */
const isRepetition = (text: string): boolean => (text + text).indexOf(text, 1) < text.length;

/** A key that nobody has to guess for long. */
export const isWeak = (key: string): boolean => bitsOf(key) < fewestBits || ownCharacters(key) < fewestOwn || isRepetition(key);

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** A key that is one of the words which stand beside it, but for its case and its signs. */
export const isOneOf = (key: string, words: readonly (string | undefined)[]): boolean =>
	words.some((word) => word !== undefined && lettersOf(word) !== '' && lettersOf(word) === lettersOf(key));
