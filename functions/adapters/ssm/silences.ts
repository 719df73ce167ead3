import { maskKeys } from '../../domain/model/mask-keys.ts';
import { agentTooOld, type RouterAnswer, routerLacks, type Silence } from '../../domain/model/router-answer.ts';
import { oneLine } from '../../domain/model/text.ts';
import { parseReport } from '../../domain/router/parse-report.ts';
import { type Invocation, throttledStatus } from './run-command.ts';

type Silent = { silence: Silence };
export const silent = (code: Silence['code'], detail: string): Silent => ({ silence: { code, detail } });

export const throttledCall = silent('throttled', 'Systems Manager throttles our calls');

/** What a command's status means where it brings no report; of those that have no entry, only that. */
const byStatus: Readonly<Record<string, [Silence['code'], string]>> = {
	Pending: ['unreachable', 'its agent has not taken the command'],
	Delayed: ['unreachable', 'its agent has not taken the command'],
	InProgress: ['still-running', 'it had not ended the command when our time was up'],
	TimedOut: ['still-running', 'it had not ended the command when the document’s time was up'],
	ExecutionTimedOut: ['still-running', 'it had not ended the command when the document’s time was up'],
	DeliveryTimedOut: ['undeliverable', 'the command was not delivered in time'],
	Undeliverable: ['undeliverable', 'the command cannot be delivered'],
	Terminated: ['terminated', 'the command was terminated'],
	Cancelled: ['terminated', 'the command was cancelled'],
	Cancelling: ['terminated', 'the command was cancelled'],
};

const oldAgent = silent('agent-too-old', 'its Systems Manager agent is older than 3.3.2746.0: update it');

const lackingOf = (errors: string): string | undefined => {
	const line = errors.split('\n').find((one) => one.startsWith(routerLacks));
	return line === undefined ? undefined : maskKeys(oneLine(line.slice(routerLacks.length, 1_000))).slice(0, 300);
};

/** Of an invocation that brought nothing, or whose text is of no use. */
export const silenceOf = (invocation: Invocation | undefined): Silent => {
	if (invocation === undefined) return silent('unreachable', 'Systems Manager has no trace of the command on it');
	const { status } = invocation;
	if (status === throttledStatus) return throttledCall;
	if (invocation.ended && invocation.errors.includes(agentTooOld)) return oldAgent;
	const lacking = invocation.ended ? lackingOf(invocation.errors) : undefined;
	if (lacking !== undefined) return silent('tool-missing', `it lacks ${lacking}`);
	return silent(...(byStatus[status] ?? ['unreachable', `the command ended as ${status}`]));
};

const mostOfErrors = 300;

/** Masked before it is cut: the latter half of a key would not be known as one. */
const shownErrors = (errors: string): string => maskKeys(oneLine(errors)).slice(-mostOfErrors);

/** The report of a check or an apply, or why there is none. */
export const answerOf = (invocation: Invocation | undefined): RouterAnswer => {
	if (!invocation?.ended) return silenceOf(invocation);
	const { status, output, errors } = invocation;
	const report = parseReport(output);
	if (!('unreadable' in report)) return { report };
	if (errors.includes(agentTooOld) || errors.includes(routerLacks) || (status !== 'Success' && status !== 'Failed'))
		return silenceOf(invocation);
	return silent('unreadable', [report.unreadable, shownErrors(errors)].filter(Boolean).join('; '));
};
