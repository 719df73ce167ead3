import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../functions/domain/model/reasons.ts';
import type { RouterFacts } from '../../functions/domain/model/vpc.ts';
import { unsupportedBy } from '../../functions/domain/rules/router-capabilities.ts';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import type { PeerSide } from '../../local/lab/peer-config.ts';
import { atLength, rowsInTime } from '../support/at-length.ts';
import { idOf } from '../support/builders.ts';
import {
	type ConnectionInDigits,
	connectionOf,
	facts,
	type ReportInDigits,
	type RouterUnderTest,
	routerUnderTest,
	spisWith,
} from './router-under-test.ts';
import { legacySuites, modernSuites, peersWords, routersWords, type Suite, suiteOf, suiteWord, weaker } from './suite-list.ts';
import {
	answeringPlaces,
	freshPeer,
	makePlaces,
	numberOf,
	peerBegins,
	peersView,
	places,
	reconfigure,
	routersView,
	sideAt,
	tunnelAt,
} from './suite-peers.ts';
import { until } from './until.ts';

type Cell = { suite: Suite; role: 'initiator' | 'responder' };
const cell = (suite: Suite, role: Cell['role']): Cell => ({ suite, role });

const usesGroup2 = ({ ike, esp }: Suite): boolean => ike.dhGroup === 2 || esp.pfsGroup === 2;
const possible = [...legacySuites.filter((suite) => !usesGroup2(suite)), ...modernSuites];

/** Every cipher and hash in each phase, with and without PFS, in each role; from the modern set one of each IKE version. */
const spread = Array.from({ length: 8 }, (_, n) => n * 16 + (Math.floor(n / 2) % 2) * 8 + ((n * 3 + 1) % 8));
const sampled = [...spread.map((n) => possible[n]), modernSuites[2], modernSuites[5]].filter((suite) => suite !== undefined);
const cells: Cell[] = atLength
	? possible.flatMap((suite) => [cell(suite, 'initiator'), cell(suite, 'responder')])
	: rowsInTime(sampled, { seconds: 150, least: 4 }).map((suite, n) => cell(suite, n % 2 === 0 ? 'initiator' : 'responder'));
const batches = Array.from({ length: Math.ceil(cells.length / places) }, (_, n) => ({
	n: n + 1,
	batch: cells.slice(n * places, (n + 1) * places).map((one, place) => ({ ...one, place })),
}));

const strong = { encryption: 'aes256', hash: 'sha1' } as const;
const legacy = suiteOf(strong, strong, { version: 'ikev1', dhGroup: 5, pfsGroup: null });
/** At places where no initiator of a last batch is. */
const other = [1, 3].map((place) => tunnelAt(place, legacy, { passive: true, revision: 1_000 }));

const connAt = (place: number): string => `${idOf('vpnc', numberOf(place))}-1`;
const connectionAt = (report: ReportInDigits, place: number): ConnectionInDigits => connectionOf(report, { n: numberOf(place) });

