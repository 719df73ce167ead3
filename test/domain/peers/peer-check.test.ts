import { describe, expect, it } from 'vitest';
import { printable } from '../../../functions/domain/model/text.ts';
import { type Device, NamedDevice } from '../../../functions/domain/peers/contract/peer-device.ts';
import type { Finding } from '../../../functions/domain/peers/contract/peer-reading.ts';
import { peerView } from '../../../functions/domain/peers/contract/peer-view.ts';
import { peerCheck, readers } from '../../../functions/domain/peers/peer-check.ts';
import { peerConfig } from '../../../functions/domain/peers/peer-config.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../../support/builders.ts';
import { faultyPeers } from './faulty-peers.ts';
import { rightPeers } from './right-peers.ts';

const customerGateway = aCustomerGateway();
const view = peerView(idOf('vpnc', 1), customerGateway, { vpc: aVpc(), gateway: aGateway() });
const right = (device: Device): string => {
	const config = peerConfig(NamedDevice.parse({ device }), view, { customerGateway, toBase64: (text) => text });
	if ('unable' in config) throw new Error(config.unable);
	return config.config;
};
const check = (device: Device, text: string): Finding[] => {
	const reader = readers[device];
	if (reader === undefined) throw new Error(`no reader for ${device}`);
	return peerCheck(reader(text), view).findings;
};

