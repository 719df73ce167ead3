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
});
