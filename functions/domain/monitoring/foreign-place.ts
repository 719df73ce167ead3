/**
 * `<file>:<line>: <what>`, as the router names an error in the files of its owner; absolute, so that no other colon is taken for it. Looked
 * for at the first slash of a word alone: at each of a thousand it would cost the time of a thousand.
 */
const place = /(?:^|[\s:])[^\s:/]*(\/[^\s:]+:\d+: .*)$/;

/** The file and the line that the steps of an apply blame, of the router or of this connection. */
export const foreignPlace = (steps: readonly string[], connectionId: string): string | undefined =>
	steps
		.filter((step) => step.startsWith('- ') || step.startsWith(`${connectionId} `))
		.flatMap((step) => place.exec(step)?.[1] ?? [])[0];
