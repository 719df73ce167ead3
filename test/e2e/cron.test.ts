import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { configurePeer, connectionOf, type RouterUnderTest, routerUnderTest, toPeer } from './router-under-test.ts';
import { until } from './until.ts';

const office = toPeer(1, 'a secret');

describe('a router without systemd', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	const isUp = (seconds: number) =>
		until('the tunnel up', seconds, async () => {
			const report = await router.look();
			return report?.daemon && connectionOf(report, office).up === '1';
		});
	const rules = () => lab.sh('router', 'iptables-save | grep -c S2S- || true');

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		await configurePeer(lab, 'peer', office);
		await lab.sh('router', 'for p in $(pgrep -f router-loop.sh); do [ "$p" = $$ ] || kill "$p"; done; rm /etc/s2s-timer');
	});
	afterAll(() => lab?.stop());

	it('takes nothing where no cron runs that would heal it, and says so', async () => {
		await expect(router.apply(1, [office])).rejects.toThrow('this router lacks: a timer (systemd, or a cron that runs)');
		expect(await lab.sh('router', 'ls /etc/ipsec.d /etc/cron.d; ls /opt 2>/dev/null; true')).not.toContain('s2s');
	});

	it('is healed by cron', async () => {
		await lab.sh('router', 'cron');
		await router.apply(1, [office]);
		await isUp(30);
		await lab.killRouterDaemon();

		// What is to be done each minute begins with the next.
		await isUp(120);
	});

	it('is guarded by cron from its boot on', async () => {
		const guarded = await rules();
		await lab.sh('router', 'kill $(pidof cron); sleep 16; iptables -F; iptables -X; rm /run/crond.reboot; cron');

		await until('the rules', 20, async () => (await rules()) === guarded);
	});

	it('has no job of ours any more when the last connection is gone', async () => {
		await router.apply(2, []);

		expect(await lab.sh('router', 'ls /etc/cron.d /opt/s2s')).toBe('/etc/cron.d:\n\n/opt/s2s:\nlib.sh\n');
	});
});
