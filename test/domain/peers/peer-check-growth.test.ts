import { describe, expect, it } from 'vitest';
import { packetsOf, without } from '../../../functions/domain/peers/contract/packets.ts';
import type { Device } from '../../../functions/domain/peers/contract/peer-device.ts';
import { peerView } from '../../../functions/domain/peers/contract/peer-view.ts';
import { addressBooks } from '../../../functions/domain/peers/junos/junos-addresses.ts';
import { at, none } from '../../../functions/domain/peers/junos/junos-nodes.ts';
import { junosStatements } from '../../../functions/domain/peers/junos/junos-statements.ts';
import { type JunosNode, junosTree } from '../../../functions/domain/peers/junos/junos-tree.ts';
import { peerCheck, readers } from '../../../functions/domain/peers/peer-check.ts';
import { processorMs } from '../../support/attack-tally.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../../support/builders.ts';

const most = 60_000;
const view = peerView(idOf('vpnc', 1), aCustomerGateway(), { vpc: aVpc(), gateway: aGateway() });
const check = (device: Device, text: string) => peerCheck(readers[device]?.(text) ?? expect.fail(), view);

/** A text of some length, by lines that count on. */
const lines = (line: (n: number) => string, length = most): string => {
	const made: string[] = [];
	for (let size = 0, n = 0; size < length; n++) {
		const one = line(n);
		made.push(one);
		size += one.length;
	}
	return made.join('');
};
const junosHead = 'set security ike gateway g address 192.0.2.1\nset security ipsec vpn v ike gateway g\n';
const iosHead = 'crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n match address L\ninterface Gi0/0\n crypto map M\n';

const families: Record<string, (length: number) => string> = {
	newlines: (length) => '\n'.repeat(length),
	'returns without newlines': (length) => '\r'.repeat(length),
	'separators of lines that are no newlines': (length) => '\u2028'.repeat(length),
	blanks: (length) => ' '.repeat(length),
	'quotes without end': (length) => '"'.repeat(length),
	'comments without end': (length) => '/*'.repeat(length / 2),
	'brackets without end': (length) => '[ '.repeat(length / 2),
	'a list of one word': (length) => `set security ike policy p proposals [ ${'b '.repeat(length / 2)}]`,
	'a list in a long statement': (length) => `${'a '.repeat(length / 4)}[ ${'b '.repeat(length / 4)}]`,
	'the same in braces': (length) => `${'a '.repeat(length / 4)}{ b [ ${'c '.repeat(length / 4)}]; }`,
	'braces within braces': (length) => 'a b c d e f g h { '.repeat(length / 18),
	'statements within braces': (length) => lines((n) => `a b c d ${n} { e; f g; `, length),
	'edit without end': (length) => 'edit a b c d e f\n'.repeat(length / 17),
	'top of top': (length) => 'top '.repeat(length / 4),
	'edit and set': (length) => lines(() => 'edit a b c\nset d e\n', length),
};

const nodesOf = (node: JunosNode): number => [...node.below.values()].reduce((sum, below) => sum + 1 + nodesOf(below), 0);
/** What is kept of a text: words of statements, nodes of the tree, and lines that are not known. */
const kept = (text: string): number => {
	const { statements, unknown } = junosStatements(text);
	return statements.reduce((sum, { words }) => sum + words.length, 0) + unknown.length + nodesOf(junosTree(text).root);
};

