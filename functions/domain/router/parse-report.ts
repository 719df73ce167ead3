import { isUnanswered } from '../model/connection-probe.ts';
import { maskKeys } from '../model/mask-keys.ts';
import { ReasonCode } from '../model/reasons.ts';
import type { ConnectionReport, RouterReport } from '../model/report.ts';
import { oneLine } from '../model/text.ts';

/** For example `s2s/1 libreswan/4.10 daemon=1 busy=0 revision=7-0123456789abcdef fw=ok boot=1763932000 caps=ikev1,modp1536 scripts=1a2b3c4d`. */
const header =
	/^s2s\/1 (openswan|libreswan)\/([\w.+~-]{1,64}) daemon=([01]) busy=([01]) revision=(\d{1,15}-[0-9a-f]{16}|drift|none) fw=(ok|missing) boot=(\d{1,12}) caps=([a-z0-9,]+|-)((?: [a-z0-9]+=\S*)*)$/;
/** Behind the words that every version has. Those that are not known are passed over. */
const scriptsWord = /^scripts=([0-9a-f]{8}|none)$/;
/** For example `vpnc-0123456789abcdef0 p1=1 up=10 in=252 out=252 rtt=12 loss=0 reason=one-way,dpd-timeout`. */
const line = /^(vpnc-[0-9a-f]{17}) p1=([01]) up=([01]{0,64}) in=(\d{1,19}) out=(\d{1,19})((?: [a-z0-9]+=\S*)*)$/;
/** Those behind the words that every line has. */
const lineWords = {
	/** Of a probe of which none was answered there is no round trip. */
	rtt: /^\d{1,6}$/,
	loss: /^(100|\d{1,2})$/,
	reason: /^[a-z0-9,-]*$/,
};
const step = /^log (\S+ .*|\S+)$/;
/** Run Command ends truncated output with such a line. */
const truncated = /^-+ ?output truncated ?-+$/im;

type Unreadable = { unreadable: string };
const unreadable = (why: string): Unreadable => ({ unreadable: why });

/** A report that cannot be read completely says nothing about tunnels, least of all that they are down. */
export const parseReport = (text: string): RouterReport | Unreadable => {
	if (truncated.test(text)) return unreadable('the output was truncated');
	const lines = text.split('\n');
	while (lines.length > 1 && lines.at(-1) === '') lines.pop();
	const first = lines.findIndex((one) => !one.startsWith('log '));
	const parts = header.exec(lines[first] ?? '');
	if (parts === null) return unreadable('the header is missing or unknown');
	const [, flavor, version = '', daemon, busy, revision = '', packetRules, boot, caps = '-', more = ''] = parts;
	const word = more.split(' ').find((one) => one.startsWith('scripts='));
	const scripts = word === undefined ? undefined : scriptsWord.exec(word)?.[1];
	if (word !== undefined && scripts === undefined) return unreadable('the header is missing or unknown');
	const body = lines.slice(first + 1, -1);
	if (first + 1 >= lines.length || lines.at(-1) !== `end ${body.length}`)
		return unreadable('the end line is missing or its count is wrong');
	const connections = body.map(connectionReport).filter((one) => one !== undefined);
	if (connections.length < body.length) return unreadable('a connection line cannot be read');
	// An apply may have taken them away: then, and only then, they are not known.
	if (busy === '0' && connections.some(({ up }) => up.length === 0)) return unreadable('a connection line cannot be read');
	if (new Set(connections.map((one) => one.connectionId)).size < connections.length)
		return unreadable('a connection is listed twice');
	return {
		flavor: flavor === 'openswan' ? 'openswan' : 'libreswan',
		version,
		daemon: daemon === '1',
		busy: busy === '1',
		revision: revisionOf(revision),
		packetRules: packetRules === 'ok' ? 'ok' : 'missing',
		boot: Number(boot),
		capabilities: caps === '-' ? [] : caps.split(',').filter(isCapability).slice(0, mostCapabilities),
		scripts,
		connections,
		steps: lines.slice(0, first).flatMap((one) => step.exec(maskKeys(oneLine(one.slice(0, mostOfStep))))?.[1] ?? []),
	};
};

const revisionOf = (word: string): RouterReport['revision'] => {
	if (word === 'drift' || word === 'none') return word;
	const [generation, hash = ''] = word.split('-');
	return { generation: Number(generation), hash };
};

const mostOfStep = 1_000;

/** They stand on the VPC's row and in what is said of it: more than any daemon has is left out. */
const mostCapabilities = 64;
const isCapability = (word: string): boolean => word !== '' && word.length <= 16;

/** What the control plane alone can know: a router that says so would have its tenant look in the wrong place. */
const RouterReason = ReasonCode.exclude([
	'no-reply-through-tunnel',
	'route-missing',
	'route-refused',
	'crypto-denied',
	'router-unreachable',
	'router-not-managed',
]);
const isReason = (word: string): word is ReasonCode => RouterReason.safeParse(word).success;

const connectionReport = (text: string): ConnectionReport | undefined => {
	const parts = line.exec(text);
	if (parts === null) return undefined;
	const [, connectionId = '', phase1, up = '', bytesIn, bytesOut, more = ''] = parts;
	const words = wordsOf(more);
	if (words === undefined) return undefined;
	if (![bytesIn, bytesOut].every((bytes) => Number.isSafeInteger(Number(bytes)))) return undefined;
	return {
		connectionId,
		phase1: phase1 === '1',
		up: [...up].map((digit) => digit === '1'),
		bytesIn: Number(bytesIn),
		bytesOut: Number(bytesOut),
		...probeOf(words),
		reasons: [...new Set((words.reason ?? '').split(',').filter(isReason))],
	};
};

type Words = { [name in keyof typeof lineWords]?: string };

/** Undefined where one that is known stands there twice, or says what it cannot. */
const wordsOf = (more: string): Words | undefined => {
	const words: Words = {};
	for (const word of more.split(' ').slice(1)) {
		const at = word.indexOf('=');
		const name = word.slice(0, at);
		if (!isLineWord(name)) continue;
		const value = word.slice(at + 1);
		if (words[name] !== undefined || !lineWords[name].test(value)) return undefined;
		words[name] = value;
	}
	return words;
};

const isLineWord = (name: string): name is keyof typeof lineWords => Object.hasOwn(lineWords, name);

const probeOf = ({ rtt, loss }: Words): Pick<ConnectionReport, 'probe'> => {
	if (loss === undefined) return {};
	const probe = { lossPercent: Number(loss) };
	return { probe: rtt === undefined || isUnanswered(probe) ? probe : { ...probe, rttMs: Number(rtt) } };
};
