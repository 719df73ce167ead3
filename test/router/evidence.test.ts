import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const pairs = [1, 2, 3, 4, 5];
const conn = (pair: number) => `"${id}-${pair}"`;
/** The IPsec state that owns a pair, and the ISAKMP state that all of them share. */
const owner = (pair: number) => pair + 10;
const phase1 = `#1: ${conn(1)}:500 STATE_MAIN_I4 (ISAKMP SA established); EVENT_SA_REPLACE in 85585s; newest ISAKMP; idle;`;

/** Every pair is up by what the daemon's status and the kernel say. */
const status = (lines: readonly string[] = [phase1]) => [
	'using kernel interface: netkey',
	...pairs.flatMap((pair) => [
		`${conn(pair)}: 10.1.0.0/16===192.0.2.1...192.0.2.2===10.2.${pair}.0/24; erouted; eroute owner: #${owner(pair)}`,
		`#${owner(pair)}: ${conn(pair)}:500 STATE_QUICK_I2 (sent QI2, IPsec SA established); EVENT_SA_REPLACE in 9s; newest IPSEC; eroute owner; isakmp#1; idle;`,
		`#${owner(pair)}: ${conn(pair)} esp.aa${owner(pair)}@192.0.2.2 esp.bb${owner(pair)}@192.0.2.1 tun.0@192.0.2.2 tun.0@192.0.2.1`,
	]),
	...lines,
];
const sa = (spi: string, bytes: number) =>
	`\tproto esp spi 0x${spi}(1) reqid 1(0x1) mode tunnel\n\tlifetime current:\n\t  ${bytes}(bytes), 3(packets)`;
const upAlone = (pair: number) => [
	`${conn(pair)} #${owner(pair)}: initiating Quick Mode PSK+ENCRYPT+TUNNEL+UP {using isakmp#1 msgid:6c2c2f41 proposal=AES(12)_128-SHA1(2)_160}`,
	`${conn(pair)} #${owner(pair)}: STATE_QUICK_I2: sent QI2, IPsec SA established tunnel mode {ESP=>0xaa <0xbb}`,
];
const allUp = pairs.flatMap(upAlone);
/** The exchanges of these pairs all begin before one of them is over. */
const upAtOnce = (which: readonly number[]) => [0, 1].flatMap((step) => which.map((pair) => upAlone(pair)[step] ?? ''));

