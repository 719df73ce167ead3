import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const bundle = (...blocks: string[]) => [
	's2s-bundle/1',
	'generation 1',
	'vpc 10.1.0.0/16',
	`connection ${id} peer=192.0.2.9`,
	...blocks.map((block, n) => `pair ${n + 1} ${block}`),
	'end',
];

describe.each(sampledAwks)('what the pairs of a router have carried, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('old', bundle('10.2.0.0/24', '10.3.0.0/24'));
		router.write('new', bundle('10.9.0.0/24', '10.3.0.0/24'));
		// What was set is what stands.
		router.write('rules', []);
		router.command('iptables-restore', 'cat >"$S2S_ROOT/rules"');
		router.command(
			'iptables-save',
			`sed 's/^-A/[0:0] &/' "$S2S_ROOT/rules"
for t in 'raw PREROUTING S2S-NOTRACK' 'raw OUTPUT S2S-NOTRACK' 'mangle FORWARD S2S-MSS' 'mangle PREROUTING S2S-IN' 'mangle POSTROUTING S2S-OUT' 'filter FORWARD S2S-FORWARD' 'filter INPUT S2S-INPUT' 'filter OUTPUT S2S-OUTPUT'; do
	set -- $t; printf '*%s\\n[0:0] -A %s -j %s\\n' "$@"
done`,
		);
		router.command('ip', ':');
		router.run('make_folders; set_packet_rules 10.1.0.0/16 $root/old');
		carry('10.2.0.0/24', '7:9007199254740000');
		carry('10.3.0.0/24', '2:200');
	});
	afterEach(() => router.remove());

	const carry = (block: string, count: string) =>
		router.run(
			`sed "\\|-A S2S-IN -s ${block} |s/^.[0-9:]*./[${count}]/" $root/rules >$root/carried; mv $root/carried $root/rules`,
		);
	const counted = () => router.run('sed -n "s/^.\\([0-9:]*\\). -A S2S-IN -s \\([^ ]*\\) .*/\\2 \\1/p" $root/rules').lines.sort();

	it('is counted on, once, while the block of one is changed, whether or not that comes to its end', () => {
		router.run('set_packet_rules 10.1.0.0/16 $root/new $root/old');

		expect(counted()).toEqual(['10.2.0.0/24 0:0', '10.3.0.0/24 2:200', '10.9.0.0/24 7:9007199254740000']);

		carry('10.2.0.0/24', '1:100');
		carry('10.3.0.0/24', '3:300');
		router.run('set_packet_rules 10.1.0.0/16 $root/new');

		expect(counted()).toEqual(['10.3.0.0/24 3:300', '10.9.0.0/24 8:9007199254740100']);
	});

	it('is of rules that are set again at the next pass where somebody else held the lock of iptables', () => {
		const blocks = () => counted().map((line) => line.split(' ')[0]);
		const pass = 'read_tables $run/tables; packet_rules_stand $run/tables || set_packet_rules 10.1.0.0/16 $root/new';
		router.run('set_packet_rules 10.1.0.0/16 $root/new $root/old');
		router.command('iptables-restore', 'exit 4');
		router.run('set_packet_rules 10.1.0.0/16 $root/new');
		router.command('iptables-restore', 'cat >"$S2S_ROOT/rules"');

		expect(blocks()).toContain('10.2.0.0/24');
		router.run(pass);
		expect(blocks()).toEqual(['10.3.0.0/24', '10.9.0.0/24']);
	});
});
