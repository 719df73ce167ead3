import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
type Pair = { up?: 0 | 1; crowded?: 0 | 1; claimed?: 0 | 1; expiring?: 0 | 1; loaded?: 0 | 1; bytesIn?: number };
const lines = (pairs: readonly Pair[]) =>
	pairs.map(
		({ up = 1, crowded = 0, claimed = up, expiring = 0, loaded = 1, bytesIn = 9 }, n) =>
			`${id} ${n + 1} ${up} 1 ${claimed} spi${n} in${n} 100 ${bytesIn} ${expiring} ${loaded} 0 ${crowded ? 'peer-deleted' : '-'} ${crowded}`,
	);
const seenUp = (count: number) => Array.from({ length: count }, (_, n) => `${n + 1} 1 spi${n} 100 9 0`);
const down: Pair = { up: 0 };

describe.each(awks)('what a connection needs, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
	});
	afterEach(() => router.remove());

	it.each<[what: string, need: string, seen: string[], pairs: Pair[]]>([
		['all are up', 'nothing', seenUp(2), [{}, {}]],
		['none is up', 'restart down', [], [down, down]],
		['one that was up is not', 'restart lost', seenUp(2), [{}, down]],
		['one never was', 'initiate 2', seenUp(1), [{}, down]],
		['the daemon claims one that is not up, and never was', 'restart lost', seenUp(1), [{}, { up: 0, claimed: 1 }]],
		['some are believed to be lost of many begun at once', 'restart crowd', seenUp(2), [{}, { ...down, crowded: 1 }]],
		['all are believed to be', 'restart crowd', [], [{ ...down, crowded: 1 }]],
		['one that was up is not in the daemon', 'nothing', seenUp(3), [{}, { ...down, loaded: 0 }, {}]],
		['none is in the daemon', 'nothing', seenUp(1), [{ ...down, loaded: 0 }]],
		['several will expire instead of being replaced', 'beside 1 3', seenUp(3), [{ expiring: 1 }, {}, { expiring: 1 }]],
	])('if %s is: %s', (_, need, seen, pairs) => {
		router.write(`var/lib/s2s/memory/${id}.seen`, seen);
		router.write('pairs', lines(pairs));

		expect(router.run(`need_of "$S2S_ROOT/pairs" ${id}`)).toMatchObject({ stderr: '', lines: [need] });
	});
});

