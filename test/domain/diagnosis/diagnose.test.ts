import { describe, expect, it } from 'vitest';
import { type Diagnosis, diagnose } from '../../../functions/domain/diagnosis/diagnose.ts';
import type { Probe } from '../../../functions/domain/diagnosis/probe.ts';
import { probeOf } from '../../../functions/domain/diagnosis/probe.ts';
import type { ReasonCode } from '../../../functions/domain/model/reasons.ts';
import type { ConnectionReport, RouterReport } from '../../../functions/domain/model/report.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { aConnection, aLine, aReport, later, pairs } from '../../support/builders.ts';

const connection = aConnection({ state: 'Disconnected' });
const quiet: Probe = { initiated: true, ping: false, ike: 0, esp: 0, ikeBefore: 0, bytesOut: 0, bytesIn: 0 };
const report = (line: Partial<ConnectionReport> | undefined, over: Partial<RouterReport> = {}): RouterReport =>
	aReport({
		connections: line === undefined ? [] : [aLine({ connectionId: connection.id, phase1: false, up: pairs('0'), ...line })],
		...over,
	});
type Seen = { reasons?: ReasonCode[]; up?: boolean[]; phase1?: boolean; log?: string[]; probe?: Probe; report?: RouterReport };
const causes = ({ reasons = [], up = pairs('0'), phase1 = false, log = [], probe, report: own }: Seen): Diagnosis =>
	diagnose({
		connection,
		answer: { report: own ?? report({ up, phase1, reasons }) },
		lines: log.map((text) => ({ text })),
		probe,
		docsBaseUrl: 'https://docs.example/reasons',
		now: later(0),
	});
const told = (seen: Seen): string[] => causes(seen).causes.map(({ code, confidence }) => `${code} ${confidence}`);

const prohibited =
	'"vpnc-1" #1: ERROR: asynchronous network error report on wan (192.0.2.1:500), complainant 192.0.2.2: No route to host [errno 113, origin ICMP type 3 code 13 (not authenticated)]';
const refused =
	'"vpnc-1" #1: ERROR: asynchronous network error report on wan (192.0.2.1:500), complainant 192.0.2.2: Connection refused [errno 111, origin ICMP type 3 code 3 (not authenticated)]';
const mismatch = '"vpnc-1" #1: no acceptable Oakley Transform';

