import { connsOf, identityWord } from '../model/conn-model.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { DesiredConnection, DesiredRouter } from '../model/desired-router.ts';
import { tcpMss } from '../model/mss.ts';
import { reasons } from '../model/reasons.ts';
import type { StateReason, VpnConnection } from '../model/vpn-connection.ts';
import { floorVerdict, gradeOf } from '../rules/crypto-grade.ts';
import { type DaemonVersion, daemonVersion } from '../rules/daemon-version.ts';
import { mayProbe } from '../rules/probe-rules.ts';
import { modpOf, unknownRouter, unsupportedBy } from '../rules/router-capabilities.ts';
import { libreswanSetup, renderLibreswan } from './render-libreswan.ts';
import { openswanSetup, renderOpenswan } from './render-openswan.ts';

export type RefusedConnection = { connectionId: string; reason: StateReason };

/** Everything that one router should hold, as text. The order of the rows makes no difference. */
export const renderBundle = (desired: DesiredRouter): { text: string; refused: RefusedConnection[] } => {
	const { vpc, gateway } = desired;
	const daemon = daemonVersion(vpc.router ?? unknownRouter);
	const wanted = desired.connections
		.filter(({ connection }) => connection.state !== 'Deleting' && !isRefused(connection.stateReason, connection.state))
		.sort((a, b) => (a.connection.id < b.connection.id ? -1 : 1));
	const refused: RefusedConnection[] = [];
	const lines: string[] = [];
	for (const one of gateway === undefined ? [] : wanted) {
		const reason = refusalOf(one, desired);
		if (reason === undefined) lines.push(...connectionLines(one, desired, daemon));
		else refused.push({ connectionId: one.connection.id, reason });
	}
	const setup = daemon.flavor === 'openswan' ? openswanSetup : libreswanSetup(daemon);
	const head = ['s2s-bundle/1', `generation ${vpc.generation}`, `vpc ${vpc.cidr}`, `dialect ${daemon.flavor}`];
	return { text: [...head, ...setup.map((line) => `setup ${line}`), ...lines, 'end', ''].join('\n'), refused };
};

const isRefused = (reason: StateReason | undefined, state: string): boolean => state === 'Error' && reason?.kind === 'refused';

const refuse = (code: 'unsupported-by-router' | 'crypto-denied', detail: string): StateReason => ({
	code,
	kind: reasons[code].kind,
	detail,
});

const refusalOf = ({ connection, customerGateway }: DesiredConnection, { vpc, flooring }: DesiredRouter) => {
	const initiates = !connection.passive && customerGateway.gateway !== 'any';
	const unsupported = unsupportedBy(vpc.router ?? unknownRouter, customerGateway, { initiates });
	if (unsupported !== undefined) return refuse('unsupported-by-router', unsupported);
	// A floor that was raised later does not affect what is running; it applies at the next change.
	const grade = gradeOf(customerGateway);
	if (connection.state === 'Pending' && floorVerdict(flooring, grade) === 'deny') {
		return refuse('crypto-denied', `the crypto suite is ${grade}, which is not allowed here`);
	}
	const { gateway, remoteId = '-', remoteCidrs, accountId } = customerGateway;
	if (![gateway, remoteId, accountId, ...remoteCidrs].every(isWord)) {
		return refuse('unsupported-by-router', 'the customer gateway contains characters that no daemon can read');
	}
	return undefined;
};

/** The schemas admit nothing else; a row from elsewhere must not add a line to a router's files either. */
const isWord = (text: string): boolean => /^[A-Za-z0-9@._/-]+$/.test(text);

/** No part of the connection's file: another probe touches no tunnel. A row from elsewhere must not name what the router would refuse. */
const probeWord = ({ probe }: VpnConnection, { remoteCidrs }: CustomerGateway) =>
	probe === undefined || mayProbe(probe.host, remoteCidrs) !== undefined ? {} : { probe: probe.host };

/** Compared on the router with what was negotiated, for example `aes128-sha1-modp1536,aes128-sha1`. */
const suiteWord = ({ ike, esp }: CustomerGateway): string => {
	const pfs = esp.pfsGroup === null ? '' : `-${modpOf[esp.pfsGroup]}`;
	return `${ike.encryption}-${ike.hash}-${modpOf[ike.dhGroup]},${esp.encryption}-${esp.hash}${pfs}`;
};

const connectionLines = ({ connection, customerGateway }: DesiredConnection, desired: DesiredRouter, daemon: DaemonVersion) => {
	const { vpc, gateway, pskPrefix } = desired;
	const publicIp = gateway?.publicIp ?? '';
	const privateIp = vpc.publicIps.find(({ ip }) => ip === publicIp)?.privateIp;
	const { id, desiredRevision } = connection;
	const { dpd, forceEncaps } = customerGateway;
	const natt = forceEncaps || privateIp !== undefined;
	const render = daemon.flavor === 'openswan' ? renderOpenswan : renderLibreswan;
	const words = {
		revision: desiredRevision,
		peer: customerGateway.gateway,
		passive: connection.passive ? 1 : 0,
		dpd: dpd.enabled ? `${dpd.delaySeconds}/${dpd.timeoutSeconds}` : '0/0',
		mss: tcpMss(customerGateway.esp, natt),
		public: publicIp,
		private: privateIp ?? '-',
		leftid: publicIp,
		rightid: identityWord(customerGateway.remoteId ?? customerGateway.gateway),
		ike: customerGateway.ike.version,
		suite: suiteWord(customerGateway),
		natt: natt ? 1 : 0,
		psk: `${pskPrefix}/${customerGateway.accountId}/${customerGateway.id}:${customerGateway.pskVersion}`,
		...probeWord(connection, customerGateway),
	};
	const file = [
		`# s2s ${id} revision ${desiredRevision}`,
		...connsOf(connection, customerGateway, { vpc, publicIp }).flatMap((conn) => render(conn, daemon)),
	];
	return [
		['connection', id, ...Object.entries(words).map(([key, value]) => `${key}=${value}`)].join(' '),
		...customerGateway.remoteCidrs.map((cidr, index) => `pair ${index + 1} ${cidr}`),
		...file.map((line) => `| ${line}`),
	];
};
