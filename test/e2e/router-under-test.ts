import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Diagnosis, diagnose } from '../../functions/domain/diagnosis/diagnose.ts';
import { logLines, logsEnd } from '../../functions/domain/diagnosis/log-lines.ts';
import { probeOf } from '../../functions/domain/diagnosis/probe.ts';
import type { Dpd, EspPolicy, IkePolicy } from '../../functions/domain/model/crypto-suite.ts';
import type { DesiredConnection, DesiredRouter } from '../../functions/domain/model/desired-router.ts';
import type { ConnectionReport, RouterReport } from '../../functions/domain/model/report.ts';
import type { RouterFacts } from '../../functions/domain/model/vpc.ts';
import { parseReport } from '../../functions/domain/router/parse-report.ts';
import { renderBundle } from '../../functions/domain/router/render-bundle.ts';
import type { Lab, LabPeer } from '../../local/lab/lab.ts';
import { peerConfig } from '../../local/lab/peer-config.ts';
import { type Parameter, remoteProgram } from '../../local/routers/remote-program.ts';
import { type DocumentName, routerDocument, routerScripts } from '../../router/build.ts';
import { aConnection, aCustomerGateway, aGateway, aRouter, aVpc, idOf } from '../support/builders.ts';

export type Tunnel = {
	n: number;
	peer: string;
	remoteCidrs: readonly string[];
	psk: string;
	revision?: number;
	passive?: boolean;
	/** The host behind the peer that is pinged. */
	probe?: string;
	ike?: Partial<IkePolicy>;
	esp?: Partial<EspPolicy>;
	dpd?: Dpd;
	remoteId?: string;
	forceEncaps?: boolean;
};

/** The peers of the lab and the subnets behind them, as a tenant would describe them. */
export const toPeer = (subnets: number, psk: string): Tunnel => ({
	n: 2,
	peer: '192.0.2.2',
	remoteCidrs: Array.from({ length: subnets }, (_, index) => `10.2.${index}.0/24`),
	psk,
});
export const toPeer2 = (psk: string): Tunnel => ({ n: 3, peer: '192.0.2.3', remoteCidrs: ['10.3.0.0/24'], psk });
export const toNobody = (n: number): Tunnel => ({
	n: 100 + n,
	peer: `192.0.2.${100 + n}`,
	remoteCidrs: [`10.50.${n}.0/24`],
	psk: 'nobody listens here',
});

export const configurePeer = (lab: Lab, peer: LabPeer, tunnel: Tunnel): Promise<void> =>
	lab.configurePeer(
		peer,
		peerConfig({
			local: tunnel.peer,
			remote: '192.0.2.1',
			psk: tunnel.psk,
			localSubnets: tunnel.remoteCidrs,
			remoteSubnet: '10.1.0.0/16',
		}),
	);

const quickDpd: Dpd = { enabled: true, delaySeconds: 3, timeoutSeconds: 9 };

const described = ({ n, peer, remoteCidrs, revision = 1, passive = false, ike, esp, ...more }: Tunnel): DesiredConnection => ({
	connection: aConnection({
		id: idOf('vpnc', n),
		customerGatewayId: idOf('cgw', n),
		desiredRevision: revision,
		passive,
		...(more.probe === undefined ? {} : { probe: { host: more.probe } }),
	}),
	customerGateway: aCustomerGateway({
		id: idOf('cgw', n),
		gateway: peer,
		remoteCidrs: [...remoteCidrs],
		ike: { ...aCustomerGateway().ike, ...ike },
		esp: { encryption: 'aes128', hash: 'sha1', pfsGroup: null, lifetimeSeconds: 3_600, ...esp },
		dpd: more.dpd ?? quickDpd,
		remoteId: more.remoteId,
		forceEncaps: more.forceEncaps ?? false,
	}),
});

/** What the lab's router reports of itself. */
export const facts: RouterFacts = aRouter({
	capabilities: 'ikev1,ikev2,modp1536,modp2048,modp3072,modp4096,aes128,aes192,aes256,3des,md5,sha1,sha256,sha384,sha512'.split(
		',',
	),
});

/** A report with the pairs of a connection as digits, which are easier on the eye: `10` is one up and one down. */
export type ReportInDigits = Omit<RouterReport, 'connections'> & { connections: ConnectionInDigits[] };
export type ConnectionInDigits = Omit<ConnectionReport, 'up'> & { up: string };

const inDigits = (report: RouterReport): ReportInDigits => ({
	...report,
	connections: report.connections.map((line) => ({ ...line, up: line.up.map(Number).join('') })),
});

export type RouterUnderTest = {
	/** `withoutKey` has no parameter, as after somebody deleted it. */
	apply(generation: number, tunnels: readonly Tunnel[], withoutKey?: Tunnel): Promise<ReportInDigits>;
	/** Whatever generation it has stored. */
	force(generation: number, tunnels: readonly Tunnel[]): Promise<ReportInDigits>;
	check(): Promise<ReportInDigits>;
	/** Why the connection is not up, as the control plane would tell it. */
	diagnose(tunnel: Pick<Tunnel, 'n' | 'passive'>, probe: boolean): Promise<Diagnosis>;
	/** As `check`, and undefined where the daemon is not yet able to answer, which the control plane takes for no answer. */
	look(): Promise<ReportInDigits | undefined>;
};

