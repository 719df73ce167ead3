import { describe, expect, it } from 'vitest';
import type { PatchCustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { Secret } from '../../../functions/domain/model/secret.ts';
import { changesBetween, isConsistent, patched, reachesRouter } from '../../../functions/domain/rules/customer-gateway-change.ts';
import { aCustomerGateway } from '../../support/builders.ts';

const current = aCustomerGateway();
const changesOf = (patch: PatchCustomerGateway) => changesBetween(current, patched(current, patch));

describe('a patch', () => {
	it('changes what it names, however deep, and leaves the rest', () => {
		expect(patched(current, { name: 'x', ike: { hash: 'md5' }, esp: { pfsGroup: null }, dpd: { delaySeconds: 5 } })).toEqual({
			...current,
			name: 'x',
			ike: { ...current.ike, hash: 'md5' },
			esp: { ...current.esp, pfsGroup: null },
			dpd: { ...current.dpd, delaySeconds: 5 },
		});
	});

	it('puts no key into the row', () => {
		expect(patched(current, { psk: new Secret('a secret of some length') })).toEqual(current);
	});

	it.each<[PatchCustomerGateway, string, unknown, unknown, boolean]>([
		[{ name: 'Harbour' }, '/name', 'Branch office', 'Harbour', false],
		[{ gateway: '192.0.2.7' }, '/gateway', '192.0.2.2', '192.0.2.7', true],
		[{ remoteId: 'branch.example' }, '/remoteId', undefined, 'branch.example', true],
		[{ remoteCidrs: ['10.2.1.0/24', '10.2.0.0/24'] }, '/remoteCidrs', current.remoteCidrs, ['10.2.1.0/24', '10.2.0.0/24'], true],
		[{ forceEncaps: true }, '/forceEncaps', false, true, true],
		[{ ike: { version: 'ikev2' } }, '/ike/version', 'ikev1', 'ikev2', true],
		[{ ike: { lifetimeSeconds: 3_600 } }, '/ike/lifetimeSeconds', 86_400, 3_600, true],
		[{ esp: { pfsGroup: null } }, '/esp/pfsGroup', 5, null, true],
		[{ dpd: { enabled: false } }, '/dpd/enabled', true, false, true],
	])('of %j is a change of %s', (patch, pointer, from, to, reaches) => {
		expect(changesOf(patch)).toEqual([{ pointer, from, to }]);
		expect(reachesRouter(changesOf(patch))).toBe(reaches);
	});

	it('of what is so already is no change', () => {
		expect(changesOf({ name: current.name, remoteCidrs: [...current.remoteCidrs], ike: { hash: 'sha1' } })).toEqual([]);
		expect(reachesRouter([])).toBe(false);
	});

	it('reaches the router where anything but the name does', () => {
		expect(reachesRouter(changesOf({ name: 'Harbour', forceEncaps: true }))).toBe(true);
	});
});

describe('a customer gateway', () => {
	it.each([
		['with an address', {}],
		['with an address and an identity', { remoteId: 'branch.example' }],
		['with an identity and no address', { gateway: 'any', remoteId: 'branch.example' }],
	])('is consistent %s', (_what, over) => {
		expect(isConsistent({ ...current, ...over })).toBeUndefined();
	});

	it('without an address needs an identity', () => {
		expect(isConsistent({ ...current, gateway: 'any' })).toEqual({
			problem: 'invalid-request',
			detail: expect.stringMatching(/"any"/),
			pointer: '/remoteId',
		});
	});

	it('does not reach its peer through the tunnel to it', () => {
		const remoteCidrs = ['10.2.0.0/24', '203.0.113.0/24'];

		expect(isConsistent({ ...current, gateway: '203.0.113.9', remoteCidrs })).toEqual({
			problem: 'invalid-request',
			detail: expect.stringMatching(/203\.0\.113\.9/),
			pointer: '/remoteCidrs/1',
		});
		expect(isConsistent({ ...current, gateway: '203.0.114.9', remoteCidrs })).toBeUndefined();
		expect(isConsistent({ ...current, gateway: 'any', remoteId: 'a.example', remoteCidrs })).toBeUndefined();
	});

	it('gives its peer up later than it asks for it', () => {
		expect(isConsistent({ ...current, dpd: { enabled: true, delaySeconds: 60, timeoutSeconds: 60 } })).toEqual({
			problem: 'invalid-request',
			detail: expect.stringMatching(/\w/),
			pointer: '/dpd/timeoutSeconds',
		});
	});
});
