import { type Diagnosis, diagnose } from '../../domain/diagnosis/diagnose.ts';
import { logLines } from '../../domain/diagnosis/log-lines.ts';
import { probeOf } from '../../domain/diagnosis/probe.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';

/** API Gateway waits 30 s; we promise an answer within 20. */
const deadlineMs = 18_000;
const linesRead = 200;

type Request = { caller: Caller; id: string; probe: boolean };

/** Asks the router for its report and its logs. A router that gives neither is a finding of its own, not an error. */
export const diagnoseConnection = async (
	{ store, routers, clock, settings }: Ports,
	{ caller, id, probe }: Request,
): Promise<Diagnosis> => {
	const connection = await loadVisible(store, caller, { table: 'connections', id });
	const vpc = await store.get('vpcs', connection.vpcId);
	if (vpc === undefined) throw notFound('vpcs', connection.vpcId);
	const { routerInstanceId } = vpc;
	const logs = await routers.logs(routerInstanceId, { connectionId: id, limit: linesRead, probe }, deadlineMs / 2);
	// Only after the probe, so that the report covers the attempt that the probe made.
	const answers = await routers.check([routerInstanceId], deadlineMs / 2);
	const now = clock();
	const text = 'text' in logs ? logs.text : '';
	return diagnose({
		connection,
		answer: answers.get(routerInstanceId) ?? { silence: { code: 'unreachable', detail: `${routerInstanceId} did not answer` } },
		lines: logLines(text, { now }) ?? [],
		probe: probeOf(text),
		docsBaseUrl: settings.docsBaseUrl,
		now,
	});
};