describe('the diagnosis (F-10, F-17)', () => {
	const table: [string, Seen, string[]][] = [
		['all is well', { up: pairs('11') }, []],
		['the daemon does not run', { report: report({}, { daemon: false }) }, ['daemon-down high']],
		['the router does not name it', { report: report(undefined) }, ['config-not-applied high']],
		[
			'its conn is not loaded',
			{ report: report({ reasons: ['waiting-for-peer'] }, { revision: 'drift' }) },
			['config-not-applied medium'],
		],
		['the daemon judged the peer', { reasons: ['ike-proposal-mismatch'], log: [mismatch] }, ['ike-proposal-mismatch high']],
		[
			'the peer only refused',
			{ reasons: ['ike-proposal-mismatch'], log: ['"x" #1: ignoring informational payload NO_PROPOSAL_CHOSEN'] },
			['ike-proposal-mismatch medium'],
		],
		[
			'what was judged is over since it came up',
			{ reasons: ['ike-proposal-mismatch'], log: [mismatch, '"x" #2: IPsec SA established tunnel mode'] },
			['ike-proposal-mismatch medium'],
		],
		[
			'phase 2 was refused to us',
			{ reasons: ['phase2-refused', 'esp-proposal-mismatch', 'pfs-mismatch', 'subnet-mismatch'] },
			['phase2-refused low', 'esp-proposal-mismatch low', 'pfs-mismatch low', 'subnet-mismatch low'],
		],
		['the peer fell silent in main mode', { reasons: ['psk-mismatch'] }, ['psk-mismatch medium', 'identity-mismatch low']],
		['nothing listens there', { reasons: ['peer-unreachable'], log: [refused] }, ['peer-unreachable high']],
		['a filter says so', { reasons: ['peer-unreachable'], log: [prohibited] }, ['firewall-blocked high']],
		[
			'a filter said so, before it came up',
			{ reasons: ['peer-unreachable'], log: [prohibited, '"x" added IKEv1 connection'] },
			['peer-unreachable medium'],
		],
		[
			'an echo is answered and IKE is not',
			{ reasons: ['peer-unreachable'], probe: { ...quiet, ping: true } },
			['firewall-blocked medium', 'peer-unreachable low'],
		],
		['nothing is answered', { reasons: ['peer-unreachable'], probe: quiet }, ['peer-unreachable medium', 'firewall-blocked low']],
		['packets of the peer do come in', { reasons: ['dpd-timeout'], probe: { ...quiet, ike: 2 } }, ['dpd-timeout medium']],
		[
			'nothing comes back',
			{ up: pairs('1'), reasons: ['one-way'], probe: { ...quiet, bytesOut: 168 } },
			['one-way medium', 'firewall-blocked low'],
		],
		['nothing is known of it', {}, ['peer-unreachable medium']],
		[
			'the peer was heard, and not again',
			{ log: ['"x" #1: initiating Main Mode', '"x" #1: STATE_MAIN_I2: sent MI2, expecting MR2'] },
			['firewall-blocked low'],
		],
		['phase 1 is up and no more is known', { phase1: true }, ['phase2-refused low']],
		[
			'a line of another connection names it',
			{ log: [`"vpnc-00000000000000002-1" #4: cannot route -- route already in use for "${connection.id}-1"`] },
			['peer-unreachable medium'],
		],
		['only the peer begins', { reasons: ['waiting-for-peer'], probe: quiet }, ['waiting-for-peer high']],
	];
	it.each(table)('where %s', (_where, seen, wanted) => {
		expect(told(seen)).toEqual(wanted);
	});

	describe('knows no less than the connection', () => {
		const at = later(-60).toISOString();
		const known = aConnection({
			state: 'Disconnected',
			stateReason: { code: 'psk-mismatch', kind: 'down', detail: 'the pre-shared keys differ' },
			observed: { up: pairs('0'), reason: 'psk-mismatch', candidates: ['identity-mismatch'], observedAt: at },
		});
		const of = (answer: Parameters<typeof diagnose>[0]['answer'], over: Partial<typeof known> = {}, log: string[] = []) =>
			diagnose({
				connection: { ...known, ...over },
				answer,
				lines: log.map((text) => ({ text })),
				probe: undefined,
				docsBaseUrl: '',
				now: later(0),
			});
		const codes = ({ causes: found }: Diagnosis) => found.map(({ code, confidence }) => `${code} ${confidence}`);
		const busy = (line: Partial<ConnectionReport> | undefined, over: Partial<RouterReport> = {}) => ({
			report: report(line, { busy: true, ...over }),
		});
		const silence = { silence: { code: 'unreachable', detail: 'no answer in time' } } as const;

		it('where the router does not answer', () => {
			const diagnosis = of(silence);

			expect(codes(diagnosis)).toEqual(['router-unreachable high', 'psk-mismatch medium', 'identity-mismatch low']);
			expect(diagnosis.causes[1]?.evidence).toEqual([`the router’s report of ${at} gave psk-mismatch`]);
			expect(codes(of(silence, { state: 'Connected', stateReason: undefined, observed: undefined }))).toEqual([
				'router-unreachable high',
			]);
		});

		it.each([
			['whose line has no pairs', busy({ up: [] })],
			['whose line has them down without a reason', busy({})],
			['that does not name it', busy(undefined)],
			['without a daemon', busy({ reasons: ['daemon-down'] }, { daemon: false })],
			['that says drift', busy({}, { revision: 'drift' })],
		])('where the router is at work on an apply, with a report %s', (_what, answer) => {
			const diagnosis = of(answer);

			expect(codes(diagnosis)).toEqual(['psk-mismatch medium', 'identity-mismatch low']);
			expect(diagnosis.incomplete).toEqual([expect.stringContaining('configuration is being applied')]);
		});

		it('where an apply is at work and the log says more', () => {
			expect(codes(of(busy({ up: [] }), {}, [mismatch]))).toEqual([
				'ike-proposal-mismatch high',
				'psk-mismatch medium',
				'identity-mismatch low',
			]);
		});

		it('where it is Pending, by what was reported before', () => {
			expect(codes(of(busy({ up: [] }), { state: 'Pending', stateReason: undefined }))).toEqual([
				'psk-mismatch medium',
				'identity-mismatch low',
			]);
		});

		it('where the report has no reason any more, and the log none either', () => {
			expect(codes(of({ report: report({}) }))).toEqual(['psk-mismatch medium', 'identity-mismatch low']);
			expect(codes(of({ report: report({}) }, {}, [mismatch]))[0]).toBe('ike-proposal-mismatch high');
			expect(codes(of({ report: report({ up: pairs('1') }) }))).toEqual([]);
		});

		it('but believes the present report of what the router itself shows', () => {
			const drift = { code: 'config-not-applied', kind: 'down', detail: '' } as const;

			expect(codes(of({ report: report({}) }, { stateReason: drift, observed: undefined }))).toEqual(['peer-unreachable medium']);
		});
	});

	it('says what could not be asked', () => {
		const diagnosis = diagnose({
			connection,
			answer: { report: report({ reasons: ['psk-mismatch'] }) },
			lines: [],
			probe: undefined,
			incomplete: ['the probe did not answer within 15 s'],
			docsBaseUrl: '',
			now: later(0),
		});

		expect(diagnosis).toMatchObject({
			incomplete: ['the probe did not answer within 15 s'],
			causes: [{ code: 'psk-mismatch' }, {}],
		});
		expect(causes({ reasons: ['psk-mismatch'] })).not.toHaveProperty('incomplete');
	});

	it.each(['not-managed', 'agent-too-old'] as const)('says of a router that is %s what is to be mended', (code) => {
		const { causes: found } = diagnose({
			connection,
			answer: { silence: { code, detail: 'why' } },
			lines: [],
			probe: undefined,
			docsBaseUrl: '',
			now: later(0),
		});
		expect(found).toMatchObject([{ code: 'router-not-managed', evidence: ['why'] }]);
	});

	it('says of a router that does not answer that it does not, and of no tunnel that it is down', () => {
		const { causes: found } = diagnose({
			connection,
			answer: { silence: { code: 'unreachable', detail: 'no answer in time' } },
			lines: [],
			probe: undefined,
			docsBaseUrl: '',
			now: later(0),
		});
		expect(found).toMatchObject([
			{ code: 'router-unreachable', confidence: 'high', side: 'router', evidence: ['no answer in time'] },
		]);
	});

	it('shows the lines it goes by, what to do on which side, where to read more, and what would tell more', () => {
		const { causes: found, next } = causes({ reasons: ['ike-proposal-mismatch'], log: [mismatch] });
		expect(found).toMatchObject([
			{
				side: 'both',
				remedy: expect.stringContaining('DH group'),
				docs: 'https://docs.example/reasons#ike-proposal-mismatch',
				evidence: [mismatch, expect.any(String)],
			},
		]);
		expect(next).toBeUndefined();
		expect(causes({ reasons: ['phase2-refused'] }).next).toContain('from the peer');
		expect(causes({ reasons: ['peer-unreachable'] }).next).toContain('probe=true');
	});

	it('reads what a router saw in a probe, and nothing of one that cannot be read', () => {
		expect(probeOf('s2s-probe initiated=1 ping=1 ike=2 esp=0 out=168 in=0 seen=9\nlines\n')).toEqual({
			initiated: true,
			ping: true,
			ike: 2,
			esp: 0,
			ikeBefore: 7,
			bytesOut: 168,
			bytesIn: 0,
		});
		expect(probeOf('s2s-probe initiated=1 ping=\n')).toBeUndefined();
		expect(probeOf('no probe\n')).toBeUndefined();
	});
});