describe('a pass over a connection', () => {
	let router: ReturnType<typeof routerShell>;
	const memory = `var/lib/s2s/memory/${id}`;
	beforeEach(() => {
		router = routerShell(awks[0]?.argv ?? []);
		router.write('bundle', [`connection ${id} peer=192.0.2.2`, 'pair 1 10.2.0.0/24', 'pair 2 10.3.0.0/24']);
	});
	afterEach(() => router.remove());

	/** What it does at the second 10,000, and what is remembered then. */
	const does = (pairs: readonly Pair[], { answers = false, states = '7 8' } = {}) => {
		router.write('pairs', lines(pairs));
		const { stderr, lines: said } = router.run(`make_folders
			now() { echo 10000; }
			reasons_of() { :; }
			conn_terminate() { echo "terminate \${1##*-}"; }
			conn_delete_states() { : >"$S2S_ROOT/deleted"; }
			states_of() { [ -e "$S2S_ROOT/deleted" ] || echo "${states}"; }
			rm -f "$S2S_ROOT/deleted"
			conn_initiate() { echo "initiate \${1##*-}" >&3; ${answers}; }
			ups_of() { :; }
			is_answered() { :; }
			{ heal_connection "$S2S_ROOT/bundle" "$S2S_ROOT/pairs" ${id}; } 3>&1
			cd "$memory" && ls | sed 's/^[^.]*[.]//' | grep -v seen`);
		expect(stderr).toBe('');
		return said;
	};
	const since = (seconds: number) => [String(10_000 - seconds)];

	it('restarts what is down for less than ten minutes, and at most once a minute what is down for longer', () => {
		router.write(`${memory}.down-since`, since(599));
		router.write(`${memory}.restarted`, since(15));
		expect(does([down, down])).toEqual(expect.arrayContaining(['terminate 1', 'terminate 2', 'initiate 1']));

		router.write(`${memory}.down-since`, since(601));
		router.write(`${memory}.restarted`, since(60));
		expect(does([down, down])).toContain('terminate 2');
		router.write(`${memory}.restarted`, since(61));
		expect(does([down, down], { states: '' })).toEqual(['initiate 1', 'initiate 2', 'down-since', 'restarted']);
	});

	it.each([
		['004 "c" #2: STATE_QUICK_I2: sent QI2, IPsec SA established tunnel mode {ESP=>0x1 <0x2}', 'Openswan'],
		['004 "c" #2: IPsec SA established tunnel mode {ESP=>0x1 <0x2}', 'Libreswan'],
		['002 "c" #2: initiator established Child SA using #1; IPsec tunnel', 'Libreswan, IKEv2'],
	])('takes the daemon’s word for a pair that has come up: %s', (word, _of) => {
		router.write(`${memory}.reason`, ['psk-mismatch']);
		const { lines: said } = router.run(`make_folders
			conn_initiate() { echo "initiate \${1##*-}" >&3; echo '${word}'; }
			ups_of() { echo asked >&3; }
			initiate_others '' "$S2S_ROOT/bundle" ${id} ${id}-1 ${id}-2 3>&1 && ls "$memory"`);

		expect(said).toEqual(['initiate 1', 'initiate 2']);
	});

	it('tries the first pair in the passes between, and the others as soon as that comes up', () => {
		router.write(`${memory}.down-since`, since(601));
		router.write(`${memory}.restarted`, since(15));
		expect(does([down, down])).toEqual(['terminate 1', 'initiate 1', 'down-since', 'restarted']);
		expect(does([down, down], { answers: true })).toEqual(expect.arrayContaining(['terminate 1', 'initiate 1', 'initiate 2']));
	});

	it('restarts at once what was begun all at once, at the next pass where that comes again, and then ever later', () => {
		const crowd: Pair[] = [
			{ ...down, crowded: 1 },
			{ ...down, crowded: 1 },
		];
		expect(does(crowd)).toEqual(expect.arrayContaining(['terminate 1', 'terminate 2', 'initiate 1']));

		router.write(`${memory}.crowd`, since(15));
		expect(does(crowd)).toContain('terminate 1');
		router.write(`${memory}.crowd`, since(15));
		expect(does(crowd)).not.toContain('terminate 1');
		router.write(`${memory}.crowd`, since(30));
		expect(does(crowd)).toContain('terminate 1');

		expect(does([{}, {}])).toEqual(expect.not.arrayContaining(['crowd', 'crowd-wait']));
	});

	it.each([
		['of a clock that was ahead', since(-86_400), ['15']],
		['full of zeros, as after a loss of power', ['\0'.repeat(10)], ['\0\0']],
		['no number', ['08'], ['a1']],
	])('is not kept waiting by a time that is %s', (_what, time, wait) => {
		for (const kind of ['lone', 'crowd', 'down-since', 'restarted']) router.write(`${memory}.${kind}`, time);
		for (const kind of ['lone-wait', 'crowd-wait', 'one-way-wait']) router.write(`${memory}.${kind}`, wait);
		router.write(`${memory}.seen`, seenUp(1));

		expect(does([{}, down])).toContain('initiate 2');
		for (const kind of ['down-since', 'restarted']) router.write(`${memory}.${kind}`, time);
		expect(does([{ ...down, crowded: 1 }, down])).toContain('terminate 1');
		for (const kind of ['down-since', 'restarted']) router.write(`${memory}.${kind}`, time);
		expect(does([down, down])).toContain('terminate 2');
		expect(router.run(`now() { echo 10000; }; cat "$memory/${id}.down-since"`).lines).toEqual(['10000']);
		router.write(`${memory}.restarted`, time);
		expect(router.run(`now() { echo 10000; }; one_way_is_due ${id} 1 && echo due`).lines).toEqual(['due']);
	});

	it.each<[what: string, pairs: Pair[]]>([
		['all are up', [{}, {}]],
		['a pair of it never came up', [{}, down]],
		['an SA of it will expire', [{ expiring: 1 }, {}]],
	])('has it down no longer where something is up: %s', (_, pairs) => {
		router.write(`${memory}.down-since`, since(900));
		router.write(`${memory}.seen`, seenUp(1));

		expect(does(pairs)).not.toContain('down-since');
	});

	it('counts the time from a new loss on, and begins at once with pairs that were refused before', () => {
		router.write(`${memory}.down-since`, since(900));
		for (const file of ['lone', 'lone-wait']) router.write(`${memory}.${file}`, ['300']);
		router.write(`${memory}.seen`, seenUp(2));

		expect(does([down, down])).toEqual(expect.not.arrayContaining(['lone', 'lone-wait']));
		expect(router.run(`cat "$memory/${id}.down-since"`).lines).toEqual(['10000']);
	});

	it('has it one-way no longer where it needs something else', () => {
		router.write(`${memory}.one-way`, ['1']);

		expect(does([{}, down])).not.toContain('one-way');
	});
});
