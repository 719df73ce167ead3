import { ProblemError } from './problem-error.ts';

/** If-Match: the ETag is the version. Throws a problem if the row has another version by now. */
export const throwIfStale = (row: { version: number }, ifMatch: string | undefined): void => {
	if (ifMatch === undefined || ifMatch === '*' || ifMatch === `"${row.version}"`) return;
	throw new ProblemError('stale-version', `the version is now "${row.version}"; read it again before you change it`);
};
