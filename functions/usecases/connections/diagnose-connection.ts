import { type Diagnosis, diagnose } from '../../domain/diagnosis/diagnose.ts';
import { logLines } from '../../domain/diagnosis/log-lines.ts';
import { probeOf } from '../../domain/diagnosis/probe.ts';
import { keyTrialOf } from '../../domain/model/key-trial.ts';
import type { RouterAnswer, Silence } from '../../domain/model/router-answer.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import { monitoringOf } from '../../domain/monitoring/health.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { spendQuestion } from '../shared/question-to-router.ts';

/** For logs and for a report. With a probe and the report behind it, the answer comes within 20 s; API Gateway waits 30 s. */
const answerMs = 9_000;
/** On a router with nothing else to do it takes eight seconds. */
const probeMs = 15_000;
const afterProbeMs = 5_000;
const linesRead = 200;

type Request = { caller: Caller; id: string; probe: boolean };
type Logs = { text: string } | { silence: Silence };

/**
 * Asks the router for its report and its logs. A router that gives neither is a finding of its own, not an error. A probe is asked
 * for beside them, so that one that does not answer takes nothing away.
 */
export const diagnoseConnection = async (ports: Ports, { caller, id, probe }: Request): Promise<Diagnosis> => {
	const { store, routers, clock, settings } = ports;
	const connection = await loadVisible(store, caller, { table: 'connections', id });
	const vpc = await store.get('vpcs', connection.vpcId);
	if (vpc === undefined) throw notFound('vpcs', connection.vpcId);
	await spendQuestion(ports, caller, connection.accountId);
	const { customerGatewayId, keyOnTrial } = connection;
	const customerGateway = keyOnTrial === true ? await store.get('customerGateways', customerGatewayId) : undefined;
	const { routerInstanceId } = vpc;
	const logs = (isProbe: boolean) =>
		routers.logs(routerInstanceId, { connectionId: id, limit: linesRead, probe: isProbe }, isProbe ? probeMs : answerMs);
	const check = async (deadlineMs: number): Promise<RouterAnswer> =>
		(await routers.check([routerInstanceId], deadlineMs)).get(routerInstanceId) ?? {
			silence: { code: 'unreachable', detail: `${routerInstanceId} did not answer` },
		};
	const [plain, before, probed] = await Promise.all([logs(false), check(answerMs), probe ? logs(true) : undefined]);
	const hasProbed = probed !== undefined && 'text' in probed;
	// Behind the probe, so that the report covers the attempt that it made.
	const behind = hasProbed ? await check(afterProbeMs) : undefined;
	const now = clock();
	const shown = hasProbed ? probed : plain;
	const lines = 'text' in shown ? logLines(shown.text, { now }) : undefined;
	const seen = hasProbed ? probeOf(probed.text) : undefined;
	return diagnose({
		connection,
		answer: behind !== undefined && 'report' in behind ? behind : before,
		lines: lines ?? [],
		probe: seen,
		incomplete: [
			...notChecked(vpc),
			...logsMissing(shown, lines),
			...(probed === undefined || seen !== undefined ? [] : [probeMissing(probed)]),
			...(behind !== undefined && 'silence' in behind && 'report' in before
				? [`the router did not report again after the probe: ${behind.silence.detail}`]
				: []),
		],
		keyTrial: customerGateway && keyTrialOf(customerGateway, connection),
		docsBaseUrl: settings.docsBaseUrl,
		now,
	});
};

/** Its row says what the last check found, and stays so; the answer is about what the router says now. */
const notChecked = (vpc: Vpc): string[] => {
	const { active, reason } = monitoringOf(vpc);
	const why = `${vpc.id} has no implemented network, so that its tunnels are not checked (${reason})`;
	return active ? [] : [`${why}: the connection’s state is what the last check found, and nobody is alerted`];
};

const logsMissing = (logs: Logs, lines: readonly unknown[] | undefined): string[] => {
	if ('silence' in logs) return [`the router gave no logs: ${logs.silence.detail}`];
	return lines === undefined ? ['the router’s logs did not arrive whole'] : [];
};

const probeMissing = (probed: Logs): string =>
	'silence' in probed
		? `the probe did not answer within ${probeMs / 1_000} s: ${probed.silence.detail}`
		: 'the router did not probe: it knows no address of the peer';
