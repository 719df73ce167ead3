import { describe, expect, it } from 'vitest';
import type { CustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { renderBundle } from '../../../functions/domain/router/render-bundle.ts';
import { renderedFiles } from '../../../functions/domain/router/rendered-files.ts';
import { aConnection, aCustomerGateway, aDesiredRouter, aVpc, idOf } from '../../support/builders.ts';

const id = idOf('vpnc', 1);
const { ike, esp } = aCustomerGateway();
const openswan3 = { flavor: 'openswan' as const, version: '3.0.0', capabilities: [], boot: 1, reportedAt: '' };

const bundleOf = (
	customerGateway: Partial<CustomerGateway>,
	{ connection = {}, ...desired }: { connection?: Partial<VpnConnection> } & Partial<Parameters<typeof renderBundle>[0]> = {},
) =>
	renderBundle(
		aDesiredRouter({
			...desired,
			connections: [{ connection: aConnection(connection), customerGateway: aCustomerGateway(customerGateway) }],
		}),
	);
const words = (text: string) =>
	Object.fromEntries(
		(/^connection \S+ (.*)$/m.exec(text)?.[1] ?? '').split(' ').map((word) => {
			const [key = '', ...value] = word.split('=');
			return [key, value.join('=')];
		}),
	);

describe('the words of a connection', () => {
	it('are what the router needs to know beside its files', () => {
		expect(words(bundleOf({}, { connection: { desiredRevision: 7 } }).text)).toEqual({
			revision: '7',
			peer: '192.0.2.2',
			passive: '0',
			dpd: '30/120',
			mss: '1360',
			public: '192.0.2.1',
			private: '-',
			leftid: '192.0.2.1',
			rightid: '192.0.2.2',
			ike: 'ikev1',
			suite: 'aes128-sha1-modp1536,aes128-sha1-modp1536',
			natt: '0',
			psk: '/s2s/dev/acme/cgw-00000000000000001:1',
		});
	});

	const behindNat = aVpc({ publicIps: [{ ip: '192.0.2.1', privateIp: '172.31.0.10', sourceNat: true }] });
	const otherNat = aVpc({
		publicIps: [
			{ ip: '192.0.2.9', privateIp: '172.31.0.10', sourceNat: true },
			{ ip: '192.0.2.1', sourceNat: false },
		],
	});
	it.each<[string, Parameters<typeof bundleOf>, object]>([
		['one that waits for its peer', [{}, { connection: { passive: true } }], { passive: '1' }],
		['no dead-peer detection', [{ dpd: { enabled: false, delaySeconds: 30, timeoutSeconds: 120 } }], { dpd: '0/0' }],
		['an identity', [{ remoteId: 'branch.example' }], { rightid: '@branch.example' }],
		['no PFS', [{ esp: { ...esp, pfsGroup: null } }], { suite: 'aes128-sha1-modp1536,aes128-sha1' }],
		['NAT by force', [{ forceEncaps: true }], { natt: '1', private: '-' }],
		['a router behind NAT', [{}, { vpc: behindNat }], { natt: '1', private: '172.31.0.10', public: '192.0.2.1' }],
		['NAT before another address of the router', [{}, { vpc: otherNat }], { natt: '0', private: '-' }],
		['a key that was changed', [{ pskVersion: 9 }], { psk: '/s2s/dev/acme/cgw-00000000000000001:9' }],
		[
			'a suite that takes more of each packet, and NAT',
			[{ esp: { ...esp, encryption: 'aes256', hash: 'sha512' }, forceEncaps: true }],
			{ mss: '1360' },
		],
	])('say %s', (_what, given, expected) => {
		expect(words(bundleOf(...given).text)).toMatchObject(expected);
	});
});

describe('a refusal', () => {
	it.each<[string, Parameters<typeof bundleOf>, object]>([
		[
			'of what the router cannot do',
			[{ ike: { ...ike, hash: 'sha512', dhGroup: 16 } }, { vpc: aVpc({ router: openswan3 }) }],
			{
				code: 'unsupported-by-router',
				detail: 'the router runs openswan 3.0.0: sha512 with DH group 16 never comes up on it; it can do sha256 with group 14',
			},
		],
		[
			'of a suite below the floor',
			[{}, { flooring: [{ legacy: 'deny' }] }],
			{ code: 'crypto-denied', detail: 'the crypto suite is legacy, which is not allowed here' },
		],
		[
			'of a row that would add a line to a file',
			[{ remoteId: 'x\n\tauto=start' }],
			{ code: 'unsupported-by-router', detail: expect.stringContaining('characters') },
		],
	])('%s says why, and leaves the connection out', (_what, given, reason) => {
		const { text, refused } = bundleOf(...given);

		expect(refused).toEqual([{ connectionId: id, reason: { kind: 'refused', ...reason } }]);
		expect(text).not.toContain('connection ');
	});

	it.each<[string, Partial<CustomerGateway>]>([
		['its address', { gateway: '192.0.2.2 x' }],
		['its account', { accountId: 'acme x' }],
		['one of its blocks', { remoteCidrs: ['10.2.0.0/24', '10.3.0.0/24\n'] }],
		['an identity that is empty', { remoteId: '' }],
		['an identity with a space before it', { remoteId: ' x' }],
	])('is of any word that is none: %s', (_what, over) => {
		expect(bundleOf(over).refused).toHaveLength(1);
	});

	const weak = { esp: { ...esp, encryption: '3des' as const } };
	it.each<[string, Parameters<typeof bundleOf>, number]>([
		['where it initiates', [weak], 1],
		['not where it waits for its peer', [weak, { connection: { passive: true } }], 0],
		['not where the peer has no address', [{ ...weak, gateway: 'any', remoteId: 'branch.example' }], 0],
	])('of 3des on Openswan 3.0 is %s', (_what, [peer, more], count) => {
		expect(bundleOf(peer, { ...more, vpc: aVpc({ router: openswan3 }) }).refused).toHaveLength(count);
	});

	it.each([
		['was refused', 'Error', 'refused', false],
		['failed and heals by itself', 'Error', 'transient', true],
		['is Pending again, whatever was refused before', 'Pending', 'refused', true],
	] as const)('is remembered: one that %s', (_what, state, kind, rendered) => {
		const stateReason = { code: 'crypto-denied', kind, detail: '' } as const;

		expect(bundleOf({}, { connection: { state, stateReason } }).text.includes(`connection ${id} `)).toBe(rendered);
	});
});

describe('the files of a connection', () => {
	const two = renderBundle(
		aDesiredRouter({
			connections: [1, 2].map((n) => ({
				connection: aConnection({ id: idOf('vpnc', n) }),
				customerGateway: aCustomerGateway({ id: idOf('cgw', n), gateway: `192.0.2.${n + 1}`, pskVersion: n }),
			})),
		}),
	).text;

	it.each([1, 2])('are its own, the key masked and its version not: %i', (n) => {
		const [conf, secrets] = renderedFiles(two, idOf('vpnc', n));

		expect(conf?.path).toBe(`/etc/ipsec.d/s2s/${idOf('vpnc', n)}.conf`);
		expect(conf?.text).toMatch(new RegExp(`^# s2s ${idOf('vpnc', n)} revision 1\nconn ${idOf('vpnc', n)}-1\n\t`));
		expect(conf?.text.match(/^conn .*$/gm)).toEqual([`conn ${idOf('vpnc', n)}-1`, `conn ${idOf('vpnc', n)}-2`]);
		expect(conf?.text).not.toMatch(/^[|]|^pair|^connection|^end/m);
		expect(conf?.text.endsWith('\n')).toBe(true);
		expect(secrets).toEqual({
			path: `/etc/ipsec.d/s2s/${idOf('vpnc', n)}.secrets`,
			text: `192.0.2.1 192.0.2.${n + 1} : PSK ******** (version ${n})\n`,
		});
	});

	it('are none of one that is not in the bundle', () => {
		expect(renderedFiles(two, idOf('vpnc', 3))).toEqual([]);
		expect(renderedFiles(two, 'vpnc-0000000000000000')).toEqual([]);
	});
});
