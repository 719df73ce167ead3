import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderBundle } from '../../../functions/domain/router/render-bundle.ts';
import { anyCustomerGateway, anyText } from '../../support/arbitraries.ts';
import { aConnection, aCustomerGateway, aDesiredRouter, aGateway, aRouter, aVpc, idOf } from '../../support/builders.ts';

const { ike, esp } = aCustomerGateway();

/** A router with a peer of each kind: two subnets, behind NAT, without a fixed address, without PFS and dead-peer detection. */
const full = (flavor: 'openswan' | 'libreswan', version: string) =>
	aDesiredRouter({
		vpc: aVpc({
			router: aRouter({ flavor, version }),
			publicIps: [{ ip: '192.0.2.1', privateIp: '172.31.0.10', sourceNat: true }],
		}),
		connections: [
			{ connection: aConnection({ desiredRevision: 3 }), customerGateway: aCustomerGateway() },
			{
				connection: aConnection({ id: idOf('vpnc', 2), passive: true, probe: { host: '10.3.0.10' } }),
				customerGateway: aCustomerGateway({
					id: idOf('cgw', 2),
					gateway: '192.0.2.3',
					remoteId: 'user@branch.example',
					remoteCidrs: ['10.3.0.0/24'],
					ike: { ...ike, encryption: 'aes256', hash: 'sha256', dhGroup: 14, lifetimeSeconds: 28_800 },
					esp: { ...esp, encryption: 'aes256', hash: 'sha256', pfsGroup: null, lifetimeSeconds: 900 },
					dpd: { enabled: false, delaySeconds: 30, timeoutSeconds: 120 },
					forceEncaps: true,
					pskVersion: 2,
				}),
			},
			{
				connection: aConnection({ id: idOf('vpnc', 3) }),
				customerGateway: aCustomerGateway({
					id: idOf('cgw', 3),
					gateway: 'any',
					remoteId: 'mobile.example',
					remoteCidrs: ['10.4.0.0/24'],
				}),
			},
		],
	});

