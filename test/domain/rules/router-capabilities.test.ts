import { describe, expect, it } from 'vitest';
import type { DhGroup } from '../../../functions/domain/model/crypto-suite.ts';
import { daemonVersion, isBelow } from '../../../functions/domain/rules/daemon-version.ts';
import { modpOf, unknownRouter, unsupportedBy } from '../../../functions/domain/rules/router-capabilities.ts';
import { goldenPage } from '../../support/golden-page.ts';

const policy = {
	ike: { version: 'ikev1', encryption: 'aes128', hash: 'sha1', dhGroup: 5, lifetimeSeconds: 86_400 },
	esp: { encryption: 'aes256', hash: 'sha256', pfsGroup: 14, lifetimeSeconds: 3_600 },
} as const;
const openswan = (version: string) => ({ flavor: 'openswan' as const, version, capabilities: [] });
const libreswan = (capabilities: string[]) => ({ flavor: 'libreswan' as const, version: '4.10', capabilities });

describe('the version of a daemon', () => {
	it.each([
		['U2.6.38/K6.1', [2, 6, 38]],
		['5.4', [5, 4]],
		['Linux Libreswan 12', [12]],
		['4.10-3+deb12u1', [4, 10]],
	])('%s is %j', (version, numbers) => {
		expect(daemonVersion({ flavor: 'openswan', version })).toEqual({ flavor: 'openswan', numbers });
	});

	it.each([
		[[2, 6, 38], [2, 6, 51], true],
		[[2, 6, 51], [2, 6, 51], false],
		[[2, 6, 51, 5], [2, 6, 51], false],
		[[2, 6], [2, 6, 51], true],
		[[3], [2, 6, 51], false],
		[[2, 9, 1], [2, 6, 51], false],
		[[1, 9, 99], [2, 6, 51], true],
		[[3], [3, 0], false],
		[[2, 99], [3, 0], true],
	])('%j is below %j: %s', (numbers, than, below) => {
		expect(isBelow({ flavor: 'openswan', numbers }, than)).toBe(below);
	});
});

describe('a router that has yet to say what it runs', () => {
	it('is taken for Debian’s, and refused nothing', () => {
		expect(unknownRouter).toEqual({ flavor: 'libreswan', version: '4.10', capabilities: [] });
		expect(unsupportedBy(unknownRouter, policy)).toBeUndefined();
	});
});

describe('what a router lacks is named, with what it has instead', () => {
	it.each([
		[['ikev2'], 'it has no ikev1; it can do ikev2'],
		[['modp1536', 'modp3072'], 'it has no DH group 14; it can do DH group 5, DH group 15'],
		[['modp2048'], 'it has no DH group 5; it can do DH group 14'],
		[['modp6144'], 'it has no DH group 5; it can do modp6144'],
		[['aes256', '3des'], 'it has no aes128; it can do aes256, 3des'],
		[['aes128', 'aes192'], 'it has no aes256; it can do aes128, aes192'],
		[['md5', 'sha256'], 'it has no sha1; it can do md5, sha256'],
		[['sha1'], 'it has no sha256; it can do sha1'],
		[['sha1', 'modp2048'], 'it has no DH group 5; it can do DH group 14'],
	])('%j: %s', (capabilities, detail) => {
		expect(unsupportedBy(libreswan(capabilities), policy)).toBe(`the router runs libreswan 4.10: ${detail}`);
	});

	it('where it has all of a kind, or says nothing of it, nothing is', () => {
		const all = ['ikev1', 'modp1536', 'modp2048', 'aes128', 'aes256', 'sha1', 'sha256'];

		expect(unsupportedBy(libreswan(all), policy)).toBeUndefined();
		expect(
			unsupportedBy(libreswan([...all, 'tunnels-of-love', 'xikev2', 'ikev22', 'sha1x', 'xmodp1', 'modp1x']), policy),
		).toBeUndefined();
	});

	it('counts the words of a kind whole, or not at all', () => {
		for (const word of [
			'xikev2',
			'ikev22',
			'xmodp1024',
			'modp1024x',
			'xaes128',
			'aes128x',
			'x3des',
			'3desx',
			'xmd5',
			'md5x',
			'xsha1',
			'sha1x',
		])
			expect(unsupportedBy(libreswan([word]), policy)).toBeUndefined();
	});

	it('with no PFS, phase 2 wants no group', () => {
		const esp = { ...policy.esp, pfsGroup: null };

		expect(unsupportedBy(libreswan(['modp1536']), { ...policy, esp })).toBeUndefined();
	});

	it.each([
		[2, 'modp1024'],
		[5, 'modp1536'],
		[14, 'modp2048'],
		[15, 'modp3072'],
		[16, 'modp4096'],
	] as const)('group %i is %s', (group: DhGroup, word) => {
		expect(modpOf[group]).toBe(word);
	});
});

