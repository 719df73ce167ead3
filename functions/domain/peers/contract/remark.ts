/** How people say what they mean: behind an arrow, dashes, slashes, stars, a sign that begins a comment, or in parentheses. */
const mark = /^(!|#|<[-=]+|<?[-=]+>|-{2,}|={2,}|[←→⇐⇒]|\/\/|\*{2,}|\()/u;

/** What ends a statement in one dialect begins a remark in the other. */
type How = { isKey(n: number): boolean; sign?: RegExp };

/** How many words stand before a remark; what stands where a key is expected is none. */
export const wordsBeforeRemark = (words: readonly string[], { isKey, sign }: How): number => {
	const remark = words.findIndex((word, n) => !isKey(n) && (mark.test(word) || (sign?.test(word) ?? false)));
	return remark < 0 ? words.length : remark;
};