describe('a bundle', () => {
	it.each([
		['openswan', '2.6.38'],
		['openswan', '2.6.51.5'],
		['openswan', '3.0.0'],
		['libreswan', '3.32'],
		['libreswan', '4.10'],
		['libreswan', '5.4'],
	] as const)('for %s %s is identical to its golden file', async (flavor, version) => {
		await expect(renderBundle(full(flavor, version)).text).toMatchFileSnapshot(`../../golden/bundles/${flavor}-${version}.txt`);
	});

	it.each([
		['openswan', '2.6.51.5'],
		['openswan', '3.0.0'],
		['libreswan', '4.10'],
		['libreswan', '5.4'],
	] as const)('with IKEv2 for %s %s is identical to its golden file', async (flavor, version) => {
		const customerGateway = aCustomerGateway({ ike: { ...ike, version: 'ikev2' }, remoteCidrs: ['10.2.0.0/24'] });
		const desired = { ...full(flavor, version), connections: [{ connection: aConnection(), customerGateway }] };

		await expect(renderBundle(desired).text).toMatchFileSnapshot(`../../golden/bundles/${flavor}-${version}-ikev2.txt`);
	});

	it('names the probe of a connection in its line alone, since it is no part of what a tunnel is made of', () => {
		const withProbe = (probe?: { host: string }) =>
			renderBundle(aDesiredRouter({ connections: [{ connection: aConnection({ probe }), customerGateway: aCustomerGateway() }] }))
				.text;
		const [plain, probed] = [withProbe().split('\n'), withProbe({ host: '10.2.1.7' }).split('\n')];

		expect(probed.filter((line) => !plain.includes(line))).toEqual([expect.stringMatching(/^connection .* probe=10\.2\.1\.7$/)]);
		expect(withProbe({ host: '10.9.0.1' })).toBe(withProbe());
	});

	it('leaves three passes of the router’s timer for what has to be begun before an SA expires, and never begins sooner than needed', () => {
		fc.assert(
			fc.property(fc.integer({ min: 180, max: 86_400 }), fc.integer({ min: 180, max: 86_400 }), (phase1, phase2) => {
				const customerGateway = aCustomerGateway({
					ike: { ...ike, lifetimeSeconds: phase1 },
					esp: { ...esp, lifetimeSeconds: phase2 },
				});
				const desired = { ...full('openswan', '2.6.51.5'), connections: [{ connection: aConnection(), customerGateway }] };
				const margin = Number(/rekeymargin=(\d+)s/.exec(renderBundle(desired).text)?.[1]);
				const shorter = Math.min(phase1, phase2);

				expect(margin).toBeGreaterThanOrEqual(45);
				expect(margin).toBeLessThanOrEqual(Math.max(45, shorter / 10));
				// With the half that may come on top.
				expect(1.5 * margin).toBeLessThan(shorter / 2);
			}),
		);
	});

	it('is empty without connections or without a gateway', () => {
		expect(renderBundle(aDesiredRouter({ connections: [] })).text).toBe(
			's2s-bundle/1\ngeneration 3\nvpc 10.1.0.0/16\ndialect libreswan\nsetup ikev1-policy=accept\nend\n',
		);

		expect(renderBundle(aDesiredRouter({ gateway: undefined })).text).not.toContain('connection ');
	});

	it('does not depend on the order of the rows', () => {
		const desired = full('libreswan', '4.10');
		fc.assert(
			fc.property(fc.shuffledSubarray(desired.connections, { minLength: 3 }), (connections) => {
				expect(renderBundle({ ...desired, connections })).toEqual(renderBundle(desired));
			}),
		);
	});

	it('leaves out connections that are being deleted or were refused', () => {
		const connections = [
			{ connection: aConnection({ state: 'Deleting' }), customerGateway: aCustomerGateway() },
			{
				connection: aConnection({
					id: idOf('vpnc', 2),
					state: 'Error',
					stateReason: { code: 'unsupported-by-router', kind: 'refused', detail: '' },
				}),
				customerGateway: aCustomerGateway(),
			},
		];

		expect(renderBundle(aDesiredRouter({ connections }))).toEqual(renderBundle(aDesiredRouter({ connections: [] })));
	});

	it('keeps a connection with a transient error, which heals by itself', () => {
		const stateReason = { code: 'foreign-config', kind: 'transient', detail: '' } as const;
		const connection = aConnection({ state: 'Error', stateReason });

		expect(renderBundle(aDesiredRouter({ connections: [{ connection, customerGateway: aCustomerGateway() }] })).text).toContain(
			`connection ${connection.id} `,
		);
	});

	it('refuses what the router does not support, and a denied suite unless it is already running', () => {
		const customerGateway = aCustomerGateway({ ike: { ...ike, version: 'ikev2' } });
		const vpc = aVpc({ router: aRouter({ flavor: 'openswan', version: '2.6.38' }) });
		const one = (state: 'Pending' | 'Connected') => [{ connection: aConnection({ state }), customerGateway: aCustomerGateway() }];
		const flooring = [{ legacy: 'deny' as const }];

		expect(
			renderBundle(aDesiredRouter({ vpc, connections: [{ connection: aConnection(), customerGateway }] })).refused,
		).toMatchObject([{ connectionId: idOf('vpnc', 1), reason: { code: 'unsupported-by-router', kind: 'refused' } }]);

		expect(renderBundle(aDesiredRouter({ flooring, connections: one('Pending') })).refused).toMatchObject([
			{ reason: { code: 'crypto-denied' } },
		]);

		expect(renderBundle(aDesiredRouter({ flooring, connections: one('Connected') })).refused).toEqual([]);
	});

	it('has the format that the router reads, for any policy', () => {
		const line =
			/^(s2s-bundle\/1|generation \d+|vpc [\d./]+|dialect (openswan|libreswan)|setup [\w=.-]+|connection vpnc-[0-9a-f]{17}( [a-z]+=[^ =]+)+|pair \d+ [\d./]+|\| (# s2s vpnc-[0-9a-f]{17} revision \d+|conn vpnc-[0-9a-f]{17}-\d+|\t[a-z0-9]+=[^\s]+)|end)$/;
		fc.assert(
			fc.property(
				anyCustomerGateway,
				fc.constantFrom('2.6.38', '3.0.0'),
				fc.constantFrom('openswan', 'libreswan'),
				(peer, version, flavor) => {
					const { text } = renderBundle({
						...full(flavor, version),
						connections: [{ connection: aConnection(), customerGateway: peer }],
					});
					expect(text.endsWith('\nend\n')).toBe(true);

					expect(
						text
							.slice(0, -1)
							.split('\n')
							.filter((one) => !line.test(one)),
					).toEqual([]);
				},
			),
		);
	});

	it('cannot get an extra line or word from user input', () => {
		const plain = renderBundle(aDesiredRouter({ gateway: aGateway() })).text;
		const words = (text: string) => text.split('\n').map((one) => one.split(/\s+/).length);
		fc.assert(
			fc.property(anyText({ minLength: 1 }), (text) => {
				const named = aDesiredRouter({
					connections: [{ connection: aConnection(), customerGateway: aCustomerGateway({ name: text }) }],
				});
				expect(renderBundle(named).text).toBe(plain);
				const customerGateway = aCustomerGateway({ remoteId: text });
				const { text: rendered, refused } = renderBundle(
					aDesiredRouter({ connections: [{ connection: aConnection(), customerGateway }] }),
				);
				if (refused.length === 0) expect(words(rendered)).toEqual(words(plain));
				else expect(rendered).not.toContain('connection ');
			}),
		);
	});
});
