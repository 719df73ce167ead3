/** `<file>:<line>: <what>`, as the router names an error in the files of its owner; absolute, so that no other colon is taken for it. */
const place = /(\/[^\s:]+:\d+: .*)$/;

/** The file and the line that the steps of an apply blame, of the router or of this connection. */
export const foreignPlace = (steps: readonly string[], connectionId: string): string | undefined =>
	steps
		.filter((step) => step.startsWith('- ') || step.startsWith(`${connectionId} `))
		.flatMap((step) => place.exec(step)?.[1] ?? [])[0];
