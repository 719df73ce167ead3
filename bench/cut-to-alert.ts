import { platformUnderTest } from '../test/e2e/platform-under-test.ts';
import { until } from '../test/e2e/until.ts';
import { percentile } from './clock.ts';

const runs = 20;

/** Seconds from the peer's death to the alert in the outbox, with dead-peer detection at 3 s and 9 s and a check each 30 s. */
export const cutToAlert = async (): Promise<string[][]> => {
	const t = await platformUnderTest('a secret');
	try {
		await t.configurePeer('peer', ['10.2.0.0/24']);
		const times: number[] = [];
		for (let run = 1; run <= runs; run++) {
			// A connection each: one that is lost four times in half an hour would be told as flapping.
			const { id, customerGatewayId } = await t.connect('192.0.2.2', ['10.2.0.0/24']);
			await t.becomes(id, 'Connected', 90);
			// The cut falls anywhere between two checks.
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 30_000));
			const cut = Date.now();
			await t.lab.killPeer('peer');
			await until('the alert', 120, async () => (await t.alertsOf(id)).length > 0);
			times.push((Date.now() - cut) / 1_000);
			console.log(`cut to alert, run ${run}: ${times.at(-1)?.toFixed(1)} s`);
			await t.lab.startPeer('peer');
			await t.platform.call('tenant', 'DELETE', `/v1/vpn-connections/${id}`);
			await until(
				'it gone',
				90,
				async () => (await t.platform.call('tenant', 'GET', `/v1/vpn-connections/${id}`)).status === 404,
			);
			await t.platform.call('tenant', 'DELETE', `/v1/vpn-customer-gateways/${customerGatewayId}`);
		}
		return [[String(runs), percentile(times, 50).toFixed(1), percentile(times, 95).toFixed(1), Math.max(...times).toFixed(1)]];
	} finally {
		await t.stop();
	}
};
