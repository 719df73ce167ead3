import { isRefusal, type ProblemKind, type Refusal } from '../../domain/model/problem-kind.ts';

export type InvalidField = { pointer: string; detail: string };

/** A refused request. The HTTP layer gives it its status and its problem type. */
export class ProblemError extends Error {
	readonly kind: ProblemKind;
	readonly errors: readonly InvalidField[];
	constructor(kind: ProblemKind, detail: string, errors: readonly InvalidField[] = []) {
		super(detail);
		this.kind = kind;
		this.errors = errors;
	}
}

/** Throws if a rule refused. */
export const throwIfRefused = <T extends object>(verdict: T | Refusal | undefined): T | undefined => {
	if (!isRefusal(verdict)) return verdict;
	const { problem, detail, pointer } = verdict;
	throw new ProblemError(problem, detail, pointer === undefined ? [] : [{ pointer, detail }]);
};
