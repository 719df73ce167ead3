import type { ReasonCode } from '../model/reasons.ts';

/** What a line of the daemon's log means for the connection that it is about. */
export type Meaning =
	/** The connection was loaded, or came up: what was before is over. */
	| 'loaded'
	| 'child-up'
	/** An attempt of ours begins: what the one before met is over. */
	| 'initiating'
	/** The peer began this state. */
	| 'responding'
	| 'phase-1-up'
	/** Phase 1 of another state, which the text ends with, is up. */
	| 'phase-1-used'
	/** Something came from the peer. */
	| 'heard'
	/** Nothing; rows below it are not asked. */
	| 'nothing'
	/** What our own attempt met; what a request of the peer was refused for; or one of the two, by who began the state. */
	| 'attempt'
	| 'request'
	| 'either'
	/** Our attempt was left unanswered on its way, which says less than any answer. */
	| 'silence'
	/** Our attempt was left unanswered from the start. It counts only where nothing of the peer was heard. */
	| 'unanswered'
	/** The network told us that our packets do not arrive. */
	| 'network'
	/** A tunnel was lost. */
	| 'loss';

export type LogPattern = {
	/**
	 * A regular expression in what JavaScript and every awk read alike: no backslash, no braces, no lazy quantifier, no look
	 * around. Neither a quote nor a slash, since it stands in a program in quotes.
	 */
	says: string;
	means: Meaning;
	/** `shown`, where the daemon itself judged or the network told; `hinted`, where it is what the peer answered or left unanswered. */
	strength?: 'shown' | 'hinted';
	/** What it is, before what it may be as well. None of them, where it says something only in the cases below. */
	codes?: readonly ReasonCode[];
	/** Where phase 1 of the state is not up. */
	beforePhase1?: readonly ReasonCode[];
	/** Where phase 1 of the state is up and no tunnel has been. */
	beforeChild?: readonly ReasonCode[];
	/** A consequence: it says nothing where something was said of the state already. */
	unlessSaid?: true;
};

/** IKEv1 names no cause for a refused phase 2. */
const refusedPhase2 = ['phase2-refused', 'esp-proposal-mismatch', 'pfs-mismatch', 'subnet-mismatch'] as const;
const rejectedAuthentication = ['psk-mismatch', 'identity-mismatch'] as const;
/** The end of a state's time, or a step on the way there. */
const unanswered = '(retr|[0-9.]+ second)';
/** A notification of the peer, as IKEv1 logs it. */
const payload = 'payload[,:]?( type)? ';

/**
 * The words of Openswan and Libreswan, the first row that fits a line deciding. The router's scripts are made from it
 * (`router/log-patterns-awk.ts`), and the evidence of a diagnosis is found by it.
 */
