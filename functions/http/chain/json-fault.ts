const positionOf = /at position (\d+)/;
/** A longer one takes seconds of a function to search. */
const mostSearched = 65_536;
const isToken = /^Unexpected (?:token|non-whitespace)/;

const messageOf = (text: string): string | undefined => {
	try {
		JSON.parse(text);
		return undefined;
	} catch (error) {
		return (error as SyntaxError).message;
	}
};

/** The shortest beginning that no end makes right; its last character is the one that does not belong. */
const firstWrong = (text: string): number => {
	let [right, wrong] = [0, text.length];
	while (wrong - right > 1) {
		const middle = (right + wrong) >> 1;
		if (isToken.test(messageOf(text.slice(0, middle)) ?? '')) wrong = middle;
		else right = middle;
	}
	return wrong - 1;
};

/**
 * Where a text stops being JSON, for its writer. V8 has the position in some messages and a piece of the text in the others, which
 * may be a secret: nothing of either is passed on.
 */
export const jsonFault = (text: string): string => {
	const message = messageOf(text);
	if (message === undefined) return 'valid JSON';
	if (/^Unexpected end/.test(message)) return 'not valid JSON: it ends too early';
	const told = positionOf.exec(message)?.[1];
	if (told === undefined && text.length > mostSearched) return 'not valid JSON';
	const position = Number(told ?? firstWrong(text));
	if (position >= text.length) return 'not valid JSON: it ends too early';
	const before = text.slice(0, position).split('\n');
	return `not valid JSON from line ${before.length}, character ${(before.at(-1)?.length ?? 0) + 1} on`;
};
