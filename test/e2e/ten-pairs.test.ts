import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, labAddress, startLab } from '../../local/lab/lab.ts';
import { pairFaults } from './pair-faults.ts';
import { configurePeer, type RouterUnderTest, routerUnderTest, spisWith, toPeer } from './router-under-test.ts';
import { untilHealed } from './until-healed.ts';

const ten = toPeer(10, 'a secret');
const chosen = pairFaults.filter(({ what }) => (process.env.FAULTS ?? what).split(';').includes(what));

/** Half a minute to two each, without a control plane but for what only that can do. */
describe('ten pairs with one peer', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	const table: string[] = [];
	/** On a quiet machine 30 s: a pass of the timer, and as long as the pairs took at first, one after another. */
	let healSeconds = 30;

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		await configurePeer(lab, 'peer', ten);
		const begun = Date.now();
		await router.apply(1, [ten]);
		await untilHealed({ lab, router, tunnel: ten, seconds: 240 });
		healSeconds = Math.max(healSeconds, 15 + 1.5 * ((Date.now() - begun) / 1_000));
		await lab.sh('host', `setsid ping -i 0.5 ${labAddress['peer-host']} >/dev/null 2>&1 </dev/null &`);
	});
	afterAll(async () => {
		console.log([`limit ${healSeconds.toFixed(0)} s`, ...table].join('\n'));
		await lab?.stop();
	});

	it.each(chosen)('$what: are never shown up while the peer has none, and heal by themselves', async (fault) => {
		const before = await spisWith(lab, ten.peer);
		const begun = Date.now();
		const seen = { lab, router, tunnel: ten };
		const during = fault.seconds === undefined ? undefined : untilHealed({ ...seen, seconds: fault.seconds, never: true });
		await fault.begin({ lab, router, tunnel: ten });
		const told = await during;
		await fault.end?.({ lab, router, tunnel: ten });
		const ended = Date.now();
		const outcome = await untilHealed({ ...seen, seconds: 240, down: fault.down });
		const falseSeconds = Math.max(told?.falseSeconds ?? 0, outcome.falseSeconds);
		table.push(
			`${fault.what.padEnd(28)} begun ${((ended - begun) / 1_000).toFixed(0)} s, healed after ${outcome.seconds.toFixed(0)} s, falsely up ${falseSeconds.toFixed(0)} s, ${[...(told?.reasons ?? []), ...outcome.reasons].join(' ')}`,
		);

		expect(falseSeconds).toBeLessThanOrEqual(fault.blindSeconds ?? 3);
		expect(outcome.seconds).toBeLessThanOrEqual(healSeconds + (fault.lateSeconds ?? 0));
		if (fault.reason !== undefined) expect([...(told?.reasons ?? []), ...outcome.reasons]).toContain(fault.reason);
		if (fault.untouched) {
			const kept = (await spisWith(lab, ten.peer)).filter((spi) => before.includes(spi));
			expect(kept.length).toBeGreaterThanOrEqual(fault.untouched * 2);
		}
		await fault.restore?.({ lab, router, tunnel: ten });
		if (fault.restore) await untilHealed({ ...seen, seconds: 120 });
	});
});
