import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itAtLength } from '../support/at-length.ts';
import { type Entity, type PlatformUnderTest, platformUnderTest } from './platform-under-test.ts';
import { spisWith } from './router-under-test.ts';
import { until } from './until.ts';

const psk = 'the first secret';

describe('a connection that is changed over HTTP, with real daemons', () => {
	let t: PlatformUnderTest;
	let main: Entity;
	let branch: Entity;

	const ping = async (address: string) => (await t.lab.exec('host', ['ping', '-c', '3', '-i', '0.2', '-W', '1', address])).stdout;
	const branchSpis = () => spisWith(t.lab, '192.0.2.3');

	beforeAll(async () => {
		t = await platformUnderTest(psk);
		await t.configurePeer('peer', ['10.2.0.0/24']);
		await t.configurePeer('peer2', ['10.3.0.0/24']);
		main = await t.connect('192.0.2.2', ['10.2.0.0/24']);
		branch = await t.connect('192.0.2.3', ['10.3.0.0/24']);
		await t.becomes(main.id, 'Connected', 90);
		await t.becomes(branch.id, 'Connected', 90);
	});
	afterAll(() => t?.stop());

	it('comes up with new SAs when it is reset, without touching those of others', async () => {
		const [before, others] = [await spisWith(t.lab, '192.0.2.2'), await branchSpis()];

		await t.make(`/v1/vpn-connections/${main.id}/reset`, {});
		await t.becomes(main.id, 'Connected', 60);

		const after = await spisWith(t.lab, '192.0.2.2');
		expect(after.length).toBeGreaterThanOrEqual(2);
		expect(after.filter((spi) => before.includes(spi))).toEqual([]);
		expect(await branchSpis()).toEqual(others);
	});

	it('comes up with a new suite and a new subnet once both sides have them', async () => {
		const others = await branchSpis();
		await t.configurePeer('peer', ['10.2.1.0/24', '10.2.2.0/24'], {
			proposals: 'aes256-sha256-modp2048',
			espProposals: 'aes256-sha256',
		});

		const answer = await t.patch(main.customerGatewayId, {
			ike: { encryption: 'aes256', hash: 'sha256', dhGroup: 14 },
			esp: { encryption: 'aes256', hash: 'sha256' },
			remoteCidrs: ['10.2.1.0/24', '10.2.2.0/24'],
		});

		expect(answer).toMatchObject({ version: 2, ike: { lifetimeSeconds: 86_400 } });
		await t.becomes(main.id, 'Connected', 60);
		await t.allUp(main.id, 60);
		expect(await ping('10.2.2.10')).toContain(' 0% packet loss');
		expect(await branchSpis()).toEqual(others);
	});

	it('is Connected with a new key, whose trial ends once a tunnel is up with it', async () => {
		await t.configurePeer('peer', ['10.2.1.0/24', '10.2.2.0/24'], {
			proposals: 'aes256-sha256-modp2048',
			espProposals: 'aes256-sha256',
			psk: 'the second secret',
		});

		const answer = await t.patch(main.customerGatewayId, { psk: 'the second secret' });

		expect(answer).toMatchObject({ pskVersion: 2, pskRotation: { previousVersion: 1 } });
		const connected = await t.becomes(main.id, 'Connected', 60);
		expect(connected.pskInUse).toMatchObject({ version: 2 });
		await until('the key proven', 60, async () => {
			const { body } = await t.platform.call('tenant', 'GET', `/v1/vpn-customer-gateways/${main.customerGatewayId}`);
			return (body as { pskRotation?: object }).pskRotation === undefined;
		});
		const { body: events } = await t.platform.call('tenant', 'GET', `/v1/vpn-connections/${main.id}/events`);
		expect((events as { items: { why?: string }[] }).items.map(({ why }) => why)).toContain('psk-verified');
	});

	it('comes up with a peer that has exactly what the service renders for it', async () => {
		await t.lab.killPeer('peer2');
		const rendered = await t.platform.call('tenant', 'POST', `/v1/vpn-connections/${branch.id}/peer-config`, {
			device: 'strongswan-swanctl',
			psk,
		});
		await t.lab.configurePeer('peer2', (rendered.body as { config: string }).config);
		await t.lab.startPeer('peer2');

		await t.make(`/v1/vpn-connections/${branch.id}/reset`, {});
		await t.becomes(branch.id, 'Connected', 90);
		expect(await ping('10.3.0.10')).toContain(' 0% packet loss');
		await t.configurePeer('peer2', ['10.3.0.0/24']);
	});

	it('has logs of its own lines only, with their times and without a key', async () => {
		const { status, body } = await t.platform.call('tenant', 'GET', `/v1/vpn-connections/${main.id}/logs?limit=200`);

		expect(status).toBe(200);
		const { items } = body as { items: { at: string; text: string }[] };
		expect(items.some(({ text }) => text.includes('IPsec SA established'))).toBe(true);
		expect(items.every(({ text }) => text.includes(main.id) || text.includes('packet from 192.0.2.2:'))).toBe(true);
		expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort());
		expect(JSON.stringify(body)).not.toContain(Buffer.from('the second secret').toString('base64'));
	});

	itAtLength('leaves nothing of the peer it had when that gets another address', async () => {
		await t.patch(branch.customerGatewayId, { gateway: '192.0.2.33' });

		await until('the old SAs gone', 60, async () => (await branchSpis()).length === 0);
		await t.becomes(branch.id, 'Disconnected', 60);
		expect(await t.lab.sh('router', 'ip xfrm policy | grep 192.0.2.3$; iptables -S S2S-INPUT | grep "192.0.2.3/32"; true')).toBe(
			'',
		);

		await t.lab.sh('peer2', 'ip address add 192.0.2.33/24 dev wan');
		await t.configurePeer('peer2', ['10.3.0.0/24'], { local: '192.0.2.33' });
		await t.becomes(branch.id, 'Connected', 90);
		expect(await ping('10.3.0.10')).toContain(' 0% packet loss');
	});
});
