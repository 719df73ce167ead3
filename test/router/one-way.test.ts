import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routerLibrary } from '../../router/build.ts';

const id = 'vpnc-00000000000000001';

/** A pass each 15 s over a pair whose bytes go out; a restart gives it new SAs and counts from nothing. */
const passes = (count: number, bytesIn: string, { bytesOut = 100, before = '' } = {}) => `
make_folders
${before}
clock=1000 spi=1 out=0
now() { echo "$clock"; }
restart() { echo "restart $clock"; echo "$clock" >"$memory/$2.restarted"; spi=$((spi + 1)) out=0; }
pass=0
while [ $pass -lt ${count} ]; do
	pass=$((pass + 1)) clock=$((clock + 15)) out=$((out + ${bytesOut}))
	echo "${id} 1 1 1 1 spi$spi in$spi $out ${bytesIn} 0 1 0" >"$run/pairs"
	heal_connection bundle "$run/pairs" ${id}
	if [ -s "$memory/${id}.one-way" ]; then echo "shown $clock"; fi
done`;

describe('a pair that nothing comes in on while bytes go out', () => {
	let root: string;
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), 's2s-heal-'));
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	const run = (script: string) => {
		const env = { PATH: process.env['PATH'], S2S_ROOT: root };
		const ran = spawnSync('sh', ['-c', `${routerLibrary()}\n${script}`], { encoding: 'utf8', env });
		expect(ran.stderr).toBe('');
		const lines = ran.stdout.split('\n').map((line) => line.split(' '));
		const times = (what: string) => lines.filter(([word]) => word === what).map(([, at]) => Number(at));
		return { restarts: times('restart'), shown: times('shown') };
	};

	it('has its connection restarted at first, then after two minutes, four and eight, and is shown as one-way between', () => {
		const { restarts, shown } = run(passes(66, '0'));

		const gaps = restarts.slice(1).map((at, n) => at - (restarts[n] ?? 0));
		expect(gaps).toHaveLength(3);
		for (const [n, least] of [120, 240, 480].entries()) {
			expect(gaps[n]).toBeGreaterThanOrEqual(least);
			expect(gaps[n]).toBeLessThan(least + 60);
		}
		expect(shown.length).toBeGreaterThan(40);
	});

	it('is left alone where no more goes out than the pings of its own probe, whose host may be off', () => {
		const before = `echo '1000 10.2.0.10 1 100 -' >"$memory/${id}.replies"`;

		expect(run(passes(20, '0', { bytesOut: 252, before }))).toEqual({ restarts: [], shown: [] });
		expect(run(passes(20, '0', { bytesOut: 253, before })).restarts.length).toBeGreaterThan(0);
	});

	it('is left alone once something comes in, and begins anew with the next silence', () => {
		const { restarts, shown } = run(`${passes(20, '0')}\nspi=50 out=0\n${passes(4, '7').split('make_folders')[1]}`);

		const last = Math.max(...shown);
		expect(last).toBeLessThanOrEqual(1_000 + 20 * 15);
		expect(restarts.length).toBeGreaterThan(0);
	});
});
