import { labAddress } from '../../local/lab/lab.ts';
import type { Fault } from './fault-list.ts';
import type { Alert, Entity, PlatformUnderTest } from './platform-under-test.ts';
import { until } from './until.ts';

type Said = { what: string; alertIds: string; at: number };
export type Suffered = {
	/** States of the connection, with the seconds since the fault began. */
	observed: string[];
	/** Of this connection, and of its router, in order. */
	said: { what: string; seconds: number }[];
	/** Lines of other connections, the same line twice, and a loss told while the router's daemon and kernel had the tunnel. */
	falseAlerts: string[];
	missedAlerts: string[];
	doubles: string[];
	/** Of a ping each half second through the tunnel. */
	packets: { sent: number; lost: number };
	/** What crossed the wide area network unencrypted, or under another address. */
	clear: string[];
};

const lineOf = /is down|is up again|is degraded|has an error|is flapping|has settled|is not reporting|is reporting again/;
/** The router is looked at each half second, and takes its time for it: so long without a look it was off. */
const offMs = 8_000;
/** One message may hold what several alerts say: then each has a line of its own. */
const linesOf = ({ subject, message }: Alert): string[] =>
	/^\d+ VPN alerts$/.test(subject) ? [...message.matchAll(/^- (.*)$/gm)].map(([, line = '']) => line) : [subject];

/**
 * Lets a connection that is up suffer one fault, with its traffic watched from outside, until it is up again and an interval has
 * passed in which nothing more was said. `others` are connections of the same router that the fault does not concern.
 */
