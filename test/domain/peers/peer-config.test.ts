import { describe, expect, it } from 'vitest';
import type { CustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { Secret } from '../../../functions/domain/model/secret.ts';
import { Device, type DeviceConfig, NamedDevice } from '../../../functions/domain/peers/contract/peer-device.ts';
import { keyPlaceholder, peerView } from '../../../functions/domain/peers/contract/peer-view.ts';
import { peerConfig } from '../../../functions/domain/peers/peer-config.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../../support/builders.ts';

const toBase64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const render = (
	device: Device,
	customerGateway: CustomerGateway,
	{ psk, ...names }: { psk?: string; [name: string]: unknown } = {},
) => {
	const view = peerView(idOf('vpnc', 1), customerGateway, {
		vpc: aVpc(),
		gateway: aGateway(),
		psk: psk === undefined ? undefined : new Secret(psk),
	});
	return peerConfig(NamedDevice.parse({ device, ...names }), view, { customerGateway, toBase64 });
};
const rendered = (device: Device, customerGateway: CustomerGateway, more?: Parameters<typeof render>[2]): DeviceConfig => {
	const config = render(device, customerGateway, more);
	if ('unable' in config) throw new Error(config.unable);
	return config;
};
const { ike, esp } = aCustomerGateway();

describe('the configuration of the other end', () => {
	it.each(Device.options)('for %s is as the golden one', async (device) => {
		const { config, verify, remove } = rendered(device, aCustomerGateway());

		await expect(`${config}\n--- verify\n${verify}\n--- remove\n${remove}`).toMatchFileSnapshot(
			`../../golden/peers/${device}.txt`,
		);
	});

	it.each(Device.options)('for %s has the key where it is given, else a placeholder, and nothing else to edit', (device) => {
		const key = 'k3y.of_this-one';
		const open = rendered(device, aCustomerGateway()).config;
		const keyed = rendered(device, aCustomerGateway(), { psk: key }).config;

		expect(open.split(keyPlaceholder)).toHaveLength(2);
		expect(open).not.toMatch(/<\w[^>]*>|REPLACE|TODO|undefined|[^/]\bnull\b/);
		expect(keyed).not.toContain(keyPlaceholder);
		expect(keyed.includes(key) || keyed.includes(toBase64(key))).toBe(true);
	});

	it.each(Device.options)('for %s says of a key that was sent that it may be another than the one in use', (device) => {
		const keyed = rendered(device, aCustomerGateway(), { psk: 'k3y.of_this-one' }).config;

		expect(keyed).toContain('Whether it is the key in use cannot be told');
		expect(rendered(device, aCustomerGateway()).config).not.toContain('Whether it is');
	});

	it.each(['a|b|c of the key', '<b>bold</b> key', '`code` *key*', '[a](http://b.example)', 'a key  with blanks', '# | --- |'])(
		'on the sheet has the key %s outside the table, as it is',
		(psk) => {
			const { config } = rendered('generic', aCustomerGateway(), { psk });
			const rows = config.split('\n').filter((line) => line.startsWith('|'));

			for (const row of rows) expect(row.split('|')).toHaveLength(4);
			expect(rows.join('\n')).not.toContain(psk);
			expect(config).toContain(`\n\n    ${psk}\n`);
		},
	);

	it('on IOS takes away the key that was sent', () => {
		const { remove } = rendered('ios-12.4', aCustomerGateway(), { psk: 'k3y.of_this-one' });

		expect(remove).toContain('no crypto isakmp key k3y.of_this-one address 192.0.2.1\n');
		expect(remove).toContain('Whether it is the key in use cannot be told');
		expect(rendered('ios-12.4', aCustomerGateway()).remove).toContain(`no crypto isakmp key ${keyPlaceholder} address`);
	});

	it('on IOS never takes a whole crypto map away, and exempts the pairs from translation before anything else', () => {
		const { config, remove } = rendered('ios-12.4', aCustomerGateway());

		expect(config).not.toMatch(/^no /m);
		expect(remove).not.toMatch(/^no crypto map \S+$/m);
		expect(config).toMatch(
			/resequence NAT 1000 10\nip access-list extended NAT\n 100 deny ip 10\.2\.0\.0 0\.0\.0\.255 10\.1\.0\.0 0\.0\.255\.255\n 101 deny/,
		);
	});

	it('on JunOS puts each address into the book of its zone, or into the one for all, and uses each name that it defines', () => {
		for (const device of ['junos-9.5', 'junos-11.2'] as const) {
			const { config } = rendered(device, aCustomerGateway());
			const defined = [...config.matchAll(/address-book (?:global )?address (\S+)/g)].map(([, name]) => name);
			const used = [...config.matchAll(/policies .* match (?:source|destination)-address (\S+)/g)].map(([, name]) => name);
			expect(new Set(used)).toEqual(new Set(defined));
		}
		expect(rendered('junos-9.5', aCustomerGateway()).config).toMatch(
			/security-zone trust address-book address s2s-in-a020000-24 10\.2\.0\.0\/24/,
		);
		expect(rendered('junos-9.5', aCustomerGateway()).config).toMatch(
			/security-zone untrust address-book address s2s-out-a010000-16 10\.1\.0\.0\/16/,
		);
	});

	it.each([
		['junos-9.5', { ike: { ...ike, version: 'ikev2' as const } }, '/ike/version', /IKEv1 only: change ike.version .* to ikev1/],
		['ios-12.4', { ike: { ...ike, version: 'ikev2' as const } }, '/ike/version', /IKEv1 only/],
		['ios-12.4', { esp: { ...esp, hash: 'sha512' as const } }, '/esp/hash', /no sha512; it can do md5 and sha1/],
		['junos-11.2', { esp: { ...esp, hash: 'sha256' as const } }, '/esp/hash', /no sha256; it can do md5 and sha1/],
		['junos-11.2', { ike: { ...ike, hash: 'sha384' as const } }, '/ike/hash', /no sha384; it can do md5, sha1 and sha256/],
		['junos-11.2', { ike: { ...ike, dhGroup: 14 as const } }, '/ike/dhGroup', /no group 14; it can do groups 2 and 5/],
		['ios-12.4', { esp: { ...esp, pfsGroup: 16 as const } }, '/esp/pfsGroup', /no group 16; .* change esp.pfsGroup/],
		['ios-12.4', { gateway: 'any', remoteId: '198.51.100.9' }, '/gateway', /fixed address/],
		['ios-12.4', { remoteId: 'a.example' }, '/remoteId', /presents its address and not a\.example: make remoteId/],
	] as const)(
		'for %s is refused where the device cannot, by the field and with the way out: %j',
		(device, over, pointer, why) => {
			const refused = render(device, aCustomerGateway(over));

			expect(refused).toMatchObject({ unable: expect.stringMatching(why) });
			expect(refused).toHaveProperty('fields', [{ pointer, detail: expect.stringMatching(why) }]);
		},
	);

	it('names every field that a device cannot do at once', () => {
		const suite = {
			ike: { ...ike, version: 'ikev2' as const, hash: 'sha512' as const },
			esp: { ...esp, hash: 'sha512' as const },
		};
		const refused = render('ios-12.4', aCustomerGateway(suite), { psk: 'a key of words' });

		expect('fields' in refused && refused.fields.map(({ pointer }) => pointer)).toEqual([
			'/ike/version',
			'/ike/hash',
			'/esp/hash',
			'/psk',
		]);
	});

	it.each([
		['branch.example.com', 'hostname branch.example.com'],
		['vpn@example.com', 'user-at-hostname vpn@example.com'],
		['192.168.1.2', 'inet 192.168.1.2'],
	])('on JunOS presents the identity that is expected: %s', (remoteId, words) => {
		expect(rendered('junos-9.5', aCustomerGateway({ remoteId })).config).toContain(`gateway s2s local-identity ${words}\n`);
		expect(rendered('junos-9.5', aCustomerGateway()).config).not.toContain('local-identity');
	});

	it('puts a key of any characters on one line of JunOS, and refuses one that IOS cannot take', () => {
		const psk = 'quote " back \\ and set security';
		const line = rendered('junos-9.5', aCustomerGateway(), { psk })
			.config.split('\n')
			.find((one) => one.includes('ascii-text'));

		expect(line).toBe('set security ike policy s2s pre-shared-key ascii-text "quote \\" back \\\\ and set security"');
		expect(render('ios-12.4', aCustomerGateway(), { psk })).toHaveProperty('unable');
	});

	it.each(['a b', 'a;b', 'a\nset system root', '', '1a', 'x'.repeat(40)])('takes no name such as %j', (prefix) => {
		for (const device of ['junos-9.5', 'ios-12.4', 'libreswan'])
			expect(NamedDevice.safeParse({ device, prefix }).success).toBe(false);
	});

	it.each(['ge-0/0/0', 'ge-0/0/0.', 'ge-0/0/0.0 unit 1', 'GigabitEthernet0/0', 'st0'])(
		'on JunOS wants a unit: not %j',
		(outsideInterface) => {
			expect(NamedDevice.safeParse({ device: 'junos-11.2', outsideInterface }).success).toBe(false);
		},
	);

	it.each(['ge-0/0/0.0', 'reth1.100', 'pp0.0', 'fe-0/0/7.16385'])('on JunOS takes the unit %s', (outsideInterface) => {
		expect(rendered('junos-11.2', aCustomerGateway(), { outsideInterface }).config).toContain(
			`external-interface ${outsideInterface}\n`,
		);
	});
});