describe.each(sampledAwks)('what tells that a peer does not have an SA that stands here, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		const bundleOf = (version: string) => [
			's2s-bundle/1',
			'vpc 10.1.0.0/16',
			`connection ${id} peer=192.0.2.2 mss=1360 passive=0 ike=${version} suite=`,
			...pairs.map((pair) => `pair ${pair} 10.2.${pair}.0/24`),
			'end',
		];
		router.write('var/lib/s2s/bundle', bundleOf('ikev1'));
		router.write('ikev2', bundleOf('ikev2'));
		router.write(
			'policies',
			pairs.map((pair) => `src 10.1.0.0/16 dst 10.2.${pair}.0/24\n\tdir out priority 1\n\ttmpl src 192.0.2.1 dst 192.0.2.2`),
		);
		router.command('ipsec', 'cat "$S2S_ROOT/status"');
		router.command('ip', 'case "$*" in *state*) cat "$S2S_ROOT/states" ;; *) cat "$S2S_ROOT/policies" ;; esac');
	});
	afterEach(() => router.remove());

	/** A digit for each pair that is up, and why those are not that are not. */
	const seen = (log: readonly string[], { said = status(), bundle = '$state/bundle', bytesIn = 0 } = {}) => {
		router.write('status', said);
		router.write(
			'states',
			pairs.flatMap((pair) => [sa(`aa${owner(pair)}`, 500), sa(`bb${owner(pair)}`, bytesIn)]),
		);
		router.write('var/log/pluto.log', log);
		const { lines, stderr } = router.run(
			`make_folders; sleep() { :; }; look_surely "${bundle}" "$run/pairs"; columns_awk '{ print $UP, $GONE }' "$run/pairs"`,
		);
		expect(stderr).toBe('');
		const words = lines.map((line) => line.split(' '));
		return [words.map(([up]) => up).join(''), ...new Set(words.map(([, why]) => why).filter((why) => why !== '-'))];
	};

	it('is nothing where nothing was said since they came up', () => {
		expect(seen(allUp)).toEqual(['11111']);
		expect(seen([`${conn(1)} #1: DPD: No response from peer - declaring peer dead`, ...allUp])).toEqual(['11111']);
		expect(seen([])).toEqual(['11111']);
	});

	it.each([
		['Openswan', `${conn(4)} #1: received Delete SA payload: replace IPSEC State #${owner(2)} in 10 seconds`],
		['Openswan', `${conn(4)} #1: received Delete SA(0xbb12) payload: deleting IPSEC State #${owner(2)}`],
		['Libreswan 4.10', `${conn(4)} #1: received Delete SA payload: replace IPsec State #${owner(2)} now`],
		['Libreswan 5.4', `${conn(2)} #${owner(2)}: received Delete SA payload via #1`],
	])('is its delete of it: %s, %s', (_, line) => {
		expect(seen([...allUp, line])).toEqual(['10111', 'peer-deleted']);
	});

	it.each([
		['Openswan', 'DPD: No response from peer - declaring peer dead'],
		['Libreswan', 'DPD action - putting connection into hold'],
	])('is its death, as soon as it is told of one pair: %s', (_, words) => {
		expect(seen([...allUp, `${conn(3)} #1: ${words}`])).toEqual(['00000', 'dpd-timeout']);
		expect(seen([...allUp, `${conn(3)} #1: ${words}`, ...upAlone(2)])).toEqual(['01000', 'dpd-timeout']);
	});

	it('is its delete, until the daemon is started, which the identity of a peer may say as well', () => {
		const deleted = `${conn(4)} #1: received Delete SA payload: deleting IPSEC State #${owner(2)}`;
		const other = `"vpnc-00000000000000002-1" #90: Peer ID is ID_FQDN: '@Starting Pluto (Libreswan Version 4.10)'`;

		expect(seen([...allUp, deleted, other])).toEqual(['10111', 'peer-deleted']);
		expect(seen([...allUp, deleted, 'Starting Pluto (Libreswan Version 4.10 IKEv2 IKEv1)'])).toEqual(['11111']);
	});

	it('is not what the identity of a peer says that is of none of our connections', () => {
		const deleted = `${conn(4)} #1: received Delete SA payload: deleting IPSEC State #${owner(2)}`;

		expect(seen([...allUp, `"office" #3: Peer ID is ID_FQDN: '@${deleted}'`])).toEqual(['11111']);
		expect(seen([...allUp, `packet from 203.0.113.9:500: a packet claiming to be from @${deleted}`])).toEqual(['11111']);
		expect(seen([...allUp, deleted, 'packet from 203.0.113.9:500: claiming to be from @Starting Pluto'])).toEqual([
			'10111',
			'peer-deleted',
		]);
	});

	it.each([
		['before it is judged', `Peer ID is ID_FQDN: '@received Delete SA IPsec State #${owner(2)}'`],
		['in capitals', `Peer ID is ID_FQDN: '@received Delete SA IPSEC State #${owner(2)}'`],
	])('is not what the identity of another connection’s peer says of one of its states, %s', (_, words) => {
		const neighbours = ['"vpnc-00000000000000002-1" #90: ', '"vpnc-00000000000000002-1"[3] 203.0.113.9 #90: '];

		for (const before of neighbours) expect(seen([...allUp, before + words])).toEqual(['11111']);
		expect(seen([...allUp, `"vpnc-00000000000000002-1": we require #${owner(2)}: received Delete SA`])).toEqual(['11111']);
		expect(
			seen([...allUp, `"vpnc-00000000000000002-1" #90: Peer ID is '@received Delete SA ISAKMP State #1'`], { said: status([]) }),
		).toEqual(['11111']);
	});

	it('is not what anybody says of itself who is taken for that peer until it has to prove it', () => {
		const said = (words: string) => [...allUp, `${conn(2)}[4] 203.0.113.9 #90: ${words}`];

		for (const words of [
			`received Delete SA IPsec State #${owner(2)}`,
			'DPD action',
			`a' #90: received Delete SA IPsec State #${owner(2)}`,
			'declaring peer dead',
		]) {
			expect(seen(said(`Peer ID is ID_FQDN: '@${words}'`))).toEqual(['11111']);
			expect(seen(said(`ignoring Vendor ID payload [TIMESTEP ${words}]`))).toEqual(['11111']);
		}
	});

	it('is its delete, whatever it says of itself afterwards', () => {
		const deleted = `${conn(4)}[2] 192.0.2.2 #1: received Delete SA payload: deleting IPSEC State #${owner(2)}`;

		for (const words of ['added IKEv1 connection', 'IPsec SA established'])
			expect(seen([...allUp, deleted, `${conn(2)}[4] 203.0.113.9 #${owner(2)}: Peer ID is ID_FQDN: '@${words}'`])).toEqual([
				'10111',
				'peer-deleted',
			]);
	});

	it('is not its death where bytes still come in on another pair', () => {
		const log = [...allUp, `${conn(3)} #1: DPD: No response from peer - declaring peer dead`];
		router.command(
			'ip',
			`case "$*" in *state*) n=$(cat "$S2S_ROOT/looks" 2>/dev/null || echo 0); echo $((n + 1)) >"$S2S_ROOT/looks"; sed "/bb${owner(2)}(/,/bytes/s/84(/$((84 + n))(/" "$S2S_ROOT/states" ;; *) cat "$S2S_ROOT/policies" ;; esac`,
		);

		expect(seen(log, { bytesIn: 84 })).toEqual(['01000', 'dpd-timeout']);
	});

	it('is, under IKEv1, not that phase 1 is gone, but that the peer deleted it and there is no other', () => {
		const deleted = `${conn(1)} #1: received Delete SA payload: deleting ISAKMP State #1`;

		expect(seen(allUp, { said: status([]) })).toEqual(['11111']);
		const again = `${conn(1)} #7: STATE_MAIN_I4: ISAKMP SA established {auth=PRESHARED_KEY}`;
		expect(seen([...allUp, deleted])).toEqual(['11111']);
		// It was replaced beforehand, and the successor has gone without a word.
		expect(seen([...allUp, again, deleted], { said: status([]) })).toEqual(['11111']);
		expect(seen([...allUp, deleted], { said: status([]) })).toEqual(['00000', 'peer-deleted']);
		expect(seen([deleted, ...allUp], { said: status([]) })).toEqual(['11111']);
	});

	it('is, under IKEv1, that phase 1 is gone and bytes have only gone out since the pass before', () => {
		router.write(`var/lib/s2s/memory/${id}.seen`, [
			`1 1 aa${owner(1)} 400 70 1`,
			`2 1 aa${owner(2)} 400 70 0`,
			'3 1 aa99 400 70 1',
		]);

		expect(seen(allUp, { said: status([]), bytesIn: 70 })).toEqual(['01111', 'dpd-timeout']);
		expect(seen(allUp, { bytesIn: 70 })).toEqual(['11111']);
	});

	it('is, under IKEv2, that the IKE SA is gone, and not that it is another connection’s', () => {
		const of = (lines: readonly string[]) => seen(allUp, { said: status(lines), bundle: '$S2S_ROOT/ikev2' });

		expect(of([phase1])).toEqual(['11111']);
		expect(of([phase1.replace(id, 'vpnc-00000000000000002')])).toEqual(['11111']);
		expect(of([])).toEqual(['00000', 'peer-deleted']);
	});

	it('is that four Quick Modes were under way at once, of which some peers lose what is past three, until something comes in', () => {
		expect(seen([...upAlone(5), ...upAtOnce([1, 2, 3, 4])])).toEqual(['00001', 'peer-deleted']);
		expect(seen([...upAlone(5), ...upAtOnce([1, 2, 3, 4])], { bytesIn: 84 })).toEqual(['11111']);
		expect(seen([...upAlone(4), ...upAlone(5), ...upAtOnce([1, 2, 3])])).toEqual(['11111']);
	});

	it('is not what was said of states that an earlier daemon numbered alike', () => {
		const before = [
			...allUp,
			`${conn(1)} #1: received Delete SA payload: replace IPsec State #${owner(2)} now`,
			`${conn(3)} #1: DPD action - hold`,
		];

		expect(seen([...before, 'Starting Pluto (Libreswan Version 4.10) pid:4711'])).toEqual(['11111']);
		expect(seen([...before, 'Starting Pluto (Openswan Version 2.6.38)', ...allUp])).toEqual(['11111']);
	});
});
