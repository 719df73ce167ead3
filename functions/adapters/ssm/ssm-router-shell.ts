import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { parseReport } from '../../domain/parse-report.ts';
import type { RouterAnswer, Silence } from '../../domain/router-answer.ts';
import type { RouterShell } from '../../ports.ts';
import {
	type Command,
	getInvocation,
	type Invocation,
	isThrottle,
	isUnknownInstance,
	listInvocations,
	managedInstances,
	sendCommand,
	throttledStatus,
} from './run-command.ts';

export type Documents = { apply: string; check: string; logs: string };

const pollMs = 500;
/** The document's own limit (120 s), the delivery (30 s), and a little. */
const applyDeadlineMs = 155_000;

/** From so many routers in a call on, calls count: all of the fleet together are to stay within 3 calls for 50 routers. */
const manyRouters = 20;
/** Run Command takes 1 to 3 s for a trivial script: most have answered by the first, all but a few slow ones by the second. */
const looksMs = [3_500, 8_000];

/** When a check looks for what has ended, in milliseconds from its begin. */
const looksAt = (routers: number, deadlineMs: number): number[] => {
	if (routers >= manyRouters) return [...looksMs.filter((at) => at < deadlineMs), deadlineMs];
	return Array.from({ length: Math.floor(deadlineMs / pollMs) }, (_, n) => (n + 1) * pollMs);
};

const silent = (code: Silence['code'], detail: string): { silence: Silence } => ({ silence: { code, detail } });

const throttledCall = silent('throttled', 'Systems Manager throttles our calls');

/** What a command's status means where it brings no report; of those that have no entry, only that. */
const silences: Readonly<Record<string, [Silence['code'], string]>> = {
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

const silenceOf = (status: string | undefined): { silence: Silence } => {
	if (status === throttledStatus) return throttledCall;
	if (status === undefined) return silent('unreachable', 'Systems Manager has no trace of the command on it');
	return silent(...(silences[status] ?? ['unreachable', `the command ended as ${status}`]));
};

const answerOf = (invocation: Invocation | undefined): RouterAnswer => {
	if (!invocation?.ended) return silenceOf(invocation?.status);
	const { status, output, errors } = invocation;
	const report = parseReport(output);
	if (!('unreadable' in report)) return { report };
	if (status === 'Success' || status === 'Failed')
		return silent('unreadable', [report.unreadable, errors.trim().slice(-300)].filter(Boolean).join('; '));
	return silenceOf(status);
};

/** An outcome of the call itself. What is neither a limit nor an instance's is a fault of ours, and thrown. */
const refusedCall = (error: unknown): { silence: Silence } => {
	if (isThrottle(error)) return throttledCall;
	if (isUnknownInstance(error)) return silent('not-managed', 'Systems Manager does not know the instance');
	throw error;
};

/** Systems Manager Run Command, by the documents of the stack and nothing else. */
export const ssmRouterShell = (client: SSMClient, documents: Documents): RouterShell => {
	/** InvalidInstanceId fails the whole call: then those that are known get it alone. */
	const sendToManaged = async (command: Command): Promise<{ commandId?: string; unmanaged: string[] }> => {
		try {
			return { commandId: await sendCommand(client, command), unmanaged: [] };
		} catch (error) {
			if (!isUnknownInstance(error)) throw error;
		}
		const known = await managedInstances(client, command.instanceIds);
		const unmanaged = command.instanceIds.filter((id) => !known.has(id));
		const instanceIds = command.instanceIds.filter((id) => known.has(id));
		if (instanceIds.length === 0) return { unmanaged };
		return { commandId: await sendCommand(client, { ...command, instanceIds }), unmanaged };
	};

	/** A look that is throttled is not the last one. */
	const lookAt = async (commandId: string, known: ReadonlyMap<string, unknown>) => {
		try {
			return await listInvocations(client, commandId, known);
		} catch (error) {
			return refusedCall(error);
		}
	};

	/** The invocation once it has ended, else as it was seen last. */
	const endOf = async (of: { commandId: string; instanceId: string }, end: number): Promise<Invocation | undefined> => {
		let seen: Invocation | undefined;
		while (seen?.ended !== true && Date.now() < end) {
			await pause(pollMs);
			seen = await getInvocation(client, of.commandId, of.instanceId);
		}
		return seen;
	};

	return {
		async logs(instanceId, { connectionId, limit, probe }, deadlineMs) {
			const end = Date.now() + deadlineMs;
			try {
				const parameters = { ConnectionId: connectionId, Limit: String(limit), Probe: probe ? '1' : '0' };
				const commandId = await sendCommand(client, { document: documents.logs, instanceIds: [instanceId], parameters });
				const invocation = await endOf({ commandId, instanceId }, end);
				if (invocation?.ended && invocation.status === 'Success') return { text: invocation.output };
				return silenceOf(invocation?.status);
			} catch (error) {
				return refusedCall(error);
			}
		},
		async apply(instanceId, { revision, text }) {
			try {
				const parameters = { Bundle: gzipSync(text).toString('base64'), Revision: revision };
				const commandId = await sendCommand(client, { document: documents.apply, instanceIds: [instanceId], parameters });
				return answerOf(await endOf({ commandId, instanceId }, Date.now() + applyDeadlineMs));
			} catch (error) {
				return refusedCall(error);
			}
		},
		async check(instanceIds, deadlineMs, answered = () => {}) {
			const answers = new Map<string, RouterAnswer>();
			const tell = (id: string, answer: RouterAnswer) => {
				if (answers.has(id)) return;
				answers.set(id, answer);
				answered(id, answer);
			};
			const seen = new Map<string, Invocation>();
			const begin = Date.now();
			let throttled: { silence: Silence } | undefined;
			try {
				const { commandId, unmanaged } = await sendToManaged({ document: documents.check, instanceIds, parameters: {} });
				for (const id of unmanaged) tell(id, silent('not-managed', 'Systems Manager does not know the instance'));
				for (const at of looksAt(instanceIds.length, deadlineMs)) {
					if (commandId === undefined || answers.size >= instanceIds.length) break;
					await pause(Math.max(0, begin + at - Date.now()));
					const invocations = await lookAt(commandId, answers);
					throttled = 'silence' in invocations ? invocations : undefined;
					if ('silence' in invocations) continue;
					for (const [id, invocation] of invocations) {
						seen.set(id, invocation);
						if (invocation.ended) tell(id, answerOf(invocation));
					}
				}
			} catch (error) {
				const refused = refusedCall(error);
				for (const id of instanceIds) tell(id, refused);
			}
			for (const id of instanceIds) tell(id, throttled ?? answerOf(seen.get(id)));
			return answers;
		},
	};
};
