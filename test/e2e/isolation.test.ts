import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import {
	configurePeer,
	connectionOf,
	peerChildren,
	type RouterUnderTest,
	routerUnderTest,
	type Tunnel,
	toNobody,
	toPeer,
	toPeer2,
} from './router-under-test.ts';
import { until } from './until.ts';

const ten = toPeer(10, 'a secret');
const branch = toPeer2('another secret');
const all = '1'.repeat(10);

describe('connections of one router', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	const upOf = async (tunnel: Tunnel) => {
		const report = await router.look();
		return report === undefined ? undefined : connectionOf(report, tunnel).up;
	};
	const upIs = (tunnel: Tunnel, up: string, seconds: number) =>
		until(`${tunnel.peer} ${up}`, seconds, async () => (await upOf(tunnel)) === up);
	const answering = async () => {
		const asks = ten.remoteCidrs.map((_, n) => `ping -c 2 -i 0.3 -W 1 10.2.${n}.10 >/dev/null && echo ${n} &`);
		const { stdout } = await lab.exec('host', ['sh', '-c', `${asks.join(' ')} wait`]);
		return stdout.split('\n').filter(Boolean).map(Number).sort();
	};

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		await configurePeer(lab, 'peer', ten);
		await configurePeer(lab, 'peer2', branch);
		await router.apply(1, [ten]);
		await upIs(ten, all, 90);
	});
	afterAll(() => lab?.stop());

	it('have one SA pair per subnet, each reported, and keep the others if the peer deletes one', async () => {
		expect(Object.values(await peerChildren(lab, 'peer'))).toEqual(Array.from({ length: 10 }, () => 1));
		const fifth = ten.remoteCidrs[4];
		await configurePeer(lab, 'peer', { ...ten, remoteCidrs: ten.remoteCidrs.filter((cidr) => cidr !== fifth) });
		const restartedAt = () => lab.sh('router', 'cat /var/lib/s2s/memory/vpnc-00000000000000002.restarted 2>/dev/null || echo 0');
		// Heal restarts what it has seen up; what it has not, it only begins again.
		await until('all ten seen up by heal', 60, async () => {
			const seen = await lab.sh('router', 'cat /var/lib/s2s/memory/vpnc-00000000000000002.seen 2>/dev/null || true');
			return seen.split('\n').filter((line) => /^\d+ 1 /.test(line)).length === 10;
		});
		const earlier = await restartedAt();
		// A device that loses a subnet tears its SA down.
		await lab.sh('peer', 'swanctl --terminate --child net4 --timeout 5 >/dev/null 2>&1 || true');

		await until('nine pairs up again and the fifth down, after one restart', 90, async () => {
			return (await restartedAt()) !== earlier && (await upOf(ten)) === '1111011111';
		});
		const before = await restartedAt();
		expect(await answering()).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
		// One more pass of the router's own timer leaves those that are up alone.
		await new Promise((resolve) => setTimeout(resolve, 20_000));
		expect(await restartedAt()).toBe(before);
		expect(await answering()).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);

		await configurePeer(lab, 'peer', ten);
		await upIs(ten, all, 120);
	});

	it('lose no packet while another is created, changed, reset and deleted', async () => {
		await lab.sh('host', 'setsid ping -i 0.2 10.2.3.10 >/tmp/running 2>&1 </dev/null &');
		const changed: Tunnel = { ...branch, revision: 2, esp: { encryption: 'aes256', hash: 'sha256', pfsGroup: null } };

		await router.apply(2, [ten, branch]);
		await upIs(branch, '1', 30);
		await router.apply(3, [ten, changed]);
		await router.apply(4, [ten, { ...branch, revision: 3 }]);
		await upIs(branch, '1', 30);
		await router.apply(5, [ten]);
		await lab.sh('host', 'kill -INT $(pidof ping)');

		const summary = await until('the summary', 5, async () =>
			/(\d+) packets transmitted, (\d+) received/
				.exec(await lab.sh('host', 'cat /tmp/running'))
				?.slice(1)
				.map(Number),
		);
		expect(summary[0]).toBeGreaterThan(50);
		expect(summary[1]).toBe(summary[0]);
	});

	it('come up beside twenty whose peers do not answer', async () => {
		await router.apply(6, []);
		await router.apply(7, [ten, ...Array.from({ length: 20 }, (_, n) => toNobody(n))]);

		await upIs(ten, all, 90);
		expect(Object.values(await peerChildren(lab, 'peer'))).toEqual(Array.from({ length: 10 }, () => 1));
		await until('the dead peers told as such', 60, async () =>
			connectionOf(await router.check(), toNobody(0)).reasons.includes('peer-unreachable'),
		);
	});
});
