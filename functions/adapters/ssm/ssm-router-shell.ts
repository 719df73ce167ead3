import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { parseReport } from '../../domain/parse-report.ts';
import type { RouterAnswer, Silence } from '../../domain/router-answer.ts';
import type { RouterShell } from '../../ports.ts';
import {
	type Command,
	type Ended,
	endedInvocation,
	endedInvocations,
	isThrottle,
	isUnknownInstance,
	managedInstances,
	sendCommand,
} from './run-command.ts';

export type Documents = { apply: string; check: string; logs: string };

const pollMs = 500;
/** The document's own limit (120 s), the delivery (30 s), and a little. */
const applyDeadlineMs = 155_000;

/** From so many routers in a call on, calls count: one to send and two to look are 3/50 a router. */
const manyRouters = 20;
/** Most have answered by then. */
const firstLookMs = 2_500;

/** When a check looks for what has ended, in milliseconds from its begin. */
const looksAt = (routers: number, deadlineMs: number): number[] => {
	if (routers >= manyRouters) return [Math.min(firstLookMs, deadlineMs), deadlineMs];
	return Array.from({ length: Math.floor(deadlineMs / pollMs) }, (_, n) => (n + 1) * pollMs);
};

const silent = (code: Silence['code'], detail: string): { silence: Silence } => ({ silence: { code, detail } });

const answerOf = ({ status, output, errors }: Ended): RouterAnswer => {
	const report = parseReport(output);
	if (!('unreadable' in report)) return { report };
	if (status === 'Success' || status === 'Failed')
		return silent('unreadable', [report.unreadable, errors.trim().slice(-300)].filter(Boolean).join('; '));
	return silent('unreachable', `the command ended as ${status}`);
};

/** An outcome of the call itself. What is neither a limit nor an instance's is a fault of ours, and thrown. */
const refusedCall = (error: unknown): { silence: Silence } => {
	if (isThrottle(error)) return silent('throttled', 'Systems Manager throttles our calls');
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

	return {
		async logs(instanceId, { connectionId, limit, probe }, deadlineMs) {
			const end = Date.now() + deadlineMs;
			try {
				const parameters = { ConnectionId: connectionId, Limit: String(limit), Probe: probe ? '1' : '0' };
				const commandId = await sendCommand(client, { document: documents.logs, instanceIds: [instanceId], parameters });
				while (Date.now() < end) {
					await pause(pollMs);
					const result = await endedInvocation(client, commandId, instanceId);
					if (result?.status === 'Success') return { text: result.output };
					if (result !== undefined) return silent('unreachable', `the command ended as ${result.status}`);
				}
				return silent('unreachable', 'it did not answer in time');
			} catch (error) {
				return refusedCall(error);
			}
		},
		async apply(instanceId, { revision, text }) {
			try {
				const parameters = { Bundle: gzipSync(text).toString('base64'), Revision: revision };
				const commandId = await sendCommand(client, { document: documents.apply, instanceIds: [instanceId], parameters });
				for (const end = Date.now() + applyDeadlineMs; Date.now() < end; ) {
					await pause(pollMs);
					const result = await endedInvocation(client, commandId, instanceId);
					if (result !== undefined) return answerOf(result);
				}
				return silent('unreachable', 'the router did not end the command in time');
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
			const end = Date.now() + deadlineMs;
			try {
				const { commandId, unmanaged } = await sendToManaged({ document: documents.check, instanceIds, parameters: {} });
				for (const id of unmanaged) tell(id, silent('not-managed', 'Systems Manager does not know the instance'));
				for (const at of looksAt(instanceIds.length, deadlineMs)) {
					if (commandId === undefined || answers.size >= instanceIds.length) break;
					await pause(Math.max(0, end - deadlineMs + at - Date.now()));
					for (const [id, result] of await endedInvocations(client, commandId)) tell(id, answerOf(result));
				}
			} catch (error) {
				const refused = refusedCall(error);
				for (const id of instanceIds) tell(id, refused);
			}
			for (const id of instanceIds) {
				tell(id, silent('unreachable', 'no answer before the deadline of the check'));
			}
			return answers;
		},
	};
};
