import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { KeyTrial } from '../model/key-trial.ts';
import { type Change, type Outage, secondsOf } from '../model/outage.ts';
import { reasonLink } from '../model/reason-link.ts';
import { type ReasonCode, reasons } from '../model/reasons.ts';
import { reasonOfSilence, type Silence } from '../model/router-answer.ts';
import { oneLine, tellable, unlinked } from '../model/text.ts';
import type { Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

export type AlertText = { subject: string; email: string; sms: string };
type Health = 'up' | 'degraded' | 'down';
export type AlertState = Health | 'error' | 'flapping' | `settled-${Health}`;

/** SNS accepts ASCII subjects of less than 100 characters. */
const subjectLimit = 99;
/** One SMS of 140 bytes, in whatever alphabet a carrier sends it. */
const smsLimit = 139;

const plain = (text: string, limit: number): string => {
	const ascii = text
		.replace(/[^A-Za-z0-9 @$_!"#%&'()*+,./:;<=>?-]/gu, '?')
		.replace(/\s+/g, ' ')
		.trim();
	return ascii.length <= limit ? ascii : `${ascii.slice(0, limit - 3)}...`;
};

/** The two largest units, for example `2 h 5 min`. */
export const durationText = (seconds: number): string => {
	const whole = Math.max(0, Math.round(seconds));
	const units = [
		[Math.floor(whole / 86_400), 'd'],
		[Math.floor(whole / 3_600) % 24, 'h'],
		[Math.floor(whole / 60) % 60, 'min'],
		[whole % 60, 's'],
	] as const;
	const first = units.findIndex(([count]) => count > 0);
	if (first < 0) return '0 s';
	return units
		.slice(first, first + 2)
		.filter(([count]) => count > 0)
		.map(([count, unit]) => `${count} ${unit}`)
		.join(' ');
};

const secondsBetween = (since: string, now: Date): number => (now.getTime() - Date.parse(since)) / 1_000;

const headline: Record<AlertState, string> = {
	up: 'is up again',
	degraded: 'is degraded',
	down: 'is down',
	error: 'has an error',
	flapping: 'is flapping',
	'settled-up': 'has settled and is up',
	'settled-degraded': 'has settled and is degraded',
	'settled-down': 'has settled and is down',
};

type ConnectionAlert = {
	connection: Pick<VpnConnection, 'id' | 'vpcId'>;
	customerGateway?: Pick<CustomerGateway, 'id' | 'name' | 'gateway' | 'remoteId' | 'remoteCidrs'>;
	vpc: Pick<Vpc, 'id' | 'name' | 'routerInstanceId'>;
	from: string;
	to: AlertState;
	/** When it entered `from` and left it, if that is known. */
	since?: string;
	until?: string;
	/** When it entered `to`, which may be before it is told: an outage has to be confirmed, and a mute to end. */
	began?: string;
	/** The one that this is about: it lasts, or is over. */
	outage?: Outage;
	now: Date;
	reason?: ReasonCode;
	candidates?: readonly ReasonCode[];
	detail?: string;
	keyTrial?: KeyTrial;
	docsBaseUrl?: string;
};

/** The alert about one connection. */
export const alertText = (alert: ConnectionAlert): AlertText => {
	const { connection, customerGateway, vpc, to, now, began = now.toISOString(), outage, reason } = alert;
	const name = tellable(customerGateway?.name, connection.id);
	const peer = customerGateway === undefined ? undefined : peerText(customerGateway);
	const lasted = to === 'up' && outage?.to !== undefined ? lengthOf(outage.from, outage.to) : undefined;
	const email = [
		`The VPN connection ${name} (${connection.id}) ${headline[to]}.`,
		'',
		`Was:     ${wasText(alert)}`,
		`Is:      ${to.replace('settled-', '')}, since ${began}`,
		...(to === 'error' && outage !== undefined && outage.from < began ? [`Down:    since ${outage.from}`] : []),
		...changeLines(outage),
		`Router:  ${vpc.routerInstanceId} of ${vpc.id}${tellable(vpc.name, vpc.id) === vpc.id ? '' : ` (${oneLine(vpc.name)})`}`,
		...(peer === undefined ? [] : [`Peer:    ${peer}`, `Subnets: ${customerGateway?.remoteCidrs.join(', ')}`]),
		...why(alert),
	];
	const because = reason === undefined ? '' : `: ${reason}`;
	const after = lasted === undefined ? '' : ` after ${lasted}`;
	return {
		subject: plain(`VPN ${plain(name, 40)} ${headline[to]}${because} (${connection.id})`, subjectLimit),
		email: `${email.join('\n')}\n`,
		sms: plain(
			`VPN ${plain(name, 30)} ${headline[to]}${after}${because}. ${connection.id}, peer ${customerGateway?.gateway ?? '-'}`,
			smsLimit,
		),
	};
};

const lengthOf = (from: string, to: string): string => durationText(secondsOf({ from, to }));

const wasText = ({ from, since, until, outage }: ConnectionAlert): string => {
	if (from === 'down' && outage?.to !== undefined)
		return `down, from ${outage.from} to ${outage.to}, ${lengthOf(outage.from, outage.to)}`;
	if (since === undefined) return from;
	return `${from}, since ${since}${until === undefined ? '' : ` (${lengthOf(since, until)})`}`;
};

const changeText = ({ at, who, what }: Change): string => `${tellable(who, 'somebody')} ${oneLine(what)}, at ${at}`;

const changeLines = ({ after, rollback }: Partial<Outage> = {}): string[] => [
	...(after === undefined ? [] : [`Change:  ${changeText(after)}`]),
	...(rollback === undefined ? [] : [`Undone:  a ${changeText(rollback)}`]),
];

const peerText = ({ gateway, remoteId, id }: { gateway: string; remoteId?: string; id: string }): string =>
	gateway === 'any' ? `${tellable(remoteId, 'any')}, no fixed address (${id})` : `${gateway} (${id})`;

/** Whoever follows the remedy later has the peer change just as this side goes back. */
const byWhen = ({ to, keyTrial, now }: ConnectionAlert): string[] =>
	keyTrial !== undefined && now < keyTrial.until && (to === 'down' || to === 'settled-down')
		? [`By when: ${keyTrial.until.toISOString()}, or version ${keyTrial.previousVersion} of the pre-shared key is used again.`]
		: [];

const why = (alert: ConnectionAlert): string[] => {
	const { to, reason, candidates = [], detail, docsBaseUrl } = alert;
	const page = reasonLink(docsBaseUrl, reason);
	const link = page === undefined ? [] : ['', page];
	if (to === 'up' || to === 'settled-up') return link;
	if (to === 'flapping') return ['', 'It keeps going up and down. You will get one more alert, once it has settled.', ...link];
	if (reason === undefined)
		return ['', 'Why: not known yet; see the diagnosis and the logs of the connection.', ...byWhen(alert), ...link];
	const others = candidates.filter((code) => code !== reason);
	const { meaning } = reasons[reason];
	const said = detail?.startsWith(`${meaning}: `) ? detail.slice(meaning.length + 2) : detail;
	return [
		'',
		`Why: ${meaning} (${reason}).`,
		...(said === undefined || said.startsWith(meaning) ? [] : [`     ${unlinked(said)}`]),
		...others.map((code) => `     Or: ${reasons[code].meaning} (${code}).`),
		`What to do: ${reasons[reason].remedy}.`,
		...byWhen(alert),
		...link,
	];
};

type RouterAlert = {
	vpc: Pick<Vpc, 'id' | 'name' | 'routerInstanceId' | 'slots'>;
	to: 'silent' | 'answering';
	since: string;
	now: Date;
	silence?: Silence;
	docsBaseUrl?: string;
};

const silenceText: Record<Silence['code'], string> = {
	unreachable: 'its Systems Manager agent does not accept our commands',
	undeliverable: 'Systems Manager could not deliver our commands to it',
	terminated: 'our commands to it were cancelled',
	'still-running': 'it did not finish our check in time: it is very slow, or its Systems Manager agent is gone',
	'not-managed': 'Systems Manager refuses to run commands on it',
	'agent-too-old': 'its Systems Manager agent is too old for our commands',
	'tool-missing': 'it lacks a tool that our scripts need',
	throttled: 'Systems Manager is throttling our calls',
	unreadable: 'its answer could not be read',
	'not-asked': 'it could not be asked in time',
};

/** The alert about a router that has fallen silent, or answers again. */
export const routerAlertText = ({ vpc, to, since, now, silence, docsBaseUrl }: RouterAlert): AlertText => {
	const lasted = durationText(secondsBetween(since, now));
	const head = to === 'silent' ? 'is not reporting' : 'is reporting again';
	const page = reasonLink(docsBaseUrl, silence === undefined ? 'router-unreachable' : reasonOfSilence(silence));
	const email = [
		`The VPN router ${vpc.routerInstanceId} of ${vpc.id} ${head}.`,
		'',
		`${to === 'silent' ? 'Silent since' : 'It was silent from'} ${since}, for ${lasted}.`,
		...(silence === undefined ? [] : [`Why: ${silenceText[silence.code]} (${unlinked(silence.detail)}).`]),
		`Connections: ${Object.keys(vpc.slots).join(', ')}`,
		...(to === 'silent'
			? [
					'Their tunnels may well be up: the router keeps them up by itself. Their states keep their last values until it reports again.',
					`What to do: ${reasons[silence === undefined ? 'router-unreachable' : reasonOfSilence(silence)].remedy}.`,
				]
			: ['Their tunnels are monitored again.']),
		...(page === undefined ? [] : ['', page]),
	];
	return {
		subject: plain(`VPN router ${vpc.routerInstanceId} ${head} (${vpc.id})`, subjectLimit),
		email: `${email.join('\n')}\n`,
		sms: plain(
			`VPN router ${vpc.routerInstanceId} ${head}, ${to === 'silent' ? `silent for ${lasted}` : `was silent ${lasted}`}. ${vpc.id}`,
			smsLimit,
		),
	};
};