describe('the check of a configuration of the other end', () => {
	it.each(faultyPeers)('finds $what ($device): $finds', ({ device, changes, finds, at, by }) => {
		const text = changes.reduce((changed, [pattern, replacement]) => {
			const after = changed.replace(pattern, replacement);
			expect(after).not.toBe(changed);
			return after;
		}, right(device));
		const findings = check(device, text);

		expect(findings.map(({ what }) => what)).toEqual([finds]);
		const lines = findings.map(({ line }) => text.split('\n')[line - 1] ?? '');
		expect(lines.join('\n')).toMatch(typeof at === 'string' ? new RegExp(at.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : at);
		if (by !== undefined) expect(findings.flatMap(({ commands }) => commands).join('\n')).toContain(by);
	});

	it.each(faultyPeers.filter(({ by }) => by !== undefined))('says what puts $what ($device) right', ({ device, changes }) => {
		const faulty = changes.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), right(device));
		const commands = check(device, faulty).flatMap((finding) => finding.commands);

		expect(check(device, `${faulty}\n${commands.join('\n')}\n`)).toEqual([]);
	});

	it('has nobody enter our key for another peer, nor anything in the place of the key that is there', () => {
		const text = right('ios-12.4').replace('set peer 192.0.2.1', 'set peer 192.0.2.9');

		expect(check('ios-12.4', text).flatMap(({ commands }) => commands)).toEqual([
			'crypto map S2S 10 ipsec-isakmp',
			' no set peer 192.0.2.9',
			' set peer 192.0.2.1',
		]);
	});

	it.each(['ios-12.4', 'junos-11.2'] as const)(
		'tells no key of a text in which a word of its line is missing or cut: %s',
		(device) => {
			const line = device === 'ios-12.4' ? /^crypto isakmp key .*$/m : /^.* pre-shared-key .*$/m;
			const words = line.exec(right(device))?.[0].replace('PRE-SHARED-KEY', 'k3y-of-the-0ffice').split(' ') ?? [];
			const without = words.map((_, n) => words.toSpliced(n, 1));
			const cut = words.map((word, n) => (word.includes('k3y') ? words : words.with(n, word.slice(0, 3))));

			for (const typed of [...without, ...cut]) {
				const text = right(device).replace(line, typed.join(' '));
				expect(JSON.stringify(peerCheck(readers[device]?.(text) ?? expect.fail(), view))).not.toContain('k3y');
			}
		},
	);

	it('names a DH group as a device has it', () => {
		const text = right('ios-12.4');

		expect(check('ios-12.4', text.replace(' group 5', ' group 2'))).toMatchObject([{ message: 'phase 1 has group 2' }]);
		expect(check('ios-12.4', text.replace(' group 5\n', ''))).toMatchObject([{ message: 'phase 1 has group 1, the default' }]);
	});

	it.each(Object.entries(rightPeers))('finds nothing in %s', (_what, { device, text }) => {
		expect(check(device, text)).toEqual([]);
	});

	it('says that there is no tunnel where there is none', () => {
		for (const device of ['junos-9.5', 'ios-12.4'] as const) {
			expect(check(device, 'hostname office\n')).toMatchObject([{ what: 'no-tunnel', line: 1 }]);
		}
	});

	it.each([
		['ios-12.4', 'junos-9.5', 'a JunOS configuration', 'device junos-11.2 or junos-9.5 for this text'],
		['ios-12.4', 'junos-11.2', 'a JunOS configuration', 'device junos-11.2 or junos-9.5 for this text'],
		['junos-11.2', 'ios-12.4', 'an IOS configuration', 'device ios-12.4 for this text'],
		[
			'junos-9.5',
			'strongswan-swanctl',
			'a swanctl.conf',
			'a configuration of junos-9.5, junos-11.2, ios-12.4: no other is read here',
		],
		['ios-12.4', 'libreswan', 'an ipsec.conf', 'a configuration of junos-9.5, junos-11.2, ios-12.4: no other is read here'],
	] as const)('says of a text that was sent as %s what it is: one of %s', (device, written, name, expected) => {
		expect(check(device, right(written))).toEqual([
			{ what: 'no-tunnel', line: 1, message: `this is ${name}, and was not read as one`, expected, commands: [] },
		]);
	});

	it.each([
		[
			'ios-12.4',
			'a Cisco ASA configuration',
			'crypto map OUTSIDE 10 set peer 192.0.2.1\ntunnel-group 192.0.2.1 type ipsec-l2l\n',
		],
		['ios-12.4', 'a Cisco ASA configuration', 'access-list VPN extended permit ip 10.2.0.0 255.255.255.0 10.1.0.0 255.255.0.0\n'],
		[
			'ios-12.4',
			'a FortiOS configuration',
			'config vpn ipsec phase1-interface\n    edit "aws"\n        set remote-gw 192.0.2.1\n',
		],
		['junos-11.2', 'a PAN-OS configuration', 'set network ike gateway aws peer-address ip 192.0.2.1\n'],
		['junos-11.2', 'a VyOS configuration', 'set vpn ipsec site-to-site peer 192.0.2.1 local-address 198.51.100.2\n'],
		['ios-12.4', 'a RouterOS configuration', '/ip ipsec peer\nadd address=192.0.2.1/32 name=aws\n'],
	] as const)('says of a text that was sent as %s that it is %s, which is not read', (device, name, text) => {
		expect(check(device, text)).toMatchObject([
			{
				what: 'no-tunnel',
				message: `this is ${name}, and was not read as one`,
				expected: 'a configuration of junos-9.5, junos-11.2, ios-12.4: no other is read here',
			},
		]);
	});

	it('names the lifetime that a device has without a word of it', () => {
		const text = right('junos-9.5').replace(/set .*ike proposal s2s lifetime-seconds .*\n/, '');

		expect(check('junos-9.5', text)).toMatchObject([{ what: 'phase1-lifetime', message: 'phase 1 lives 28800, the default' }]);
	});

	it('changes nothing that is right beside what is wrong', () => {
		const text = right('ios-12.4').replace('esp-aes esp-sha-hmac', 'esp-3des esp-sha-hmac');

		expect(check('ios-12.4', text).flatMap(({ commands }) => commands)).toEqual([
			'crypto ipsec transform-set s2s-10 esp-aes esp-sha-hmac',
		]);
	});

	it('takes braces of JunOS for such, and a text with some of both for what it was sent as', () => {
		const braces = 'version 11.4R1;\nsystem {\n    host-name office;\n}\n';

		expect(check('ios-12.4', braces)).toMatchObject([{ message: 'this is a JunOS configuration, and was not read as one' }]);
		expect(check('junos-11.2', braces)).toMatchObject([{ message: 'nothing here is a tunnel to 192.0.2.1' }]);
		expect(check('ios-12.4', `${braces}ip access-list extended x\n`)).toMatchObject([
			{ message: 'nothing here is a tunnel to 192.0.2.1' },
		]);
	});

	it.each(['ten', '1e3', '0', '10001', '-1'])('takes no policy of the number %s, as IOS does not', (number) => {
		const text = `${right('ios-12.4')}crypto isakmp policy ${number}\n encryption des\n`;
		const alone = text.replace('crypto isakmp policy 10\n', `crypto isakmp policy ${number}\n`);

		expect(check('ios-12.4', text)).toEqual([]);
		expect(check('ios-12.4', alone)).toMatchObject([
			{ what: 'undefined-name', commands: expect.arrayContaining(['crypto isakmp policy 10']) },
		]);
	});

	it.each(['ten', '0', '65536'])('takes no entry of a map with the number %s', (number) => {
		const text = right('ios-12.4').replaceAll('crypto map S2S 10 ', `crypto map S2S ${number} `);

		expect(check('ios-12.4', text)).toMatchObject([{ what: 'no-tunnel' }]);
	});

	it('repeats nothing of a text that would steer the terminal into which its commands are pasted', () => {
		const text = right('junos-9.5').replace(/s2s-(in|out)-([12])/g, '$1\u009b2J\u0085$2');
		const faulty = text.replace(/^.* then permit tunnel pair-policy .*$/m, '');
		const told = check('junos-9.5', faulty).flatMap(({ message, expected, commands }) => [message, expected, ...commands]);

		expect(told.length).toBeGreaterThan(2);
		for (const line of told) expect(line).toMatch(printable);
	});

	it('shows no key', () => {
		const text = right('ios-12.4').replaceAll('PRE-SHARED-KEY', 'h1dden').replace('address 192.0.2.1\n', 'address 192.0.2.7\n');

		expect(JSON.stringify(check('ios-12.4', text))).not.toContain('h1dden');
	});
});
