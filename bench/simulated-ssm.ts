import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ListCommandInvocationsCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';

/** Calls a second for SendCommand and ListCommandInvocations together, and what may come at once. */
const callsASecond = 25;
const burst = 25;
/** The SDK's standard retry mode: so many attempts, with full jitter on 100 ms doubling. */
const attempts = 3;
const between = (low: number, high: number) => low + Math.random() * (high - low);

export type SsmCounts = { send: number; list: number; throttled: number };

/** Systems Manager as far as a check needs it, with a quota, latencies of its calls, and routers that take their time, or are lost. */
export const simulatedSsm = (
	reportOf: (instanceId: string) => string,
	isLost: (instanceId: string) => boolean,
): { client: SSMClient; counts: SsmCounts } => {
	const counts: SsmCounts = { send: 0, list: 0, throttled: 0 };
	let tokens = burst;
	let filledAt = Date.now();
	const take = (): boolean => {
		const now = Date.now();
		tokens = Math.min(burst, tokens + ((now - filledAt) * callsASecond) / 1_000);
		filledAt = now;
		if (tokens < 1) return false;
		tokens--;
		return true;
	};
	const commands = new Map<string, { instanceId: string; endsAt: number }[]>();
	/** Delivery and the script: AWS gives no figures; most take 1 to 3 s, and let one in a hundred take up to 8. */
	const answerMs = () => (Math.random() < 0.01 ? between(3_000, 8_000) : between(1_000, 3_000));

	const answer = (command: unknown): object => {
		if (command instanceof SendCommandCommand) {
			const id = randomUUID();
			const now = Date.now();
			commands.set(
				id,
				(command.input.InstanceIds ?? []).map((instanceId) => ({
					instanceId,
					endsAt: isLost(instanceId) ? Number.POSITIVE_INFINITY : now + answerMs(),
				})),
			);
			return { Command: { CommandId: id } };
		}
		if (command instanceof ListCommandInvocationsCommand) {
			const invocations = commands.get(command.input.CommandId ?? '') ?? [];
			const ended = invocations.filter(({ endsAt }) => endsAt <= Date.now());
			return {
				CommandInvocations: ended.map(({ instanceId }) => ({
					InstanceId: instanceId,
					Status: 'Success',
					StatusDetails: 'Success',
					CommandPlugins: [{ Output: reportOf(instanceId) }],
				})),
			};
		}
		throw new Error('no such call here');
	};

	const send = async (command: unknown): Promise<object> => {
		for (let attempt = 1; ; attempt++) {
			await pause(between(20, 80));
			if (command instanceof SendCommandCommand) counts.send++;
			else counts.list++;
			if (take()) return answer(command);
			counts.throttled++;
			if (attempt >= attempts) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
			await pause(Math.random() * 100 * 2 ** attempt);
		}
	};
	return { client: Object.assign(new SSMClient({ region: 'us-east-1' }), { send }), counts };
};
