import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const id = 'vpnc-00000000000000001';
const begun = (count: number) =>
	Array.from(
		{ length: count },
		(_, n) => `000 #${n + 1}: "${id}-1"[${n + 1}] 203.0.113.9:500 STATE_MAIN_R1 (sent MR1, expecting MI2);`,
	);

describe.each(sampledAwks)('a connection that is taken down, with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
		router.write('bundle', ['s2s-bundle/1', 'vpc 10.1.0.0/16', `connection ${id} peer=any`, 'pair 1 10.2.0.0/24', 'end']);
		router.command('ipsec', 'case "$*" in *--status) cat "$S2S_ROOT/status" ;; *) echo "$*" >>"$S2S_ROOT/calls" ;; esac');
		router.command('ip', ':');
	});
	afterEach(() => router.remove());

	const calls = (states: readonly string[]) => {
		router.write('status', states);
		router.run(`take_down "$root/bundle" ${id}`);
		return router.run('cat "$root/calls"').lines;
	};

	it('has its states deleted one by one, before it is', () => {
		expect(calls(begun(2))).toEqual([
			`whack --name ${id}-1 --terminate`,
			'whack --deletestate 1',
			'whack --deletestate 2',
			`whack --name ${id}-1 --delete`,
		]);
	});

	it('takes no longer where strangers begin exchange after exchange: no change of any connection would come to its end', () => {
		const all = calls(begun(300));

		expect(all.length).toBeLessThan(150);
		expect(all.at(-1)).toBe(`whack --name ${id}-1 --delete`);
	});

	describe('by a daemon that has died, whose SAs the kernel goes on using', () => {
		const policies = ['out', 'in', 'fwd'].map((direction) =>
			direction === 'out'
				? 'xfrm policy delete src 10.1.0.0/16 dst 10.2.0.0/24 dir out'
				: `xfrm policy delete src 10.2.0.0/24 dst 10.1.0.0/16 dir ${direction}`,
		);
		const stubs =
			'make_folders; steps=$root/steps; remove_packet_rules() { :; }; set_packet_rules() { :; }; remove_timer() { :; }; hold_from_healing() { :; }; put_in_place() { exit; }';
		const run = (script: string) => {
			router.command('ipsec', 'exit 1');
			router.command('pidof', ':');
			router.command('ip', 'echo "$*" >>"$S2S_ROOT/calls"');
			router.run(`${stubs}\n${script}`);
			return router.run('cat "$root/calls"').lines.filter((line) => line.includes('policy delete'));
		};

		it('has no policies any more where everything is removed', () => {
			expect(run('mv "$root/bundle" "$state/bundle"; remove_everything')).toEqual(policies);
		});

		it('has none where others stay either', () => {
			const without = 'mkdir -p "$ours"; mv "$root/bundle" "$state/bundle"; : >"$ours/$id.conf"; : >"$root/new"';
			const applied =
				'stage_files() { :; }; stage_secrets() { :; }; drop_what_the_checker_refuses() { :; }; apply_bundle "$root/new" 2-0';

			expect(run(`id=${id}; ${without}; ${applied}`)).toEqual(policies);
		});

		it('has none of its former ones where it is changed', () => {
			const changed = `mkdir -p "$ours"; cp "$root/bundle" "$state/bundle"; cp "$root/bundle" "$root/new"; : >"$ours/${id}.conf"`;
			const applied =
				'stage_files() { echo other >"$stage/$id.conf"; }; stage_secrets() { : >"$stage/$id.secrets"; : >"$run/wanted"; }; drop_what_the_checker_refuses() { :; }; apply_bundle "$root/new" 2-0';

			expect(run(`id=${id}; ${changed}; ${applied}`)).toEqual(policies);
		});
	});
});