export const suffer = async (
	t: PlatformUnderTest,
	fault: Fault,
	{ id }: Entity,
	others: readonly Entity[],
): Promise<Suffered> => {
	const { lab } = t;
	const outbox = async () => (await (await fetch(`${t.platform.url}/_local/outbox`)).json()) as Alert[];
	const before = (await outbox()).length;
	// Packets that belong to a tunnel and are in no SA.
	const wan = await lab.capture('wan', { interface: 'bridge0', filter: 'net 10.0.0.0/8' });
	await lab.sh('host', `setsid ping -i 0.5 ${labAddress['peer-host']} >/tmp/suffering 2>&1 </dev/null &`);
	// By the time since the machine's start, since a fault may be the clock's.
	await lab.sh(
		'router',
		`setsid sh -c 'while [ ! -e /tmp/stop-looking ]; do up=down; if pidof pluto >/dev/null && ip xfrm state | grep -q "^src 192.0.2.2 dst" && ip xfrm state | grep -q "dst 192.0.2.2$" && ip xfrm policy | grep -q "tmpl src 192.0.2.1 dst 192.0.2.2"; then up=up; fi; echo "$(cut -d " " -f 1 /proc/uptime) $up" >>/run/truth; sleep 0.5; done; rm /tmp/stop-looking' >/dev/null 2>&1 </dev/null &`,
	);
	const uptime = Number((await lab.sh('wan', 'cut -d " " -f 1 /proc/uptime')).trim());
	const machineStarted = Date.now() - uptime * 1_000;

	const began = Date.now();
	const since = () => (Date.now() - began) / 1_000;
	const observed: string[] = [];
	const said: Said[] = [];
	let read = before;
	let last = '';
	const look = async () => {
		const { state, stateReason } = await t.get(id);
		if (state !== last)
			observed.push(`${state}${stateReason === undefined ? '' : ` (${stateReason.code})`} at ${since().toFixed(0)} s`);
		last = state;
		const alerts = await outbox();
		for (const alert of alerts.slice(read)) {
			for (const what of linesOf(alert)) said.push({ what, alertIds: alert.attributes.alertId, at: Date.now() });
		}
		read = alerts.length;
		return state;
	};
	const tells = (word: string) => said.some(({ what }) => what.includes(word) && (what.includes(id) || word.includes('report')));
	const stays = async (seconds: number) => {
		const end = Date.now() + seconds * 1_000;
		while (Date.now() < end) {
			await look();
			await new Promise((resolve) => setTimeout(resolve, 1_000));
		}
	};

	await look();
	await fault.begin(t);
	if (fault.connection === 'lost')
		await until(`the alert of "${fault.what}"`, 120, async () => (await look()) !== 'Connected' && tells('is down'));
	else await stays(fault.seconds ?? 0);
	await fault.end?.(t);
	await until(`${id} Connected after "${fault.what}"`, 150, async () => (await look()) === 'Connected');
	await until(
		'packets through',
		60,
		async () => (await lab.exec('host', ['ping', '-c', '1', '-W', '1', labAddress['peer-host']])).code === 0,
	);
	// The interval in which the last of it is seen, and the pace of what is said.
	await stays(40);

	await lab.sh('host', 'kill -INT $(pidof ping) 2>/dev/null; sleep 0.5');
	const [, sent = 0, received = 0] =
		/(\d+) packets transmitted, (\d+) received/.exec(await lab.sh('host', 'cat /tmp/suffering')) ?? [];
	// As long as the machine was off, nobody looked.
	const truth = (await lab.sh('router', 'touch /tmp/stop-looking; cat /run/truth 2>/dev/null || true; rm -f /run/truth'))
		.split('\n')
		.filter(Boolean)
		.map((line) => ({ at: machineStarted + Number(line.split(' ')[0]) * 1_000, up: line.endsWith(' up') }));
	if (truth.length === 0) throw new Error('nobody watched the router: what was said cannot be told false or true');
	const clear = (await wan.stop()).filter((line) => line.includes(' IP ') && !/\bESP\b/.test(line));

	const mine = said.filter(({ what }) => what.includes(id));
	const ofRouter = said.filter(({ what }) => /is not reporting|is reporting again/.test(what));
	/** Of the interval before, and the time its check took: a look that found it down, or a time in which the router itself was off. */
	const wasDown = (at: number) => {
		const from = Math.max(began, at - 50_000);
		const near = truth.filter((look) => look.at > from && look.at < at);
		const times = [from, ...near.map((look) => look.at), at];
		return near.some(({ up }) => !up) || times.some((time, n) => time - (times[n - 1] ?? time) > offMs);
	};
	const isFalse = ({ what, at }: Said): boolean => {
		if (others.some((other) => what.includes(other.id))) return fault.connection === 'kept';
		if (/is not reporting|is reporting again/.test(what)) return fault.router !== 'silent';
		if (!/is down|is up again/.test(what)) return true;
		return fault.connection === 'kept' || (what.includes('is down') && !wasDown(at));
	};
	const wanted = [
		...(fault.connection === 'lost' || observed.some((one) => one.startsWith('Disconnected')) ? ['is down', 'is up again'] : []),
		...(fault.router === 'silent' ? ['is not reporting', 'is reporting again'] : []),
	];
	const keys = said.map(({ what, alertIds }) => `${lineOf.exec(what)?.[0]} ${/vpnc?-\w+/.exec(what)?.[0]} ${alertIds}`);
	const times = (word: string) => [...mine, ...ofRouter].filter(({ what }) => what.includes(word)).length;
	return {
		observed,
		said: [...mine, ...ofRouter].map(({ what, at }) => ({ what: lineOf.exec(what)?.[0] ?? what, seconds: (at - began) / 1_000 })),
		falseAlerts: said.filter(isFalse).map(({ what }) => what),
		missedAlerts: wanted.filter((word) => !tells(word)),
		doubles: [
			...keys.filter((key, n) => keys.indexOf(key) !== n),
			...['is down', 'is up again', 'is not reporting', 'is reporting again'].filter((word) => times(word) > 1),
		],
		packets: { sent: Number(sent), lost: Number(sent) - Number(received) },
		clear,
	};
};

/** One line of the fault table. */
export const faultLine = ({ what }: Fault, { observed, said, packets, clear }: Suffered): string => {
	const told = said.map(({ what: line, seconds }) => `${line} at ${seconds.toFixed(0)} s`);
	return [
		what.padEnd(38),
		(observed.join(', ') || '-').padEnd(76),
		(told.join(', ') || 'nothing').padEnd(48),
		`${packets.lost} of ${packets.sent} lost, ${clear.length} clear`,
	].join(' | ');
};
