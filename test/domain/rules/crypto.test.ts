import { describe, expect, it } from 'vitest';
import type { DhGroup, Encryption, Hash, IkeVersion } from '../../../functions/domain/model/crypto-suite.ts';
import { largestMss, tcpMss } from '../../../functions/domain/model/mss.ts';
import { floorVerdict, gradeOf } from '../../../functions/domain/rules/crypto-grade.ts';
import { unsupportedBy } from '../../../functions/domain/rules/router-capabilities.ts';

const suite = (encryption: Encryption, hash: Hash, group: DhGroup, version: IkeVersion = 'ikev1') => ({
	ike: { version, encryption, hash, dhGroup: group, lifetimeSeconds: 86_400 },
	esp: { encryption, hash, pfsGroup: group, lifetimeSeconds: 3_600 },
});

describe('the grade of a crypto suite', () => {
	it.each([
		['3des', 'sha256', 14, 'legacy'],
		['aes256', 'md5', 16, 'legacy'],
		['aes256', 'sha1', 16, 'legacy'],
		['aes256', 'sha512', 5, 'legacy'],
		['aes128', 'sha256', 14, 'acceptable'],
		['aes256', 'sha256', 14, 'acceptable'],
		['aes192', 'sha256', 15, 'acceptable'],
		['aes256', 'sha256', 15, 'strong'],
	] as const)('of %s %s group %i is %s', (encryption, hash, group, grade) => {
		expect(gradeOf(suite(encryption, hash, group))).toBe(grade);
	});

	it('is that of the worst part of both phases', () => {
		const strong = suite('aes256', 'sha512', 16);
		const { esp } = suite('aes128', 'sha1', 2);

		expect(gradeOf({ ...strong, esp })).toBe('legacy');

		expect(gradeOf({ ...strong, esp: { ...strong.esp, pfsGroup: null } })).toBe('acceptable');
	});

	it('is judged by the strictest floor, and allowed if no floor names it', () => {
		expect(floorVerdict([], 'legacy')).toBe('allow');

		expect(floorVerdict([{ legacy: 'warn' }, {}], 'legacy')).toBe('warn');

		expect(floorVerdict([{ legacy: 'warn' }, { legacy: 'deny' }, { legacy: 'allow' }], 'legacy')).toBe('deny');

		expect(floorVerdict([{ legacy: 'deny' }], 'strong')).toBe('allow');
	});
});

describe('what a router can do', () => {
	const openswan = (version: string, capabilities: string[] = []) => ({ flavor: 'openswan' as const, version, capabilities });
	const libreswan = (capabilities: string[]) => ({ flavor: 'libreswan' as const, version: '4.10', capabilities });

	it.each(['2.6.38', '2.6.50', 'U2.6.38/K6.1'])('excludes IKEv2 on Openswan %s, which exits at the first rekey', (version) => {
		expect(unsupportedBy(openswan(version), suite('aes128', 'sha1', 5, 'ikev2'))).toContain('ikev1');

		expect(unsupportedBy(openswan(version), suite('aes128', 'sha1', 5))).toBeUndefined();
	});

	it.each(['2.6.51', '2.6.51.5', '3.0.0'])('includes IKEv2 on Openswan %s', (version) => {
		expect(unsupportedBy(openswan(version), suite('aes128', 'sha1', 5, 'ikev2'))).toBeUndefined();
	});

	it.each([
		['sha512', 16],
		['sha384', 15],
	] as const)('leaves %s with group %i out on Openswan, which announces and never does it', (hash, group) => {
		expect(unsupportedBy(openswan('3.0.0'), suite('aes256', hash, group))).toBeDefined();

		expect(unsupportedBy(libreswan([]), suite('aes256', hash, group))).toBeUndefined();
	});

	it('excludes 3des in phase 2 only if Openswan 3.0 initiates', () => {
		const { ike } = suite('aes128', 'sha1', 5);
		const { esp } = suite('3des', 'sha1', 5);

		expect(unsupportedBy(openswan('3.0.0'), { ike, esp })).toContain('3des');

		expect(unsupportedBy(openswan('3.0.0'), { ike, esp }, { initiates: false })).toBeUndefined();

		expect(unsupportedBy(openswan('2.6.51.5'), { ike, esp })).toBeUndefined();
	});

	it('follows the capabilities of the report, kind by kind', () => {
		const debian = libreswan(['ikev1', 'ikev2', 'modp1536', 'modp2048']);

		expect(unsupportedBy(debian, suite('aes128', 'sha1', 2))).toBe(
			'the router runs libreswan 4.10: it has no DH group 2; it can do DH group 5, DH group 14',
		);

		expect(unsupportedBy(debian, suite('aes128', 'sha1', 5))).toBeUndefined();

		expect(unsupportedBy(libreswan([]), suite('aes128', 'sha1', 2))).toBeUndefined();
	});
});

describe('the MSS', () => {
	// Measured over real tunnels with every fragmentation-needed lost.
	it.each([
		['aes128', 'sha1', false, 1_398],
		['aes128', 'sha1', true, 1_382],
		['3des', 'md5', false, 1_406],
		['3des', 'md5', true, 1_398],
	] as const)('of %s-%s with NAT-T %s can be %i', (encryption, hash, natt, mss) => {
		expect(largestMss({ encryption, hash }, natt)).toBe(mss);
	});

	it('is 1360 unless the suite leaves room for less', () => {
		expect(tcpMss({ encryption: 'aes256', hash: 'sha512' }, true)).toBe(1_360);
	});
});
