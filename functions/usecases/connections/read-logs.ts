import { type LogLine, logLines } from '../../domain/diagnosis/log-lines.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { spendQuestion } from '../shared/question-to-router.ts';

/** API Gateway waits 30 s; we promise an answer within 20. */
const deadlineMs = 18_000;

type Request = { caller: Caller; id: string; limit: number; since: string | undefined };

/** Throws `router-timeout` if the router does not answer in time. */
export const readLogs = async (ports: Ports, { caller, id, limit, since }: Request): Promise<LogLine[]> => {
	const { store, routers, clock } = ports;
	const connection = await loadVisible(store, caller, { table: 'connections', id });
	const vpc = await store.get('vpcs', connection.vpcId);
	if (vpc === undefined) throw notFound('vpcs', connection.vpcId);
	await spendQuestion(ports, caller, connection.accountId);
	const answer = await routers.logs(vpc.routerInstanceId, { connectionId: id, limit, probe: false }, deadlineMs);
	const lines = 'text' in answer ? logLines(answer.text, { now: clock(), since }) : undefined;
	if (lines !== undefined) return lines;
	const why = 'silence' in answer ? answer.silence.detail : 'its answer was truncated';
	throw new ProblemError('router-timeout', `the router ${vpc.routerInstanceId} returned no logs: ${why}`);
};
