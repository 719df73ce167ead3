/** How people point at what they mean: an arrow, two slashes, or a word in parentheses. */
const pointer = /^(<[-=]+|<?[-=]+>|[←→⇐⇒]|\/\/|\()/u;

type How = { isKey(n: number): boolean; sign?: RegExp };

/** How many words stand before a remark; what stands where a key is expected is none. */
export const wordsBeforeRemark = (words: readonly string[], { isKey, sign }: How): number => {
	const remark = words.findIndex((word, n) => !isKey(n) && (pointer.test(word) || (sign?.test(word) ?? false)));
	return remark < 0 ? words.length : remark;
};
