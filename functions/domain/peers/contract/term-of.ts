/** In our terms what a device calls by a word of its own; undefined where we have none for it. */
export const termOf = <T extends string>(terms: Partial<Record<T, string>>, word: string | undefined): T | undefined =>
	word === undefined ? undefined : (Object.keys(terms) as T[]).find((key) => terms[key] === word);