describe('what is kept of a text', () => {
	it.each(Object.entries(families))('grows no faster than the text: %s', (_what, family) => {
		const [small, large] = [kept(family(most / 8)), kept(family(most))];

		expect(large).toBeLessThanOrEqual(9 * small + 1_000);
		expect(large).toBeLessThanOrEqual(8 * most);
		for (const device of Object.keys(readers) as Device[]) {
			const from = processorMs();
			expect(check(device, family(most)).findings.length).toBeGreaterThan(0);
			expect(processorMs() - from).toBeLessThan(2_000);
		}
	});

	it('has each address of a set once, by whatever sets and circles it is named', () => {
		const set = (n: number, of: number) => `set security address-book global address-set s${n} address-set s${of}\n`;
		const text = `${lines((n) => set(n % 300, (n * 7) % 300), 100_000)}${lines((n) => `set security address-book global address a${n} 10.0.0.${n}/32\nset security address-book global address-set s${n} address a${n}\n`, 20_000)}`;
		const books = addressBooks(at(junosTree(text).root, 'security') ?? none);

		const { cidrs = [] } = books.of('trust', 's1') ?? {};
		expect(new Set(cidrs).size).toBe(cidrs.length);
		expect(cidrs.length).toBeGreaterThan(0);
		expect(cidrs.length).toBeLessThanOrEqual(1_024);
	});

	it('has the packets that are left in a bounded number of pieces', () => {
		const rules = Array.from({ length: 2_000 }, (_, n) => ({
			locals: [`10.2.${n % 256}.${(n * 37) % 256}/32`],
			remotes: [`10.1.${(n * 91) % 256}.${(n * 53) % 256}/32`],
		}));
		let left = packetsOf({ local: '10.2.0.0/16', remote: '10.1.0.0/16' });
		for (const rule of rules) {
			left = without(left, rule);
			expect(left.length).toBeLessThanOrEqual(256);
		}
	});
});

describe('a text that is too large to be judged', () => {
	it.each<[string, Device, string, RegExp]>([
		[
			'map entries',
			'ios-12.4',
			lines((n) => `crypto map M ${n} ipsec-isakmp\n set peer 192.0.2.1\n`),
			/crypto map entries, .* 256/,
		],
		[
			'entries to us',
			'ios-12.4',
			lines((n) => `crypto map M ${n} ipsec-isakmp\n set peer 192.0.2.1\n`, 3_000),
			/tunnels to 192\.0\.2\.1/,
		],
		['policies', 'ios-12.4', lines((n) => `crypto isakmp policy ${n}\n`), /isakmp policies/],
		['keys', 'ios-12.4', lines((n) => `crypto isakmp key k hostname h${n}\n`), /keys/],
		[
			'list entries',
			'ios-12.4',
			`${iosHead}ip access-list extended L\n${lines((n) => ` ${200_000 - n} permit ip any any\n`, 120_000)}`,
			/access list/,
		],
		['peers', 'ios-12.4', `crypto map M 10 ipsec-isakmp\n${lines((n) => ` set peer 10.0.0.${n}\n`, 4_000)}`, /peers/],
		[
			'translations',
			'ios-12.4',
			`${iosHead}${lines(() => 'ip nat inside source list L interface Gi0/0\n')}`,
			/translation rules/,
		],
		[
			'static translations',
			'ios-12.4',
			lines((n) => `ip nat inside source static 10.2.0.${n % 256} 192.0.2.${n % 256}\n`, 120_000),
			/static/,
		],
		['route map entries', 'ios-12.4', lines((n) => `route-map R permit ${n}\n`), /route map/],
		['interfaces', 'ios-12.4', lines((n) => `interface Vlan${n}\n`), /interfaces/],
		['VPNs', 'junos-9.5', lines((n) => `set security ipsec vpn v${n} ike gateway g\n`), /VPNs/],
		['proposals', 'junos-9.5', lines((n) => `set security ike proposal q${n} dh-group group2\n`), /ike proposals/],
		['rule sets', 'junos-9.5', lines((n) => `set security nat source rule-set r${n} from zone trust\n`), /rule sets/],
	])('says so, and nothing else: %s', (_what, device, text, says) => {
		expect(check(device, text)).toMatchObject({
			findings: [{ what: 'too-large', message: expect.stringMatching(says), commands: [] }],
			notCompared: [],
		});
	});

	it('or has more findings than anybody reads says how many there are', () => {
		const text = `${junosHead}${lines((n) => `set security policies from-zone t to-zone untrust policy p${n} then permit tunnel ipsec-vpn v\n`)}`;
		const { findings, notCompared } = check('junos-9.5', text);

		expect(findings).toHaveLength(250);
		expect(notCompared.at(-1)).toMatchObject({ what: 'more-findings', message: expect.stringMatching(/there are \d{4,}/) });
	});
});

const times = (count: number, line: (n: number) => string): string => Array.from({ length: count }, (_, n) => line(n)).join('');
const iosMap = (n: number, peer: string, list: string) =>
	`crypto map M ${n} ipsec-isakmp\n set peer ${peer}\n match address ${list}\n`;