/** What the control plane renders of the tunnels. */
export const bundleOf = (
	tunnels: readonly Tunnel[],
	{ vpc = aVpc({ router: facts }), gateway = aGateway() }: Partial<Pick<DesiredRouter, 'vpc' | 'gateway'>> = {},
): string => renderBundle({ vpc, gateway, connections: tunnels.map(described), pskPrefix: '/s2s/dev', flooring: [] }).text;

/** A bundle as the variables of the document `apply`. */
export const applyVariables = (generation: number, text: string) => ({
	SSM_Bundle: gzipSync(text).toString('base64'),
	SSM_Revision: `${generation}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`,
});

/** What Systems Manager would run on the lab's router, with the control plane's own rendering and parsing. */
export const routerUnderTest = (
	lab: Pick<Lab, 'exec'>,
	known: RouterFacts = facts,
	{
		ip = '192.0.2.1',
		privateIp,
		timeoutMs = 120_000,
		scripts = routerScripts(),
	}: {
		/** The address the gateway is on, and the router's own behind a 1:1 NAT. */
		ip?: string;
		privateIp?: string;
		/** Of a command: Systems Manager's own, unless what is done is more than a router is ever asked for. */
		timeoutMs?: number;
		/** Those that apply installs, if not this version's. */
		scripts?: ReturnType<typeof routerScripts>;
	} = {},
): RouterUnderTest => {
	const run = async (name: DocumentName, variables: Record<string, string>, parameters: readonly Parameter[]) => {
		const program = remoteProgram({ script: routerDocument(name, scripts), variables, parameters });
		const ran = await lab.exec('router', ['sh', '-s'], { stdin: program, timeoutMs });
		return { report: parseReport(ran.stdout), printed: `${ran.stdout}\n${ran.stderr}` };
	};
	const read = async (ran: ReturnType<typeof run>) => {
		const { report, printed } = await ran;
		if ('unreadable' in report) throw new Error(`${report.unreadable}\n${printed}`);
		return inDigits(report);
	};
	type Push = { generation: number; tunnels: readonly Tunnel[]; withoutKey?: Tunnel; force?: Record<string, string> };
	const push = ({ generation, tunnels, withoutKey, force = {} }: Push) => {
		const vpc = aVpc({ generation, router: known, publicIps: [{ ip, privateIp, sourceNat: true }] });
		const text = bundleOf(tunnels, { vpc, gateway: aGateway({ publicIp: ip }) });
		const parameters = tunnels
			.filter((tunnel) => tunnel !== withoutKey)
			.map(({ n, psk }) => ({
				name: `/s2s/dev/acme/${idOf('cgw', n)}`,
				version: 1,
				value: Buffer.from(psk).toString('base64'),
			}));
		return read(run('apply', { ...applyVariables(generation, text), ...force }, parameters));
	};
	return {
		apply: (generation, tunnels, withoutKey) =>
			push({ generation, tunnels, ...(withoutKey === undefined ? {} : { withoutKey }) }),
		force: (generation, tunnels) => push({ generation, tunnels, force: { SSM_Force: '1' } }),
		check: () => read(run('check', { SSM_Report: 's2s/1' }, [])),
		diagnose: async ({ n, passive = false }, probe) => {
			const connection = aConnection({ id: idOf('vpnc', n), passive, state: 'Disconnected' });
			const variables = { SSM_ConnectionId: connection.id, SSM_Limit: '200', SSM_Probe: probe ? '1' : '0' };
			const { printed } = await run('logs', variables, []);
			const { report } = await run('check', { SSM_Report: 's2s/1' }, []);
			const answer =
				'unreadable' in report ? { silence: { code: 'unreadable' as const, detail: report.unreadable } } : { report };
			const now = new Date();
			const text = printed.slice(0, printed.lastIndexOf(logsEnd) + logsEnd.length);
			return diagnose({ connection, answer, lines: logLines(text, { now }) ?? [], probe: probeOf(text), docsBaseUrl: '', now });
		},
		look: async () => {
			const { report } = await run('check', { SSM_Report: 's2s/1' }, []);
			return 'unreadable' in report ? undefined : inDigits(report);
		},
	};
};

export const connectionOf = (report: ReportInDigits, tunnel: Pick<Tunnel, 'n'>): ConnectionInDigits => {
	const found = report.connections.find(({ connectionId }) => connectionId === idOf('vpnc', tunnel.n));
	if (found === undefined) throw new Error(`the report does not name ${idOf('vpnc', tunnel.n)}`);
	return found;
};

/** The SPIs of the SAs between the router and a peer: they change when an SA is made anew. */
export const spisWith = async (lab: Lab, peer: string): Promise<string[]> => {
	const states = await lab.sh('router', 'ip xfrm state | grep -E "^src|proto esp" | paste - -');
	return states
		.split('\n')
		.filter((line) => line.includes(` ${peer} `) || line.includes(` ${peer}\t`))
		.map((line) => /spi (0x[0-9a-f]+)/.exec(line)?.[1] ?? '')
		.sort();
};

/** The peer's own list: how many SAs stand for each of its subnets. */
export const peerChildren = async (lab: Lab, peer: LabPeer): Promise<Record<string, number>> => {
	const listed = await lab.sh(peer, 'swanctl --list-sas');
	const counts: Record<string, number> = {};
	for (const [, child = ''] of listed.matchAll(/^ {2}(net\d+): .*INSTALLED/gm)) counts[child] = (counts[child] ?? 0) + 1;
	return counts;
};
