import { ProblemError } from './problem-error.ts';

export const nameTaken = (name: string): ProblemError => {
	const detail = `another customer gateway of the account is already named ${name}`;
	return new ProblemError('name-taken', detail, [{ pointer: '/name', detail }]);
};
