import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest } from './router-under-test.ts';
import { suiteOf } from './suite-list.ts';
import { answeringPlaces, freshPeer, makePlaces, numberOf, sideAt, tunnelAt } from './suite-peers.ts';
import { until } from './until.ts';

const sha1 = { encryption: 'aes128', hash: 'sha1' } as const;
const lasting = (lifetimeSeconds: number) => {
	const suite = suiteOf(sha1, sha1, { version: 'ikev1', dhGroup: 5, pfsGroup: 5 });
	return { ...suite, ike: { ...suite.ike, lifetimeSeconds }, esp: { ...suite.esp, lifetimeSeconds } };
};
/** Those within the default rekey margin of the daemon, where idle tunnels used to expire. */
const lifetimes = (process.env.LIFETIMES ?? '180,600,900').split(',').map(Number);
const idle = lifetimes.map((seconds, place) => ({ seconds, place }));
const busy = lifetimes.map((seconds, n) => ({ seconds, place: lifetimes.length + n }));
const all = [...idle, ...busy];
const longest = Math.max(...lifetimes);

/** Two of each lifetime, an idle one and one with a running ping, all at once through three of their lifetimes. */
describe('tunnels through three lifetimes', () => {
	let lab: Lab;
	let router: RouterUnderTest;

	beforeAll(async () => {
		lab = await startLab();
		await makePlaces(lab);
		router = routerUnderTest(lab);
		await freshPeer(
			lab,
			all.map(({ seconds, place }) => sideAt(place, lasting(seconds))),
		);
		await router.apply(
			1,
			all.map(({ seconds, place }) => tunnelAt(place, lasting(seconds))),
		);
		await until('all up', 90, async () => (await router.check()).connections.every(({ up }) => up === '1'));
	});
	afterAll(() => lab?.stop());

	it(
		'stay up when idle, and lose no packet of a running ping',
		async () => {
			for (const { seconds, place } of busy) {
				const count = Math.floor(3.2 * seconds);
				await lab.sh('host', `setsid ping -i 1 -c ${count} 10.2.${20 + place}.10 >/tmp/ping.${place} 2>&1 </dev/null &`);
			}
			const begin = Date.now();
			const downs: string[] = [];
			for (let looks = 0; Date.now() - begin < 3.2 * longest * 1_000; looks++) {
				const report = await router.look();
				for (const { seconds, place } of all) {
					if (Date.now() - begin > 3.2 * seconds * 1_000) continue;
					const line = report && connectionOf(report, { n: numberOf(place) });
					if (line !== undefined && line.up !== '1') downs.push(`${seconds} s at ${place}, look ${looks}: ${line.reasons}`);
				}
				await new Promise((resolve) => setTimeout(resolve, 5_000));
			}

			expect(downs).toEqual([]);
			expect(
				await answeringPlaces(
					lab,
					idle.map(({ place }) => place),
				),
			).toHaveLength(idle.length);
			for (const { place } of busy) {
				const summary = await until('the summary', 30, async () =>
					/(\d+) packets transmitted, (\d+) received/.exec(await lab.sh('host', `cat /tmp/ping.${place}`))?.slice(1),
				);
				expect(summary[1], `place ${place}`).toBe(summary[0]);
			}
		},
		4 * longest * 1_000,
	);
});
