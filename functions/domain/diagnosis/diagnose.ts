import * as z from 'zod';
import { isUnanswered } from '../model/connection-probe.ts';
import type { KeyTrial } from '../model/key-trial.ts';
import { reasonLink } from '../model/reason-link.ts';
import { ReasonCode, reasons, Side } from '../model/reasons.ts';
import type { ConnectionReport, RouterReport } from '../model/report.ts';
import { reasonOfSilence, type Silence } from '../model/router-answer.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { type Evidence, isPeerHeard, logEvidence } from './log-evidence.ts';
import { LogLine } from './log-lines.ts';
import { Probe } from './probe.ts';

/** High: seen, and it can be nothing else. Medium: what is seen fits it best. Low: one of several that fit alike. */
export const Confidence = z.enum(['high', 'medium', 'low']);
export type Confidence = z.infer<typeof Confidence>;

export const Cause = z.object({
	code: ReasonCode,
	confidence: Confidence,
	meaning: z.string(),
	/** Where it is to be put right. */
	side: Side,
	remedy: z.string(),
	/** The page that says more, where the deployment names one. */
	docs: z.string().optional(),
	evidence: z.array(z.string()),
});
export type Cause = z.infer<typeof Cause>;

export const Diagnosis = z.object({
	connectionId: z.string(),
	at: z.string(),
	/** None where the tunnel is up and well. The likeliest first; the others are what it may be as well. */
	causes: z.array(Cause),
	/** What could not be asked, or not be answered now; absent where all was. */
	incomplete: z.array(z.string()).optional(),
	/** What would tell more. */
	next: z.string().optional(),
	probe: Probe.optional(),
	lines: z.array(LogLine),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

type Look = {
	connection: VpnConnection;
	answer: { report: RouterReport } | { silence: Silence };
	lines: readonly LogLine[];
	probe: Probe | undefined;
	incomplete?: readonly string[];
	/** Of a new pre-shared key, where one is on trial. */
	keyTrial?: KeyTrial;
	docsBaseUrl: string | undefined;
	now: Date;
};

type Suspect = { code: ReasonCode; confidence: Confidence; evidence: string[] };

/** What the daemon or the kernel of the router shows by itself. */
const selfEvident: readonly ReasonCode[] = [
	'daemon-down',
	'kernel-missing',
	'suite-differs',
	'config-not-applied',
	'waiting-for-peer',
];
/** Those that may as well be a filter on the way. */
const perhapsFiltered: readonly ReasonCode[] = ['peer-unreachable', 'dpd-timeout', 'waiting-for-peer'];

/** What a present report tells for sure, so that an older one does not count. */
const ofRouter: readonly ReasonCode[] = ['daemon-down', 'kernel-missing', 'suite-differs', 'config-not-applied'];

const atWork =
	'a configuration is being applied on the router, so that its present report tells nothing for sure: ask again in a minute';

const shownLines = 20;

/** Why a connection is not up, from all that can be known on this side. */
export const diagnose = ({ connection, answer, lines, probe, incomplete = [], keyTrial, docsBaseUrl, now }: Look): Diagnosis => {
	const isBusy = 'report' in answer && answer.report.busy;
	const missing = isBusy ? [...incomplete, atWork] : incomplete;
	const suspects = suspectsOf({ connection, answer, lines, probe });
	const codes = suspects.map(({ code }) => code);
	return {
		connectionId: connection.id,
		at: now.toISOString(),
		causes: suspects
			.filter(({ code }, n) => codes.indexOf(code) === n)
			.map(({ code, confidence, evidence }) => ({
				code,
				confidence,
				meaning: reasons[code].meaning,
				side: reasons[code].side,
				remedy: remedyOf(code, keyTrial !== undefined && now < keyTrial.until ? keyTrial : undefined),
				docs: reasonLink(docsBaseUrl, code),
				evidence,
			})),
		...(missing.length === 0 ? {} : { incomplete: [...missing] }),
		...nextOf(suspects[0], probe),
		...(probe === undefined ? {} : { probe }),
		lines: lines.slice(-shownLines),
	};
};

const remedyOf = (code: ReasonCode, keyTrial: KeyTrial | undefined): string => {
	const { remedy } = reasons[code];
	return code === 'psk-mismatch' && keyTrial !== undefined
		? `${remedy}, by ${keyTrial.until.toISOString()}, or version ${keyTrial.previousVersion} of the key is used again`
		: remedy;
};

const suspectsOf = ({ connection, answer, lines, probe }: Pick<Look, 'connection' | 'answer' | 'lines' | 'probe'>): Suspect[] => {
	if ('silence' in answer)
		return [
			{ code: reasonOfSilence(answer.silence), confidence: 'high', evidence: [answer.silence.detail] },
			...knownOf(connection),
			...ofRoutes(connection),
		];
	if (connection.state === 'Error' && connection.stateReason !== undefined)
		return [{ code: connection.stateReason.code, confidence: 'high', evidence: [connection.stateReason.detail] }];
	const { report } = answer;
	const own = lines.filter(({ text }) => isOf(connection.id, text));
	const evidence = logEvidence(own);
	if (report.busy) return [...toldByLog(evidence), ...knownOf(connection), ...ofRoutes(connection)];
	if (!report.daemon)
		return [{ code: 'daemon-down', confidence: 'high', evidence: ['the router reports that its daemon does not run'] }];
	const line = report.connections.find(({ connectionId }) => connectionId === connection.id);
	if (line === undefined)
		return [
			{
				code: 'config-not-applied',
				confidence: 'high',
				evidence: [`the router reports ${report.connections.length} connections, and not this one`],
			},
		];
	const isDrifted = typeof report.revision === 'string';
	const suspects = ofReport(line, { evidence, isHeard: isPeerHeard(own), probe, isDrifted });
	const isGuess = !isDrifted && line.up.includes(false) && line.reasons.length === 0 && evidence.length === 0;
	const known = isGuess ? knownOf(connection).filter(({ code }) => !ofRouter.includes(code)) : [];
	return [...ofProbe(connection, line), ...(known.length > 0 ? known : suspects), ...ofRoutes(connection)];
};

/** What the pings of the connection's probe met, which says more than any count of bytes. */
const ofProbe = ({ probe }: VpnConnection, line: ConnectionReport): Suspect[] =>
	probe !== undefined && line.probe !== undefined && isUnanswered(line.probe) && !line.up.includes(false)
		? [
				{
					code: 'no-reply-through-tunnel',
					confidence: 'high',
					evidence: [`every pair is up, and ${probe.host} answers none of the pings that the router sends it through the tunnel`],
				},
			]
		: [];

const ofRoutes = ({ state, routeTrouble }: VpnConnection): Suspect[] =>
	state === 'Connected' && routeTrouble !== undefined
		? [{ code: routeTrouble.code, confidence: 'high', evidence: [routeTrouble.detail] }]
		: [];

/** What the connection itself says: the reason of the last report that differed, with what else it may be. */
const knownOf = ({ state, stateReason, stateChangedAt, observed }: VpnConnection): Suspect[] => {
	const code = stateReason?.code ?? observed?.reason;
	if (code === undefined) return [];
	const isReported = observed?.reason === code;
	const evidence = isReported
		? `the router’s report of ${observed.observedAt} gave ${code}`
		: `${state} since ${stateChangedAt}: ${stateReason?.detail}`;
	const others = isReported ? observed.candidates.filter((one) => one !== code) : [];
	return [
		{ code, confidence: 'medium', evidence: [evidence] },
		...others.map((one): Suspect => ({ code: one, confidence: 'low', evidence: [] })),
	];
};

const toldByLog = ([first]: readonly Evidence[]): Suspect[] =>
	first === undefined
		? []
		: [{ code: first.code, confidence: first.strength === 'shown' ? 'high' : 'medium', evidence: [first.line.text] }];

/** A line that is another connection's may name this one, such as the route that it has. */
const isOf = (id: string, text: string): boolean => (/"(vpnc-[0-9a-f]+)-[0-9]+"/.exec(text)?.[1] ?? id) === id;

type Known = { evidence: readonly Evidence[]; isHeard: boolean; probe: Probe | undefined; isDrifted: boolean };

const ofReport = (
	{ up, phase1, reasons: [code, ...candidates] }: ConnectionReport,
	{ evidence, isHeard, probe, isDrifted }: Known,
): Suspect[] => {
	if (code === undefined && !up.includes(false)) return [];
	const isUnloaded = isDrifted && (code === undefined || code === 'waiting-for-peer');
	const told = isUnloaded ? 'config-not-applied' : (code ?? evidence[0]?.code ?? unexplained({ phase1, isHeard }));
	const pairs = `the router reports ${up.filter(Boolean).length} of ${up.length} pairs up${isDrifted ? ', and that its configuration is not what was applied' : ''}${phase1 ? ', with phase 1 up' : ''}${code === undefined ? '' : `, for ${code}`}`;
	const about = (one: ReasonCode) => evidence.filter((each) => each.code === one);
	const quoted = (one: ReasonCode) =>
		about(one)
			.slice(0, 3)
			.map(({ line }) => line.text);
	const filtered = perhapsFiltered.includes(told) ? filterOnTheWay(told, evidence, probe) : [];
	if (filtered.length > 0) return filtered.map((suspect) => ({ ...suspect, evidence: [...suspect.evidence, pairs] }));
	const isShown = about(told).some(({ strength }) => strength === 'shown');
	const sure = (selfEvident.includes(told) && !isUnloaded) || (isShown && candidates.length === 0);
	const first: Suspect = {
		code: told,
		confidence: sure ? 'high' : told === 'phase2-refused' || told === 'firewall-blocked' ? 'low' : 'medium',
		evidence: [...quoted(told), pairs, ...(told === 'one-way' ? oneWayEvidence(probe) : [])],
	};
	const others =
		told === 'one-way'
			? (['firewall-blocked'] as const)
			: told === 'psk-mismatch' && !isShown
				? [...candidates, 'identity-mismatch' as const]
				: candidates;
	return [
		first,
		...others.filter((one) => one !== told).map((one): Suspect => ({ code: one, confidence: 'low', evidence: quoted(one) })),
	];
};

/** A peer that is heard is there: what does not come on from it is lost on the way, or refused without a word once phase 1 is up. */
const unexplained = ({ phase1, isHeard }: { phase1: boolean; isHeard: boolean }): ReasonCode => {
	if (phase1) return 'phase2-refused';
	return isHeard ? 'firewall-blocked' : 'peer-unreachable';
};

const oneWayEvidence = (probe: Probe | undefined): string[] => {
	if (probe === undefined) return [];
	const entered = `${probe.bytesOut} bytes went into the tunnel`;
	return probe.esp === 0
		? [`${entered}, and no ESP packet came from the peer`]
		: [`${entered}; ${probe.esp} ESP packets came, with ${probe.bytesIn} bytes`];
};

/** A peer from which nothing comes: off, or behind a filter. What the network itself said decides; else an echo tells. */
const filterOnTheWay = (told: ReasonCode, evidence: readonly Evidence[], probe: Probe | undefined): Suspect[] => {
	const icmp = evidence.find(
		({ code, strength }) => strength === 'shown' && (code === 'firewall-blocked' || code === 'peer-unreachable'),
	);
	if (icmp !== undefined) return [{ code: icmp.code, confidence: 'high', evidence: [icmp.line.text] }];
	if (probe === undefined || probe.ike > 0 || told === 'waiting-for-peer') return [];
	const silent = `no packet of IKE came from the peer in the seconds of the probe${probe.ikeBefore === 0 ? ', nor any before' : ''}`;
	return probe.ping
		? [
				{ code: 'firewall-blocked', confidence: 'medium', evidence: ['the peer answers an ICMP echo', silent] },
				{ code: 'peer-unreachable', confidence: 'low', evidence: [silent] },
			]
		: [
				{ code: 'peer-unreachable', confidence: 'medium', evidence: ['the peer does not answer an ICMP echo', silent] },
				{ code: 'firewall-blocked', confidence: 'low', evidence: [silent] },
			];
};

const nextOf = (first: Suspect | undefined, probe: Probe | undefined): Pick<Diagnosis, 'next'> => {
	if (first?.code === 'phase2-refused')
		return {
			next: 'begin the tunnel from the peer device: its own request shows its proposal and its subnets, and the reason becomes exact',
		};
	if (
		first !== undefined &&
		probe === undefined &&
		[...perhapsFiltered, 'one-way', 'no-reply-through-tunnel'].includes(first.code)
	)
		return { next: 'ask again with probe=true: the router then looks whether packets of the peer come in at all' };
	return {};
};
