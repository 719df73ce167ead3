import { type LogPattern, logPatterns } from '../functions/domain/diagnosis/log-patterns.ts';

const word = (codes: readonly string[] = []): string => `"${codes.join()}"`;

const rule = ({ says, means, codes, beforePhase1, beforeChild, unlessSaid }: LogPattern): string => {
	const cases = [codes, beforePhase1, beforeChild].map(word);
	return `match($0, /${says}/) { told("${means}", ${[...cases, unlessSaid ? 1 : 0].join(', ')}); next }`;
};

/** The table of patterns as rules of awk; `told` is in `lib/reasons.sh`. */
export const logPatternsAwk = (): string => logPatterns.map(rule).join('\n');
