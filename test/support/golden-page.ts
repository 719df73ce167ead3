/** Texts that people read, one below the other under what they are of: whoever changes a word sees all of them in one diff. */
export const goldenPage = (texts: readonly (readonly [what: string, text: string])[]): string =>
	texts.map(([what, text]) => `== ${what}\n${text.replace(/\n*$/, '\n')}`).join('\n');
