import type { ReasonCode } from '../model/reasons.ts';
import type { LogLine } from './log-lines.ts';

/**
 * What a line of the daemon says of a reason: `shown`, where the daemon itself judged what the peer sent or the network told
 * it so; `hinted`, where it is only what the peer answered or left unanswered.
 */
export type Evidence = { code: ReasonCode; strength: 'shown' | 'hinted'; line: LogLine };
type Rule = { code: ReasonCode; strength: Evidence['strength']; says: RegExp };

/** In the words of Libreswan and Openswan; the router's own short form of it is router/lib/reasons.sh. */
const rules: readonly Rule[] = [
	// RFC 792 and RFC 1812, 5.2.7.1: a filter that says so.
	{ code: 'firewall-blocked', strength: 'shown', says: /origin ICMP type 3 code (9|10|13)\b/ },
	{
		code: 'peer-unreachable',
		strength: 'shown',
		says: /origin ICMP type 3 code [0-7]\b|[Cc]onnection refused|[Nn]o route to host/,
	},
	{
		code: 'identity-mismatch',
		strength: 'shown',
		says: /mismatched on first found|peer to have ID|peer declares|no suitable connection for peer/,
	},
	{
		code: 'psk-mismatch',
		strength: 'shown',
		says: /mismatch of preshared secrets|malformed payload|computed hash|preshared key/i,
	},
	{
		code: 'psk-mismatch',
		strength: 'hinted',
		says: /AUTHENTICATION_FAILED|_(MAIN_I3|PARENT_I2): (retr|\d+ second)|[Pp]ossible authentication f/,
	},
	{ code: 'pfs-mismatch', strength: 'shown', says: /require PFS|not supported for PFS/ },
	{ code: 'esp-proposal-mismatch', strength: 'shown', says: /no acceptable Proposal in IPsec|remote proposals \d+:(ESP|AH)/ },
	{ code: 'subnet-mismatch', strength: 'shown', says: /no connection is known for|compatible Traffic Sel/ },
	{ code: 'subnet-mismatch', strength: 'hinted', says: /INVALID_ID_INF|TS_UNACCEPTABLE/ },
	{
		code: 'ike-proposal-mismatch',
		strength: 'shown',
		says: /no acceptable Oakley|remote proposals \d+:IKE|no (suitable )?connection (found|has been)/,
	},
	{
		code: 'dpd-timeout',
		strength: 'shown',
		says: /DPD action|[Dd][Pp][Dd]: .*([Nn]o response|timeout|dead|declaring)|liveness.*(timeout|failed)|dead peer/,
	},
	{
		code: 'peer-deleted',
		strength: 'shown',
		says: /received Delete SA|received INFORMATIONAL.*[Dd]elete|deleting state.*requested by peer/,
	},
	{ code: 'esp-proposal-mismatch', strength: 'hinted', says: /IKE_AUTH response rejected Child SA with NO_PROP/ },
	{ code: 'ike-proposal-mismatch', strength: 'hinted', says: /IKE_SA_INIT message containing NO_PROP|must be encrypted/ },
	{ code: 'phase2-refused', strength: 'hinted', says: /Child SA with NO_PROP|payload,?( type)? NO_PROP|STATE_QUICK_I1: retr/ },
	{
		code: 'peer-unreachable',
		strength: 'hinted',
		says: /(MAIN_I1|PARENT_I1|V2_.*I1): (retr|\d+ second|60 second)|no response to our first IKE/,
	},
];

/** What was, before the tunnel came up last or was changed, is over. */
const anew = /added .*connection|IPsec SA established|established Child SA/;

/** A refusal that names neither phase is of the first until that one is up. */
const phase1Up = /SA established|established IKE SA/;
const refusal = /payload,?( type)? NO_PROP/;

/** The lines since the last success that tell of a reason, newest first. */
export const logEvidence = (lines: readonly LogLine[]): Evidence[] => {
	const last = lines.findLastIndex(({ text }) => anew.test(text));
	const withPhase1 = new Set<string>();
	return lines
		.slice(last + 1)
		.flatMap((line): Evidence[] => {
			const state = /#\d+:/.exec(line.text)?.[0] ?? '';
			if (phase1Up.test(line.text)) withPhase1.add(state);
			if (refusal.test(line.text) && !withPhase1.has(state)) return [{ code: 'ike-proposal-mismatch', strength: 'hinted', line }];
			const rule = rules.find(({ says }) => says.test(line.text));
			return rule === undefined ? [] : [{ code: rule.code, strength: rule.strength, line }];
		})
		.reverse();
};
