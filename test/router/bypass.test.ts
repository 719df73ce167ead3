import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPublicBlock } from '../../functions/domain/model/public-blocks.ts';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const blocks = [
	'10.2.0.0/24',
	'172.31.0.0/16',
	'172.32.0.0/16',
	'8.0.0.0/6',
	'203.0.113.0/24',
	'100.64.0.0/10',
	'100.0.0.0/8',
	'198.18.7.0/24',
];
const bundle = (remotes: readonly string[], peers = ['203.0.113.9', '192.0.2.9', 'any']) => [
	's2s-bundle/1',
	'vpc 10.1.0.0/16',
	...peers.map(
		(peer, n) =>
			`connection vpnc-0000000000000000${n} peer=${peer} passive=0 mss=1360${n === 0 ? remotes.map((cidr, i) => `\npair ${i + 1} ${cidr}`).join('') : ''}`,
	),
	'end',
];

/** A kernel that keeps policies in a file, and prints them as iproute2 does. */
const kernel = `case "$*" in
'-4 -o addr show') echo '2: eth0    inet 10.1.0.5/24 scope global eth0'; echo '3: eth1    inet 192.168.9.1/24 scope global eth1' ;;
'xfrm policy') cat "$S2S_ROOT/policies" 2>/dev/null ;;
'xfrm policy update '*) shift 3; words="$*"; printf '%s \\n\\tdir %s ptype main \\n' "\${words%% dir *}" "\${words#* dir }" >>"$S2S_ROOT/policies"; echo "+ $*" >>"$S2S_ROOT/done" ;;
'xfrm policy delete '*) shift 3; echo "- $*" >>"$S2S_ROOT/done" ;;
esac`;

describe.each(awks)('what goes past the tunnels of a router, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.command('ip', kernel);
	});
	afterEach(() => router.remove());
	const told = (script: string) => {
		const { lines, stderr } = router.run(`make_folders; cd "$S2S_ROOT"; ${script}`);
		expect(stderr).toBe('');
		return lines;
	};

	it('is nothing where all blocks are private, as the control plane knows them', () => {
		for (const block of blocks) {
			router.write('bundle', bundle([block]));
			expect([block, told('has_public_blocks bundle && echo public')]).toEqual([block, isPublicBlock(block) ? ['public'] : []]);
		}
		router.write('bundle', bundle(blocks.filter((block) => !isPublicBlock(block))));
		expect(told('bypasses_of bundle')).toEqual([]);
	});

	it('is HTTPS to a public block, and IKE and ESP with the peers in it, from an address that the tunnels carry', () => {
		router.write('bundle', bundle(['10.2.0.0/24', '203.0.113.0/24', '52.0.0.0/6']));

		expect(told('bypasses_of bundle')).toEqual([
			'10.1.0.5 203.0.113.0/24 tcp',
			'10.1.0.5 203.0.113.9/32 esp',
			'10.1.0.5 203.0.113.9/32 udp 4500',
			'10.1.0.5 203.0.113.9/32 udp 500',
			'10.1.0.5 52.0.0.0/6 tcp',
		]);
	});

	it('is set in the kernel both ways, ahead of the daemon’s policies, once, and taken away with its block', () => {
		router.write('bundle', bundle(['203.0.113.0/24'], ['192.0.2.9']));
		router.write('policies', [
			'src 10.1.0.0/16 dst 203.0.113.0/24 ',
			'\tdir out priority 1757393 ptype main ',
			'\ttmpl src 10.1.0.5 dst 192.0.2.9',
		]);

		expect(told('set_bypasses bundle; set_bypasses bundle; cat done')).toEqual([
			'+ src 10.1.0.5/32 dst 203.0.113.0/24 proto tcp dport 443 dir out priority 77',
			'+ src 203.0.113.0/24 dst 10.1.0.5/32 proto tcp sport 443 dir in priority 77',
		]);
		expect(told('rm done; set_bypasses /dev/null; cat done')).toEqual([
			'- src 10.1.0.5/32 dst 203.0.113.0/24 proto tcp dport 443 dir out',
			'- src 203.0.113.0/24 dst 10.1.0.5/32 proto tcp sport 443 dir in',
		]);
	});

	it('has the same way through the packet rules, before anything of the block is dropped, and no other host has it', () => {
		router.write(
			'bundle',
			bundle(['203.0.113.0/24'], ['203.0.113.9']).map((line) => line.replace('203.0.113.9', '192.0.2.9')),
		);
		router.write('one', ['10.1.0.5 203.0.113.0/24 tcp', '10.1.0.5 203.0.113.9/32 udp 500', '10.1.0.5 203.0.113.9/32 esp']);

		const rules = told('guarded=$(bundle_pairs bundle) unguarded=$(cat one); packet_rules 10.1.0.0/16 ""');

		const past = rules.filter((rule) => rule.includes('10.1.0.5'));
		expect(past).toEqual([
			'-A S2S-NOTRACK -s 10.1.0.5/32 -d 203.0.113.0/24 -p tcp -m tcp --dport 443 -j RETURN',
			'-A S2S-NOTRACK -s 203.0.113.0/24 -d 10.1.0.5/32 -p tcp -m tcp --sport 443 -j RETURN',
			'-A S2S-OUTPUT -s 10.1.0.5/32 -d 203.0.113.0/24 -p tcp -m tcp --dport 443 -j RETURN',
			'-A S2S-INPUT -s 203.0.113.0/24 -d 10.1.0.5/32 -p tcp -m tcp --sport 443 -j RETURN',
			'-A S2S-OUTPUT -s 10.1.0.5/32 -d 203.0.113.9/32 -p udp -m udp --sport 500 -j RETURN',
			'-A S2S-INPUT -s 203.0.113.9/32 -d 10.1.0.5/32 -p udp -m udp --dport 500 -j ACCEPT',
			'-A S2S-OUTPUT -s 10.1.0.5/32 -d 203.0.113.9/32 -p esp -j RETURN',
			'-A S2S-INPUT -s 203.0.113.9/32 -d 10.1.0.5/32 -p esp -j ACCEPT',
		]);
		const last = Math.max(...past.map((rule) => rules.indexOf(rule)));
		expect(rules.findIndex((rule) => rule.endsWith('-j DROP'))).toBeGreaterThan(last);
		expect(rules.findIndex((rule) => rule.endsWith('-j CT --notrack'))).toBeGreaterThan(rules.indexOf(past[1] ?? ''));
	});
});
