import type { ReasonCode } from '../model/reasons.ts';
import type { LogLine } from './log-lines.ts';
import { type LogPattern, logPatterns } from './log-patterns.ts';

/**
 * What a line of the daemon says of a reason: `shown`, where the daemon itself judged what the peer sent or the network told
 * it so; `hinted`, where it is only what the peer answered or left unanswered.
 */
export type Evidence = { code: ReasonCode; strength: 'shown' | 'hinted'; line: LogLine };

const patterns = logPatterns.map((row) => ({ ...row, expression: new RegExp(row.says) }));

/** What evidence is of, what decides first: what our own attempts met, and at the end what only the want of an answer says. */
const kinds = ['attempt', 'silence', 'request', 'loss', 'network', 'unanswered'] as const;
type Kind = (typeof kinds)[number];
type Found = Evidence & { kind: Kind };

const isOfAttempt = ({ kind }: Found): boolean => kind !== 'request' && kind !== 'loss';
/** Untrue as soon as something of the peer is heard. */
const isOfAbsence = (kind: Kind): boolean => kind === 'network' || kind === 'unanswered';
/** What a refusal of phase 2 may be. */
const ofPhase2: readonly ReasonCode[] = ['esp-proposal-mismatch', 'pfs-mismatch', 'subnet-mismatch'];

/** The evidence since the last success, what decides first: the order in which the router's `reasons.sh` finds its reason. */
export const logEvidence = (lines: readonly LogLine[]): Evidence[] => {
	const { found, before } = read(lines);
	return [...inOrder(found), ...before.toReversed()].map(({ kind, ...evidence }) => evidence);
};

/** Whether anything came from the peer since our last attempt began. */
export const isPeerHeard = (lines: readonly LogLine[]): boolean => read(lines).isHeard;

/** The newest first in each kind. What the peer's request was refused for explains a refusal of phase 2 that names no cause. */
const inOrder = (found: readonly Found[]): Found[] => {
	const newest = found.toReversed();
	const ordered = kinds.flatMap((kind) => newest.filter((one) => one.kind === kind));
	const request = newest.find(({ kind }) => kind === 'request');
	const explains = ordered[0]?.code === 'phase2-refused' && request !== undefined && ofPhase2.includes(request.code);
	return explains ? [request, ...ordered.filter((one) => one !== request)] : ordered;
};

/** A daemon's state, by the number that it logs; `-` for what it says before it has one. */
type State = string;

type Reading = {
	found: Found[];
	/** Of our attempts before the present one. */
	before: Found[];
	isHeard: boolean;
	isChildUp: boolean;
	withPhase1: ReadonlySet<State>;
	/** Those that the peer began. */
	theirs: ReadonlySet<State>;
	/** Those of which something was said. */
	said: ReadonlySet<State>;
};

const nothing: Reading = {
	found: [],
	before: [],
	isHeard: false,
	isChildUp: false,
	withPhase1: new Set(),
	theirs: new Set(),
	said: new Set(),
};

const read = (lines: readonly LogLine[]): Reading => lines.reduce(afterLine, nothing);

const isUnconnected = (text: string): boolean => !text.includes('"') && /packet from [0-9.]+:/.test(text);

const afterLine = (was: Reading, line: LogLine): Reading => {
	const { text } = line;
	const unconnected = isUnconnected(text);
	const state = unconnected ? '-' : (/#[0-9]+:/.exec(text)?.[0] ?? '');
	const reading = unconnected ? { ...heard(was), theirs: including(was.theirs, state) } : was;
	for (const row of patterns) {
		const words = row.expression.exec(text)?.[0];
		if (words !== undefined) return afterRow(reading, row, { line, state, words });
	}
	return reading;
};

type Match = { line: LogLine; state: State; words: string };

const afterRow = (was: Reading, row: LogPattern, { line, state, words }: Match): Reading => {
	switch (row.means) {
		case 'loaded':
			return nothing;
		case 'child-up':
			return { ...was, found: [], before: [], isHeard: false, isChildUp: true };
		case 'initiating':
			return {
				...was,
				found: was.found.filter((one) => !isOfAttempt(one)),
				before: [...was.before, ...was.found.filter(isOfAttempt)],
				isHeard: false,
				withPhase1: without(was.withPhase1, state),
				theirs: without(was.theirs, state),
				said: without(was.said, state),
			};
		case 'responding':
			return { ...heard(was), theirs: including(was.theirs, state) };
		case 'phase-1-up':
			return { ...heard(was), withPhase1: including(was.withPhase1, state) };
		case 'phase-1-used':
			return { ...heard(was), withPhase1: including(was.withPhase1, `#${words.split('#')[1]}:`) };
		case 'heard':
			return heard(was);
		case 'nothing':
			return was;
		default:
			return afterEvidence(was, { ...row, means: row.means }, { line, state });
	}
};

const afterEvidence = (
	was: Reading,
	row: LogPattern & { means: Kind | 'either' },
	{ line, state }: Omit<Match, 'words'>,
): Reading => {
	const code = codesOf(was, row, state)?.[0];
	if (code === undefined || (row.unlessSaid && was.said.has(state))) return was;
	const kind = row.means === 'either' ? (was.theirs.has(state) ? 'request' : 'attempt') : row.means;
	const reading = { ...(isOfAbsence(kind) ? was : heard(was)), said: including(was.said, state) };
	if (kind === 'unanswered' && was.isHeard) return reading;
	return { ...reading, found: [...reading.found, { code, strength: row.strength ?? 'hinted', line, kind }] };
};

const codesOf = (was: Reading, { codes, beforePhase1, beforeChild }: LogPattern, state: State) => {
	if (!was.withPhase1.has(state)) return beforePhase1 ?? codes;
	return was.isChildUp ? codes : (beforeChild ?? codes);
};

const heard = (was: Reading): Reading => ({
	...was,
	isHeard: true,
	found: was.found.filter(({ kind }) => !isOfAbsence(kind)),
	before: was.before.filter(({ kind }) => !isOfAbsence(kind)),
});

const including = (states: ReadonlySet<State>, state: State): ReadonlySet<State> => new Set([...states, state]);
const without = (states: ReadonlySet<State>, state: State): ReadonlySet<State> =>
	new Set([...states].filter((one) => one !== state));