describe('crypto suites between the router and a strict peer (F-4)', () => {
	let lab: Lab;
	let known: RouterFacts;
	let router: RouterUnderTest;
	let generation = 0;
	const table: string[][] = [];

	beforeAll(async () => {
		lab = await startLab();
		await makePlaces(lab);
		const { flavor, version, capabilities } = await routerUnderTest(lab).apply(0, []);
		known = { ...facts, flavor, version, capabilities };
		router = routerUnderTest(lab, known);
	});
	afterAll(async () => {
		const widths = [0, 1, 2].map((column) => Math.max(0, ...table.map((row) => row[column]?.length ?? 0)));
		const lines = table.map((row) =>
			row
				.map((word, column) => word.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		);
		console.log(`${lines.join('\n')}\n${table.length} rows`);
		await lab?.stop();
	});

	it('are refused with the reason before they reach a router whose daemon lacks the group', () => {
		const refusals = legacySuites.filter(usesGroup2).map((suite) => ({ suite, why: unsupportedBy(known, suite) ?? '' }));

		expect(refusals).toHaveLength(384 - 8 * 16);
		for (const { suite, why } of refusals) expect(why, suiteWord(suite)).toMatch(/has no DH group 2; it can do DH group 5/);
		for (const suite of possible) expect(unsupportedBy(known, suite), suiteWord(suite)).toBeUndefined();
		const groups = ({ suite: { ike, esp } }: (typeof refusals)[number]) => `${ike.dhGroup}/${esp.pfsGroup}`;
		for (const alike of Object.values(Object.groupBy(refusals, groups))) {
			const shown = atLength ? alike : alike?.slice(0, 1);
			const others = atLength ? '' : ` (as ${(alike?.length ?? 1) - 1} others with these groups)`;
			table.push(...(shown ?? []).map(({ suite, why }) => [suiteWord(suite), '-', 'unsupported', `${why}${others}`]));
		}
	});

	it.each(batches)('come up as configured, and never with a weaker one: batch $n', async ({ batch }) => {
		const waiting = batch.filter(({ role }) => role === 'responder').map(({ place }) => place);
		const refusals = batch.map(() => [] as string[]);
		const failures: string[] = [];
		const sides = (offer: (suite: Suite) => Partial<PeerSide>) =>
			batch.map(({ suite, role, place }) => sideAt(place, suite, role === 'responder' ? offer(suite) : {}));
		const offersWeaker = async (phase: 'ike' | 'esp', code: ReasonCode) => {
			await peerBegins(lab, waiting);
			const report = await router.check();
			for (const { suite, place } of batch.filter(({ role }) => role === 'responder')) {
				const { up, reasons } = connectionAt(report, place);
				refusals[place]?.push(`refuses ${weaker(suite)[phase]}: ${reasons.join()}`);
				if (up !== '0' || reasons[0] !== code) failures.push(`${suiteWord(suite)}: for ${weaker(suite)[phase]} ${up} ${reasons}`);
			}
		};

		await freshPeer(
			lab,
			sides((suite) => ({ proposals: weaker(suite).ike })),
		);
		generation++;
		await router.apply(
			generation,
			batch.map(({ suite, role, place }) => tunnelAt(place, suite, { passive: role === 'responder', revision: generation })),
		);
		await offersWeaker('ike', 'ike-proposal-mismatch');
		await reconfigure(
			lab,
			sides((suite) => ({ espProposals: weaker(suite).esp })),
		);
		await offersWeaker('esp', 'esp-proposal-mismatch');
		await reconfigure(
			lab,
			sides(() => ({})),
		);
		await peerBegins(lab, waiting);
		// What is not up by then is told below, each with what was seen of it.
		await until('every suite up', 90, async () => (await router.check()).connections.every(({ up }) => up === '1')).catch(
			() => {},
		);

		const answering = await answeringPlaces(
			lab,
			batch.map(({ place }) => place),
		);
		const report = await router.check();
		const peer = await peersView(lab);
		const daemon = await routersView(lab);
		for (const { suite, role, place } of batch) {
			const { up, reasons } = connectionAt(report, place);
			const wanted = { up: '1', reasons: [], answers: true, peer: peersWords(suite), daemon: routersWords(suite) };
			const seen = { up, reasons, answers: answering.includes(place), peer: peer.get(place), daemon: daemon.get(connAt(place)) };
			const asWanted = JSON.stringify(seen) === JSON.stringify(wanted);
			if (!asWanted) failures.push(`${suiteWord(suite)} as ${role}: ${JSON.stringify(seen)}`);
			table.push([suiteWord(suite), role, asWanted ? 'up' : 'FAILED', refusals[place]?.join('; ') ?? '']);
		}

		expect(failures).toEqual([]);
	});

	it('that the router turns out not to support fail by themselves, with their own reason', async () => {
		const kept = batches.at(-1)?.batch.find(({ role }) => role === 'initiator');
		const asked = legacySuites.filter(({ esp }, n) => n === 0 || (n === legacySuites.length - 1 - 8 && esp.pfsGroup === 2));
		if (kept === undefined || asked.length < 2) throw new Error('no such suites');
		const tunnel = tunnelAt(kept.place, kept.suite, { revision: generation });
		const before = await spisWith(lab, tunnel.peer);
		const unknown = asked.map((suite, n) => tunnelAt(places + n, suite));
		generation++;

		const report = await routerUnderTest(lab, { ...known, capabilities: [] }).apply(generation, [tunnel, ...unknown, ...other]);

		for (const one of unknown) expect(connectionOf(report, one)).toMatchObject({ up: '0', reasons: ['unsupported-by-router'] });
		expect(connectionOf(report, tunnel)).toMatchObject({ up: '1', reasons: [] });
		expect(await spisWith(lab, tunnel.peer)).toEqual(before);
		for (const [n, phase] of ['IKE', 'ESP'].entries()) {
			const said = new RegExp(`${phase} DH algorithm 'modp1024' is not supported`);
			const step = report.steps.flatMap((one) => said.exec(one)?.[0] ?? [])[0] ?? '';
			expect(step).not.toBe('');
			table.push([suiteWord(asked[n] ?? legacy), '-', 'unsupported', `${step} (found when it was applied)`]);
		}
	});

	it('are compared with what was negotiated in each phase', async () => {
		const differing = [
			{ place: 1, option: 'ike', offer: { proposals: 'aes192-sha1-modp1536' } },
			{ place: 3, option: 'phase2alg', offer: { espProposals: 'aes192-sha1' } },
		];
		await reconfigure(
			lab,
			differing.map(({ place, offer }) => sideAt(place, legacy, offer)),
		);
		for (const { place, option } of differing) {
			const file = `/etc/ipsec.d/s2s/${idOf('vpnc', numberOf(place))}.conf`;
			const edited = `sed 's/\\t${option}=aes256/\\t${option}=aes192/' ${file}`;
			await lab.sh('router', `${edited} >/tmp/other.conf; ipsec addconn --config /tmp/other.conf ${connAt(place)}`);
		}

		await peerBegins(
			lab,
			differing.map(({ place }) => place),
		);

		const report = await router.check();
		for (const { place, option } of differing) {
			expect(connectionAt(report, place)).toMatchObject({ up: '1', reasons: ['suite-differs'] });
			table.push([suiteWord(legacy), 'responder', 'suite-differs', `${option} was loaded as aes192-sha1 behind our back`]);
		}
	});
});
