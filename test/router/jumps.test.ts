import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const ours = '-j S2S-FORWARD';

describe.each(sampledAwks)('the jump to our chain, which somebody else’s rule has come ahead of, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('chain', ['-j DOCKER', ours]);
		router.write('calls', []);
		router.write('var/lib/s2s/bundle', [
			's2s-bundle/1',
			'generation 1',
			'vpc 10.1.0.0/16',
			`connection ${id} peer=192.0.2.9`,
			'pair 1 10.2.0.0/24',
			'end',
		]);
		// Of all chains FORWARD alone is kept. $S2S_ROOT/locked says at which calls somebody else holds the lock.
		router.command(
			'iptables',
			`[ "$2 $4" = 'filter FORWARD' ] || case $3 in -D) exit 1 ;; *) exit 0 ;; esac
verb=$3 chain=$S2S_ROOT/chain
shift 4
[ "$verb" != -I ] || shift
echo >>"$S2S_ROOT/calls"
at=$(grep -c '' "$S2S_ROOT/calls")
! grep -qx "$at" "$S2S_ROOT/locked" 2>/dev/null || exit 4
if [ "$verb" = -I ]; then { echo "$*"; cat "$chain"; } >"$chain.new"; else
	grep -qxF -e "$*" "$chain" || exit 1
	n=$(grep -nxF -e "$*" "$chain" | head -n 1 | cut -d : -f 1)
	sed "\${n}d" "$chain" >"$chain.new"
fi
mv "$chain.new" "$chain"
cp "$chain" "$S2S_ROOT/after.$at"`,
		);
		router.command(
			'iptables-save',
			`for t in 'raw PREROUTING S2S-NOTRACK' 'raw OUTPUT S2S-NOTRACK' 'mangle FORWARD S2S-MSS' 'mangle PREROUTING S2S-IN' 'mangle POSTROUTING S2S-OUT' 'filter INPUT S2S-INPUT' 'filter OUTPUT S2S-OUTPUT'; do
	set -- $t; printf '*%s\\n[0:0] -A %s -j %s\\n' "$@"
done
sed 's/^/[0:0] -A FORWARD /' "$S2S_ROOT/chain"`,
		);
		router.command('iptables-restore', 'cat >/dev/null');
		router.command('ip', ':');
	});
	afterEach(() => router.remove());

	const chain = () => router.run('cat "$S2S_ROOT/chain"').lines;
	const pass = () => router.run('make_folders; packet_rules_stand "$run/none" || guard "$state/bundle"');
	/** What the chain was after each call that changed it. */
	const moments = () =>
		router
			.run('set +f; for f in "$S2S_ROOT"/after.*; do tr "\\n" "," <"$f"; echo; done')
			.lines.map((line) => line.split(',').some((rule) => rule.endsWith(ours)));

	it('is there all the while that it is put first', () => {
		pass();

		expect(chain()).toEqual([ours, '-j DOCKER']);
		expect(moments()).not.toContain(false);
		expect(router.run('cat "$state/rules.sum"').lines).toHaveLength(1);
	});

	it.each([1, 2, 3, 4, 5])('is there where iptables fails at its call %i, and alone and first a pass later', (call) => {
		router.write('locked', [String(call)]);

		pass();

		expect(chain().filter((rule) => rule.endsWith(ours))).not.toEqual([]);
		expect(moments()).not.toContain(false);

		pass();

		expect(chain()).toEqual([ours, '-j DOCKER']);
	});

	it('is gone with everything of ours, marked or not', () => {
		router.write('chain', ['-m comment --comment s2s -j S2S-FORWARD', '-j DOCKER', ours, ours]);

		router.run('make_folders; remove_packet_rules');

		expect(chain()).toEqual(['-j DOCKER']);
	});
});
