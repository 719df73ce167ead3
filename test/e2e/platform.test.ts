import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckCode } from '../../functions/domain/router-check/check-finding.ts';
import type { Lab } from '../../local/lab/lab.ts';
import { atLength, itAtLength } from '../support/at-length.ts';
import { breakAndMend, brokenRouters, checkRouter, someBroken, toMend } from './broken-routers.ts';
import { faultNamed } from './fault-list.ts';
import type { PlatformProcess } from './platform-process.ts';
import { type Entity, type PlatformUnderTest, platformUnderTest, vpcId } from './platform-under-test.ts';
import { peerChildren, spisWith } from './router-under-test.ts';
import { faultLine, suffer } from './suffer.ts';
import { until } from './until.ts';

const psk = 'a tenant\'s "secret" & $(more)';

describe('a connection over HTTP, with real daemons', () => {
	let t: PlatformUnderTest;
	let lab: Lab;
	let platform: PlatformProcess;
	let first: Entity;
	const becomes: PlatformUnderTest['becomes'] = (...args) => t.becomes(...args);
	const connect: PlatformUnderTest['connect'] = (...args) => t.connect(...args);

	beforeAll(async () => {
		t = await platformUnderTest(psk);
		({ lab, platform } = t);
	});
	afterAll(() => t?.stop());

	it('goes through a router whose check finds nothing to mend, once what it found is mended', async () => {
		const before = await checkRouter(t);
		// A kernel begins with them.
		expect(toMend(before)).toEqual(['redirects']);
		await lab.sh(
			'router',
			'for path in /proc/sys/net/ipv4/conf/*/*_redirects; do case $path in *secure*|*shared*) ;; *) echo 0 >"$path" ;; esac; done',
		);

		const { ok, checks } = await checkRouter(t);

		expect(toMend({ ...before, checks })).toEqual([]);
		expect(ok).toBe(true);
		expect(checks.find(({ code }) => code === 'key-access')?.found).toContain('there is none yet');
	});

	it('is Disconnected while its peer does not exist, and becomes Connected by itself when it appears', async () => {
		await lab.stopPeer('peer');
		first = await connect('192.0.2.2', ['10.2.0.0/24', '10.2.1.0/24']);
		expect(first.state).toBe('Pending');
		await becomes(first.id, 'Disconnected', 60);

		await t.configurePeer('peer', ['10.2.0.0/24', '10.2.1.0/24']);
		await lab.startPeer('peer');

		await becomes(first.id, 'Connected', 90);
		await t.allUp(first.id, 60);
		expect((await t.get(first.id)).stateReason).toBeUndefined();
		expect((await lab.exec('host', ['ping', '-c', '3', '-i', '0.2', '10.2.1.10'])).stdout).toContain(' 0% packet loss');
		expect(await t.alertsOf(first.id)).toEqual([]);
	});

	it('reports a loss and its end exactly once each, with the reason: the first of the fault table', async () => {
		const fault = faultNamed('peer killed');
		const outcome = await suffer(t, fault, first, []);
		console.log(faultLine(fault, outcome));

		expect(outcome).toMatchObject({ falseAlerts: [], missedAlerts: [], doubles: [], clear: [] });
		const [down, up] = await t.alertsOf(first.id);
		expect(down?.subject).toContain('is down');
		expect(down?.message).toMatch(/dpd-timeout|peer-unreachable/);
		expect(up?.subject).toContain('is up again');
		expect(Object.values(await peerChildren(lab, 'peer'))).toEqual([1, 1]);
	});

	it('is not affected by a second one that comes up and is removed completely', async () => {
		const before = await spisWith(lab, '192.0.2.2');
		await t.configurePeer('peer2', ['10.3.0.0/24']);
		const second = await connect('192.0.2.3', ['10.3.0.0/24']);
		await becomes(second.id, 'Connected', 60);

		const reply = await platform.call('tenant', 'DELETE', `/v1/vpn-connections/${second.id}`);
		expect(reply.status).toBe(202);
		await until(
			'gone',
			60,
			async () => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${second.id}`)).status === 404,
		);

		expect(await spisWith(lab, '192.0.2.2')).toEqual(before);
		expect(await spisWith(lab, '192.0.2.3')).toEqual([]);
		const left = await lab.sh(
			'router',
			`grep -rl ${second.id} /etc/ipsec.d /var/lib/s2s; ipsec whack --status | grep ${second.id}; iptables-save | grep 10.3.0; true`,
		);
		expect(left).toBe('');
	});

	it('is restored by itself on a router that lost its configuration, like every other', async () => {
		await lab.wipeRouterConfig();
		await t.tick();
		await until('applied again', 90, async () =>
			(await lab.sh('router', 'ls /etc/ipsec.d/s2s 2>/dev/null || true')).includes(first.id),
		);

		await until('up again', 90, async () => (await t.get(first.id)).state === 'Connected');
		await t.allUp(first.id, 60);
	});

	itAtLength('loses nothing when it is killed between the answer and the push, and between the push and the write', async () => {
		await t.configurePeer('peer2', ['10.3.0.0/24']);
		const made = await connect('192.0.2.3', ['10.3.0.0/24']);
		await platform.kill();
		await platform.start();
		await becomes(made.id, 'Connected', 150);

		const spis = await spisWith(lab, '192.0.2.2');
		await platform.call('tenant', 'DELETE', `/v1/vpn-connections/${made.id}`);
		await until('the push at work', 30, async () => (await lab.sh('router', `ls /etc/ipsec.d/s2s`)).includes(made.id) === false);
		await platform.kill();
		await platform.start();
		await until('gone', 150, async () => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${made.id}`)).status === 404);

		expect(await spisWith(lab, '192.0.2.2')).toEqual(spis);
	});

	it.each(atLength ? Object.keys(brokenRouters) : someBroken)(
		'has a router whose check names %s, until it is mended',
		async (name) => {
			const thing = brokenRouters[name];
			if (thing === undefined) throw new Error(`nothing is called ${name}`);

			const { broken, mended } = await breakAndMend(t, thing);

			expect(toMend(broken)).toEqual(
				[...thing.codes].sort((a, b) => CheckCode.options.indexOf(a) - CheckCode.options.indexOf(b)),
			);
			expect(broken.checks.filter(({ ok }) => !ok).every(({ mend = '' }) => /^[A-Z].*\.$/s.test(mend))).toBe(true);
			expect(toMend(mended)).toEqual([]);
		},
	);

	it('has its secret nowhere but in Parameter Store and in the secrets file of the router', async () => {
		const files = (await readdir(t.dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
		const holding: string[] = [];
		for (const { parentPath, name } of files) {
			const text = (await readFile(join(parentPath, name))).toString('latin1');
			if (text.includes(psk) || text.includes(Buffer.from(psk).toString('base64'))) holding.push(name);
		}
		const history = await (await fetch(`${platform.url}/_local/commands`)).text();

		expect(holding).toEqual(['parameters.json']);
		expect(history).not.toContain(Buffer.from(psk).toString('base64'));
		expect(platform.output()).not.toContain(psk);
	});

	it('needs a token, is hidden from other accounts, and shares the one gateway of its VPC', async () => {
		expect((await platform.call('nobody', 'GET', '/v1/vpn-connections')).status).toBe(401);
		const { token } = (await (
			await fetch(`${platform.url}/_local/tokens`, { method: 'POST', body: JSON.stringify({ account: 'other' }) })
		).json()) as { token: string };
		const foreign = await fetch(`${platform.url}/v1/vpn-connections/${first.id}`, {
			headers: { authorization: `Bearer ${token}` },
		});
		expect(foreign.status).toBe(404);
		expect(foreign.headers.get('content-type')).toBe('application/problem+json');
		expect((await platform.call('tenant', 'POST', '/v1/vpn-gateways', { vpcId })).status).toBe(409);
		expect((await platform.call('tenant', 'GET', '/v1/nothing')).status).toBe(404);
	});

	it('is reached by a host that knows no tunnel, through the routes of its table, which are made, left alone and restored', async () => {
		const table = `${platform.url}/_local/route-tables/rtb-0a1b2c3d`;
		const routes = async () =>
			((await (await fetch(table)).json()) as { routes: { cidr: string; target: string }[] }).routes.toSorted((a, b) =>
				a.cidr < b.cidr ? -1 : 1,
			);
		const ours = ['10.2.0.0/24', '10.2.1.0/24'].map((cidr) => ({ cidr, target: 'eni-0123456789abcdef0' }));
		const put = (standing: object[]) => fetch(table, { method: 'PUT', body: JSON.stringify({ routes: standing }) });
		const pings = async (address: string) => (await lab.exec('host', ['ping', '-c', '2', '-i', '0.2', '-W', '1', address])).code;
		const made = () => until('the routes', 60, async () => JSON.stringify(await routes()) === JSON.stringify(ours));
		await lab.sh('host', 'ip route del default');
		expect(await pings('10.2.0.10')).not.toBe(0);
		await platform.call('admin', 'PATCH', `/v1/vpcs/${vpcId}`, { routeTableIds: ['rtb-0a1b2c3d'] });
		await made();

		expect(await lab.sh('host', 'ip route')).not.toContain('default');
		expect([await pings('10.2.0.10'), await pings('10.2.1.10')]).toEqual([0, 0]);
		const { body } = await platform.call('tenant', 'GET', `/v1/vpcs/${vpcId}`);
		expect(body).toMatchObject({ routing: { managed: true }, routes: { [first.id]: ['rtb-0a1b2c3d'] } });

		const foreign = { cidr: '10.2.0.0/24', target: 'nat-0a1b2c3d' };
		await put([foreign, ...ours.slice(1)]);
		await t.tick();
		// A check that gets no answer from its router shows no health until the next.
		const degraded = await until('degraded', 60, async () => {
			const connection = await t.get(first.id);
			return connection.health === 'degraded' && connection;
		});
		expect(await routes()).toContainEqual(foreign);
		expect(degraded).toMatchObject({
			state: 'Connected',
			stateReason: { code: 'route-conflict', detail: 'rtb-0a1b2c3d routes 10.2.0.0/24 to nat-0a1b2c3d' },
		});
		expect(await pings('10.2.0.10')).not.toBe(0);
		expect(await pings('10.2.1.10')).toBe(0);

		await put([]);
		expect(await pings('10.2.1.10')).not.toBe(0);
		await t.tick();
		await until('the routes are back', 60, async () => (await routes()).length === 2);
		expect([await pings('10.2.0.10'), await pings('10.2.1.10')]).toEqual([0, 0]);
		await until('route-missing is told', 60, async () =>
			(await t.alertsOf(first.id)).some(({ subject }) => subject.includes('is degraded: route-missing')),
		);
	});

	it('leaves no route of ours behind when it is deleted', async () => {
		await platform.call('tenant', 'DELETE', `/v1/vpn-connections/${first.id}`);
		await until('gone', 90, async () => (await platform.call('tenant', 'GET', `/v1/vpn-connections/${first.id}`)).status === 404);
		await until('no route', 30, async () => !(await lab.sh('host', 'ip route')).includes('10.2.'));

		expect(await (await fetch(`${platform.url}/_local/route-tables/rtb-0a1b2c3d`)).json()).toMatchObject({ routes: [] });
	});
});
