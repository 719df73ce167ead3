import type { ReasonCode } from './reasons.ts';

/** The docs page on a reason, or on all of them; undefined if the deployment names no docs. */
export const reasonLink = (docsBaseUrl: string | undefined, reason?: ReasonCode): string | undefined => {
	if (docsBaseUrl === undefined || docsBaseUrl === '') return undefined;
	return reason === undefined ? docsBaseUrl : `${docsBaseUrl}#${reason}`;
};