export const logPatterns: readonly LogPattern[] = [
	{ says: 'add(ed|ing) .*connection', means: 'loaded' },
	{ says: 'IPsec SA established|(established|rekeyed) Child SA', means: 'child-up' },
	{ says: 'initiating (IKEv|Main|v2)', means: 'initiating' },
	{ says: 'responding to|chosen from remote', means: 'responding' },
	{ says: 'SA established|established IKE SA', means: 'phase-1-up' },
	{ says: 'using (isakmp|ISAKMP SA |IKE SA )#[0-9]+', means: 'phase-1-used' },
	// Our own words to the peer repeat a judgement that has a line of its own.
	{ says: 'sending (encrypted )?notification|with (un)?encrypted notification', means: 'nothing' },
	// Libreswan begins again, whatever it received or did not receive.
	{ says: 'must remain up', means: 'nothing' },

	{
		says: 'mismatch(ed)? on first found|peer to have ID|peer declares|no suitable connection for peer',
		means: 'either',
		strength: 'shown',
		codes: ['identity-mismatch'],
	},
	{
		says: 'mismatch of preshared secrets|malformed payload|Hash Payload|computed hash|preshared key|AUTH mismatch|PSK authentication failed|No matching PSK',
		means: 'either',
		strength: 'shown',
		beforePhase1: ['psk-mismatch'],
	},
	{
		says: 'PAYLOAD_MALFORMED|INVALID_HASH_INF',
		means: 'either',
		strength: 'hinted',
		beforePhase1: ['psk-mismatch'],
	},
	{ says: 'require PFS|not supported for PFS', means: 'request', strength: 'shown', codes: ['pfs-mismatch'] },
	{
		says: 'no acceptable Proposal in IPsec|remote proposals [0-9]+:(ESP|AH)',
		means: 'request',
		strength: 'shown',
		codes: ['esp-proposal-mismatch'],
	},
	{
		says: 'no connection is known for|compatible Traffic Sel|responding with TS_UNACC',
		means: 'request',
		strength: 'shown',
		codes: ['subnet-mismatch'],
	},
	{
		says: 'remote proposals [0-9]+:IKE|no (suitable )?connection (found|has been)',
		means: 'request',
		strength: 'shown',
		codes: ['ike-proposal-mismatch'],
	},
	// A key that is missing leaves no proposal that could be accepted.
	{ says: 'no acceptable Oakley', means: 'request', strength: 'shown', codes: ['ike-proposal-mismatch'], unlessSaid: true },

	{ says: 'allowing anyway', means: 'nothing' },
	{ says: 'cannot (route|install) .*in use (for|by)', means: 'either', strength: 'shown', codes: ['route-conflict'] },
	{ says: 'no connection (or alias )?named', means: 'attempt', strength: 'shown', codes: ['config-not-applied'] },

	// RFC 792 and RFC 1812, 5.2.7.1: a filter that says so.
	{ says: 'origin ICMP type 3 code (9|10|13)[^0-9]', means: 'network', strength: 'shown', codes: ['firewall-blocked'] },
	{
		says: 'origin ICMP type 3 code [0-7][^0-9]|Connection refused|ECONNREFUSED|[Nn]o route to host|is unreachable',
		means: 'network',
		strength: 'shown',
		codes: ['peer-unreachable'],
	},

	{
		says: 'IKE_AUTH .*NO_PROP|PARENT_I2: .*NO_PROP',
		means: 'attempt',
		strength: 'hinted',
		codes: ['esp-proposal-mismatch'],
	},
	{ says: 'TS_UNACCEPTABLE', means: 'attempt', strength: 'hinted', codes: ['subnet-mismatch'] },
	{
		says: 'AUTHENTICATION_FAILED|authentication request rejected',
		means: 'either',
		strength: 'hinted',
		codes: rejectedAuthentication,
	},
	{ says: 'CREATE_CHILD_SA .*INVALID_KE', means: 'attempt', strength: 'hinted', codes: ['pfs-mismatch'] },
	{ says: 'Child SA .*NO_PROP|CREATE_CHILD_SA .*NO_PROP', means: 'attempt', strength: 'hinted', codes: refusedPhase2 },
	{
		says: `IKE_SA_INIT .*(NO_PROP|INVALID_MAJOR)|unauthenticated v2N_(NO_PROP|INVALID_KE)|INVALID_KE_PAYLOAD .*not acceptable|must be encrypted|${payload}INVALID_MAJOR`,
		means: 'attempt',
		strength: 'hinted',
		codes: ['ike-proposal-mismatch'],
	},
	{
		says: `${payload}NO_PROP|v2N_NO_PROP`,
		means: 'attempt',
		strength: 'hinted',
		codes: refusedPhase2,
		beforePhase1: ['ike-proposal-mismatch'],
	},
	{
		says: `${payload}INVALID_ID_INF`,
		means: 'attempt',
		strength: 'hinted',
		codes: ['subnet-mismatch'],
		beforePhase1: ['identity-mismatch'],
	},

	{
		says: `QUICK_I1: ${unanswered}|reached STATE_QUICK_I1|to our first Quick Mode`,
		means: 'silence',
		strength: 'hinted',
		codes: refusedPhase2,
	},
	{
		says: `(MAIN_I3|PARENT_I2|IKE_AUTH_I): ${unanswered}|reached STATE_(MAIN_I3|PARENT_I2)|retransmitting IKE_AUTH|Possible authentication f`,
		means: 'silence',
		strength: 'hinted',
		codes: ['psk-mismatch'],
	},
	{
		says: `(MAIN_I1|PARENT_I1|IKE_SA_INIT_I): ${unanswered}|reached STATE_(MAIN|PARENT)_I1|retransmitting IKE_SA_INIT|to our first IKE|no response to our first`,
		means: 'unanswered',
		strength: 'hinted',
		codes: ['peer-unreachable'],
	},

	{
		says: '(DPD|liveness) action|[Dd][Pp][Dd]: .*([Nn]o response|timeout|dead|declaring)|liveness.*(timeout|failed)|dead peer|(ESTABLISHED_IKE_SA|PARENT_I3|PARENT_R2|MAIN_I4|MAIN_R3): [0-9.]+ second|to our IKEv2 message',
		means: 'loss',
		strength: 'shown',
		codes: ['dpd-timeout'],
	},
	{
		says: 'received Delete SA|received INFORMATIONAL.*[Dd]elete|[Dd]elet(e|ing) .*by peer',
		means: 'loss',
		strength: 'shown',
		codes: ['peer-deleted'],
		// A peer that goes as soon as it knows who we are.
		beforeChild: ['peer-deleted', 'identity-mismatch'],
	},

	{
		says: 'received |packet from|process(ed|ing) IKE_|[Pp]eer ID is|STATE_(MAIN_I[234]|PARENT_I2|QUICK_I2)|sent (MI[23]|QI2|v2I2|Main Mode I[23]|IKE_AUTH)|NAT-Traversal: Result|ignoring .*payload',
		means: 'heard',
	},
];