describe('the diagnosis of a tunnel that is up', () => {
	const ofProbe = (line: Partial<ConnectionReport>, over: Partial<VpnConnection> = {}) =>
		diagnose({
			connection: aConnection({ state: 'Connected', probe: { host: '10.2.0.10' }, ...over }),
			answer: { report: report({ up: pairs('11'), phase1: true, ...line }) },
			lines: [],
			probe: undefined,
			docsBaseUrl: undefined,
			now: later(0),
		});
	const unanswered = { probe: { lossPercent: 100 } };
	const codes = (...asked: Parameters<typeof ofProbe>) =>
		ofProbe(...asked).causes.map(({ code, confidence }) => `${code} ${confidence}`);

	it('knows of a probe that nobody answers at once, before what the bytes tell', () => {
		expect(ofProbe(unanswered)).toMatchObject({
			causes: [{ code: 'no-reply-through-tunnel', confidence: 'high', evidence: [expect.stringContaining('10.2.0.10')] }],
			next: expect.stringContaining('probe=true'),
		});
		expect(codes({ ...unanswered, reasons: ['one-way'] })).toEqual([
			'no-reply-through-tunnel high',
			'one-way medium',
			'firewall-blocked low',
		]);
	});

	it('knows of none that is answered, not asked, or of a tunnel that is not wholly up', () => {
		expect(codes({ probe: { lossPercent: 67, rttMs: 9 } })).toEqual([]);
		expect(codes({})).toEqual([]);
		expect(codes(unanswered, { probe: undefined })).toEqual([]);
		expect(codes({ ...unanswered, up: pairs('10'), reasons: ['dpd-timeout'] })).toEqual(['dpd-timeout medium']);
	});
});
