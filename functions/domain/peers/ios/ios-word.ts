/** IOS takes any beginning of a word that no other word has; two letters at least are told apart here. */
export const isWord = (typed: string, word: string): boolean =>
	typed.toLowerCase() === word || (typed.length >= 2 && word.startsWith(typed.toLowerCase()));