describe('what a build announces and cannot do', () => {
	const ikev2 = { ...policy.ike, version: 'ikev2' as const };

	const announced = [
		['2.6.38', { ...policy, ike: ikev2 }, 'ikev1'],
		['3.0.0', { ...policy, ike: { ...policy.ike, hash: 'sha512' as const, dhGroup: 16 as const } }, 'sha512'],
		['3.0.0', { ...policy, esp: { ...policy.esp, hash: 'sha384' as const, pfsGroup: 15 as const } }, 'sha384'],
		['3.0.0', { ...policy, esp: { ...policy.esp, encryption: '3des' as const } }, '3des'],
	] as const;
	it.each(announced)('on openswan %s is said before what it lacks', (version, wanted, word) => {
		expect(unsupportedBy({ ...openswan(version), capabilities: ['modp1'] }, wanted)).toMatch(
			new RegExp(`^the router runs openswan ${version}: .*\\b${word}\\b`),
		);
	});

	it('is said with what it can do instead', async () => {
		const page = announced.map(
			([version, wanted, word]) => [`openswan ${version}, ${word}`, `${unsupportedBy(openswan(version), wanted)}`] as const,
		);

		await expect(goldenPage(page)).toMatchFileSnapshot('../../golden/router-limits.txt');
	});

	it('goes by the hash and the group of one phase; phase 2 without PFS has the group of phase 1', () => {
		const suite = (ikeHash: 'sha1' | 'sha512', dhGroup: DhGroup, espHash: 'sha1' | 'sha512', pfsGroup: DhGroup | null) => ({
			ike: { ...policy.ike, hash: ikeHash, dhGroup },
			esp: { ...policy.esp, hash: espHash, pfsGroup },
		});
		const refused = (...given: Parameters<typeof suite>) => unsupportedBy(openswan('2.6.51'), suite(...given)) !== undefined;

		expect(refused('sha512', 16, 'sha1', 5)).toBe(true);
		expect(refused('sha1', 5, 'sha512', 16)).toBe(true);
		expect(refused('sha1', 16, 'sha512', null)).toBe(true);
		expect(refused('sha512', 5, 'sha1', 16)).toBe(false);
		expect(refused('sha1', 16, 'sha512', 5)).toBe(false);
		expect(refused('sha1', 5, 'sha512', null)).toBe(false);
	});

	it('is no matter of Libreswan', () => {
		const capable = libreswan([]);

		expect(unsupportedBy({ ...capable, version: '2.6.38' }, { ...policy, ike: ikev2 })).toBeUndefined();
		expect(
			unsupportedBy({ ...capable, version: '3.32' }, { ...policy, esp: { ...policy.esp, encryption: '3des' } }),
		).toBeUndefined();
		expect(unsupportedBy(capable, { ...policy, esp: { ...policy.esp, hash: 'sha384', pfsGroup: 15 } })).toBeUndefined();
	});
});
