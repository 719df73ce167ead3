import type { ReasonCode } from './reasons.ts';

/** Where the docs tell of a reason, or of all of them; undefined where the deployment names no docs. */
export const reasonLink = (docsBaseUrl: string | undefined, reason?: ReasonCode): string | undefined => {
	if (docsBaseUrl === undefined || docsBaseUrl === '') return undefined;
	return reason === undefined ? docsBaseUrl : `${docsBaseUrl}#${reason}`;
};