const iosOthers = (count: number, list: (n: number) => string) => times(count, (n) => iosMap(n + 1, `198.51.100.${n}`, list(n)));
const iosOurs = (count: number, list: string) => times(count, (n) => iosMap(n + 1_000, '192.0.2.1', list));
const iosList = (name: string, count: number, entry: (n: number) => string) =>
	`interface Gi0/0\n crypto map M\nip access-list extended ${name}\n${times(count, (n) => ` ${entry(n)}\n`)}`;
const right = 'permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.255.255';
const host = (n: number) => `host 10.2.0.${n % 250} host 10.1.${Math.floor(n / 250)}.${n % 250}`;
const junosBook = times(
	32,
	(n) =>
		`set security address-book global address a${n} 10.2.${n}.0/24\nset security address-book global address-set A address a${n}\nset security address-book global address b${n} 10.1.${n}.0/24\nset security address-book global address-set B address b${n}\n`,
);
const junosVpn = (n: number, peer: string) =>
	`set security ike gateway g${n} address ${peer}\nset security ipsec vpn v${n} ike gateway g${n}\n`;
const junosPolicy = (n: number, vpn: number) =>
	`set security policies from-zone trust to-zone untrust policy o${n} match source-address A destination-address B application any\nset security policies from-zone trust to-zone untrust policy o${n} then permit tunnel ipsec-vpn v${vpn}\n`;

/** Texts that have no more of anything than they may, but many things that are each held against many others. */
const crossed: [what: string, device: Device, text: string, tooLarge?: string][] = [
	[
		'map entries that share a list',
		'ios-12.4',
		iosOthers(256, () => 'L') + iosList('L', 4_096, () => 'permit tcp any any'),
		'access list entries of all crypto map entries',
	],
	[
		'tunnels to us that share a list, behind others',
		'ios-12.4',
		iosOthers(220, () => 'L') + iosOurs(32, 'L') + iosList('L', 3_000, () => right),
		'access list entries of all crypto map entries',
	],
	['tunnels to us of many pairs each', 'ios-12.4', iosOurs(32, 'L') + iosList('L', 124, () => right), 'subnet pairs'],
	[
		'tunnels to us behind a long list that permits',
		'ios-12.4',
		iosOthers(1, () => 'L') +
			iosOurs(32, 'S') +
			iosList('S', 2, () => right) +
			iosList('L', 3_500, (n) => `permit ip ${host(n)}`),
	],
	[
		'tunnels to us behind a long list that refuses',
		'ios-12.4',
		iosOthers(1, () => 'L') + iosOurs(32, 'S') + iosList('S', 2, () => right) + iosList('L', 3_500, (n) => `deny ip ${host(n)}`),
	],
	[
		'tunnels to us behind many others, each with a list of its own',
		'ios-12.4',
		iosOthers(200, (n) => `L${n}`) +
			iosOurs(32, 'S') +
			iosList('S', 2, () => right) +
			times(200, (n) => iosList(`L${n}`, 10, () => right)),
	],
	[
		'tunnels to others that share sets of addresses',
		'junos-11.2',
		junosBook + times(200, (n) => junosVpn(n, `198.51.100.${n}`)) + times(500, (n) => junosPolicy(n, n % 200)),
	],
	[
		'tunnels to us that share sets of addresses',
		'junos-11.2',
		junosBook + times(32, (n) => junosVpn(n, '192.0.2.1')) + times(600, (n) => junosPolicy(n, n % 32)),
		'subnet pairs',
	],
];

describe('the judgement of a text in which many things are about each other', () => {
	it.each(crossed)('takes no minutes: %s', (_what, device, text, tooLarge) => {
		expect(text.length).toBeLessThan(200_000);
		const from = processorMs();

		const { findings } = check(device, text);

		expect(processorMs() - from).toBeLessThan(4_000);
		if (tooLarge === undefined) expect(findings.map(({ what }) => what)).not.toContain('too-large');
		else expect(findings).toMatchObject([{ what: 'too-large', message: expect.stringContaining(tooLarge) }]);
	});
});
