import { setTimeout as pause } from 'node:timers/promises';
import { constants, gzipSync } from 'node:zlib';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { RouterAnswer } from '../../domain/model/router-answer.ts';
import type { RouterShell } from '../../ports.ts';
import { getInvocation, type Invocation, isThrottle, listInvocations } from './run-command.ts';
import { sendToEach, sendUntil, type TellRefused } from './send-to-each.ts';
import { answerOf, silenceOf, throttledCall } from './silences.ts';

export type Documents = Record<'apply' | 'check' | 'logs' | 'inspect', string>;

/** Most have answered within seconds. Who goes on waiting looks ever less often: the calls a second are those of all routers together. */
const nextPoll = (waitedMs: number): number => (waitedMs < 5_000 ? 500 : waitedMs < 10_000 ? 1_000 : 2_000);
/** The document's own limit (120 s), the delivery (30 s), and a little. */
const applyDeadlineMs = 155_000;

/** From so many routers in a call on, calls count: all of the fleet together are to stay within 3 calls for 50 routers. */
const manyRouters = 20;
/** Run Command takes 1 to 3 s for a trivial script: most have answered by the first, all but a few slow ones by the second. */
const looksMs = [3_500, 8_000];

/** After the last look, where that was throttled. */
const lateLooks = 3;
const lateLookMs = 700;

/** When a check looks for what has ended, in milliseconds from its begin. */
const looksAt = (routers: number, deadlineMs: number): number[] => {
	if (routers >= manyRouters) return [...looksMs.filter((at) => at < deadlineMs), deadlineMs];
	const at: number[] = [];
	for (let next = nextPoll(0); next < deadlineMs; next += nextPoll(next)) at.push(next);
	return [...at, deadlineMs];
};

/** Systems Manager Run Command, by the documents of the stack and nothing else. */
export const ssmRouterShell = (client: SSMClient, documents: Documents, tellRefused?: TellRefused): RouterShell => {
	/** The invocation once it has ended, else as it was seen last. */
	const endOf = async (of: { commandId: string; instanceId: string }, end: number): Promise<Invocation | undefined> => {
		const begin = Date.now();
		let seen: Invocation | undefined;
		while (seen?.ended !== true && Date.now() < end) {
			await pause(Math.min(nextPoll(Date.now() - begin), end - Date.now()));
			seen = await getInvocation(client, of.commandId, of.instanceId);
		}
		return seen;
	};

	/** Runs a document on one instance and waits for its end. Throws what is a fault of ours. */
	const runOn = async (
		instanceId: string,
		{ document, parameters, end }: { document: string; parameters: Record<string, string>; end: number },
	) => {
		const sent = await sendToEach(client, { document, instanceIds: [instanceId], parameters }, tellRefused);
		const [command] = sent.commands;
		if (command === undefined) return sent.silent.get(instanceId) ?? silenceOf(undefined);
		try {
			return { invocation: await endOf({ commandId: command.commandId, instanceId }, end) };
		} catch (error) {
			if (!isThrottle(error)) throw error;
			return throttledCall;
		}
	};

	/** What a document prints, once it has ended well. */
	const textOf = async (...of: Parameters<typeof runOn>) => {
		const ran = await runOn(...of);
		if ('silence' in ran) return ran;
		const { invocation } = ran;
		return invocation?.ended && invocation.status === 'Success' ? { text: invocation.output } : silenceOf(invocation);
	};

	return {
		logs(instanceId, { connectionId, limit, probe }, deadlineMs) {
			const parameters = { ConnectionId: connectionId, Limit: String(limit), Probe: probe ? '1' : '0' };
			return textOf(instanceId, { document: documents.logs, parameters, end: Date.now() + deadlineMs });
		},
		inspect: (instanceId, { key }, deadlineMs) =>
			textOf(instanceId, { document: documents.inspect, parameters: { Key: key }, end: Date.now() + deadlineMs }),
		async apply(instanceId, { revision, text, force = false }) {
			const bundle = {
				Bundle: gzipSync(text, { level: 9, strategy: constants.Z_FILTERED }).toString('base64'),
				Revision: revision,
			};
			// The document of the version before does not know the parameter.
			const parameters = force ? { ...bundle, Force: '1' } : bundle;
			const ran = await runOn(instanceId, { document: documents.apply, parameters, end: Date.now() + applyDeadlineMs });
			return 'silence' in ran ? ran : answerOf(ran.invocation);
		},
		async check(instanceIds, deadlineMs, answered = () => {}) {
			const answers = new Map<string, RouterAnswer>();
			const tell = (id: string, answer: RouterAnswer) => {
				if (answers.has(id)) return;
				answers.set(id, answer);
				answered(id, answer);
			};
			const begin = Date.now();
			const command = { document: documents.check, instanceIds, parameters: {} };
			const sent = await sendUntil(client, command, begin + deadlineMs / 2, tellRefused);
			for (const [id, answer] of sent.silent) tell(id, answer);
			const last = new Map<string, Invocation>();

			/** What has ended of one command. A look that is throttled is not the last one. */
			const lookAt = async (commandId: string): Promise<{ throttled: boolean }> => {
				try {
					for (const [id, invocation] of await listInvocations(client, commandId, answers)) {
						last.set(id, invocation);
						if (invocation.ended) tell(id, answerOf(invocation));
					}
					return { throttled: false };
				} catch (error) {
					if (!isThrottle(error)) throw error;
					return { throttled: true };
				}
			};
			const throttled = new Set<string>();
			const lookAgainAt = async (commandId: string): Promise<void> => {
				if ((await lookAt(commandId)).throttled) throttled.add(commandId);
				else throttled.delete(commandId);
			};
			for (const at of looksAt(instanceIds.length, deadlineMs)) {
				const open = sent.commands.filter((command) => command.instanceIds.some((id) => !answers.has(id)));
				if (open.length === 0) break;
				await pause(Math.max(0, begin + at - Date.now()));
				for (const { commandId } of open) await lookAgainAt(commandId);
			}
			for (let more = 0; more < lateLooks && throttled.size > 0; more++) {
				await pause(lateLookMs);
				for (const commandId of throttled) await lookAgainAt(commandId);
			}
			for (const { commandId, instanceIds: ids } of sent.commands)
				for (const id of ids) tell(id, throttled.has(commandId) ? throttledCall : answerOf(last.get(id)));
			return answers;
		},
	};
};
