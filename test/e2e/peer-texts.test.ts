import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import { type Device, type DeviceConfig, NamedDevice } from '../../functions/domain/peers/contract/peer-device.ts';
import { peerView } from '../../functions/domain/peers/contract/peer-view.ts';
import { peerConfig } from '../../functions/domain/peers/peer-config.ts';
import { type Lab, labAddress, startLab } from '../../local/lab/lab.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../support/builders.ts';
import { connectionOf, type RouterUnderTest, routerUnderTest, type Tunnel } from './router-under-test.ts';
import { until } from './until.ts';

const psk = `k3y.of "the" $office's #1`;
const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const subnets = (net: number) => Array.from({ length: 5 }, (_, n) => `10.${net}.${n}.0/24`);

const swanctl =
	'umask 077; cat >/etc/swanctl/conf.d/s2s.conf && sed -n "/^# Then/,\\$s/^# //p" /etc/swanctl/conf.d/s2s.conf | sed 1d | sh -e';
type Case = { device: Device; node: 'peer' | 'peer3'; net: number; takes: string; ike?: Tunnel['ike']; lifetimeSeconds?: number };
const cases: Case[] = [
	{ device: 'strongswan-swanctl', node: 'peer', net: 2, takes: swanctl },
	{ device: 'strongswan-ipsec', node: 'peer', net: 2, takes: 'sh -e', lifetimeSeconds: 300 },
	{ device: 'libreswan', node: 'peer3', net: 4, takes: 'sh -e', lifetimeSeconds: 300 },
	{ device: 'libreswan', node: 'peer3', net: 4, takes: 'sh -e', ike: { version: 'ikev2' } },
];

/** Daemons as their packages have them, and nothing typed but what the text says. */
describe('the configuration rendered for a Linux daemon', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	let generation = 0;

	const tunnelOf = ({ node, net, ike }: Case): Tunnel => ({
		n: 2,
		peer: labAddress[node],
		remoteCidrs: subnets(net),
		psk,
		...(ike === undefined ? {} : { ike }),
	});
	const textFor = (one: Case): DeviceConfig => {
		const { peer: gateway, remoteCidrs } = tunnelOf(one);
		const { ike, esp } = aCustomerGateway();
		const customerGateway = aCustomerGateway({
			gateway,
			remoteCidrs: [...remoteCidrs],
			ike: { ...ike, ...one.ike },
			esp: { ...esp, encryption: 'aes128', hash: 'sha1', pfsGroup: null, lifetimeSeconds: one.lifetimeSeconds ?? 3_600 },
		});
		const view = peerView(idOf('vpnc', 2), customerGateway, {
			vpc: aVpc(),
			gateway: aGateway({ publicIp: labAddress.router }),
			psk: new Secret(psk),
		});
		const config = peerConfig(NamedDevice.parse({ device: one.device }), view, { customerGateway, toBase64 });
		if ('unable' in config) throw new Error(config.unable);
		return config;
	};
	const paste = async (one: Case, text: string, takes = 'sh -e') => {
		const ran = await lab.exec(one.node, ['sh', '-c', takes], { stdin: text, timeoutMs: 120_000 });
		expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
	};
	/** What is on the device besides its daemon's state. */
	const onDevice = (one: Case) =>
		lab.sh(
			one.node,
			'cd /etc; cat ipsec.conf ipsec.secrets; ls ipsec.d swanctl/conf.d; iptables -t nat -S; iptables -t mangle -S',
		);

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		await lab.stopPeer('peer');
	});
	afterAll(() => lab?.stop());

	it.each(cases)('brings up five subnets, may be applied twice, and is removed without a trace: $device, $ike', async (one) => {
		if (one.device === 'strongswan-swanctl') await lab.startPeer('peer');
		const tunnel = tunnelOf(one);
		const { config, remove } = textFor(one);
		const before = await onDevice(one);
		generation++;
		await router.apply(generation, [{ ...tunnel, revision: generation, passive: true }]);

		// While the router cannot be reached: what is loaded is loaded whole all the same.
		await lab.sh(one.node, `ip route add blackhole ${labAddress.router}`);
		await paste(one, config, one.takes);
		await lab.sh(one.node, `ip route del blackhole ${labAddress.router}`);
		const rules = await onDevice(one);
		if (one.takes === 'sh -e') await paste(one, config, one.takes);
		expect(await onDevice(one)).toBe(rules);
		// A trap comes up by the first packet from behind the device.
		await lab.sh(
			one.node,
			`for n in 0 1 2 3 4; do for try in 1 2 3 4 5; do ping -c 1 -W 2 -I 10.${one.net}.$n.1 10.1.0.10 >/dev/null && break; done; done; true`,
		);
		await until('all up', 60, async () => connectionOf(await router.check(), tunnel).up === '11111');

		for (const _ of ['there', 'gone already']) {
			await paste(one, remove);
			expect(await onDevice(one)).toBe(before);
		}
		expect(await lab.sh(one.node, 'ip xfrm state | grep -E "enc|aead" || true')).toBe('');
		if (one.device === 'strongswan-swanctl') await lab.stopPeer('peer');
	});
});
