import { describe, expect, it } from 'vitest';
import type { DhGroup, Encryption, Hash } from '../../../functions/domain/model/crypto-suite.ts';
import { type CryptoGrade, floorVerdict, gradeOf } from '../../../functions/domain/rules/crypto-grade.ts';

const strong = {
	ike: { version: 'ikev2', encryption: 'aes256', hash: 'sha512', dhGroup: 16, lifetimeSeconds: 86_400 },
	esp: { encryption: 'aes256', hash: 'sha512', pfsGroup: 16, lifetimeSeconds: 3_600 },
} as const;

describe('a suite that is strong but for one part', () => {
	const encryptions: [Encryption, CryptoGrade][] = [
		['3des', 'legacy'],
		['aes128', 'acceptable'],
		['aes192', 'acceptable'],
		['aes256', 'strong'],
	];
	it.each(encryptions)('is with %s in either phase %s', (encryption, grade) => {
		expect(gradeOf({ ...strong, ike: { ...strong.ike, encryption } })).toBe(grade);
		expect(gradeOf({ ...strong, esp: { ...strong.esp, encryption } })).toBe(grade);
	});

	const hashes: [Hash, CryptoGrade][] = [
		['md5', 'legacy'],
		['sha1', 'legacy'],
		['sha256', 'strong'],
		['sha384', 'strong'],
		['sha512', 'strong'],
	];
	it.each(hashes)('is with %s in either phase %s', (hash, grade) => {
		expect(gradeOf({ ...strong, ike: { ...strong.ike, hash } })).toBe(grade);
		expect(gradeOf({ ...strong, esp: { ...strong.esp, hash } })).toBe(grade);
	});

	const groups: [DhGroup, CryptoGrade][] = [
		[2, 'legacy'],
		[5, 'legacy'],
		[14, 'acceptable'],
		[15, 'strong'],
		[16, 'strong'],
	];
	it.each(groups)('is with group %i in either phase %s', (group, grade) => {
		expect(gradeOf({ ...strong, ike: { ...strong.ike, dhGroup: group } })).toBe(grade);
		expect(gradeOf({ ...strong, esp: { ...strong.esp, pfsGroup: group } })).toBe(grade);
	});

	it('is acceptable without PFS', () => {
		expect(gradeOf({ ...strong, esp: { ...strong.esp, pfsGroup: null } })).toBe('acceptable');
	});
});

describe('floors', () => {
	it.each([
		[['allow', 'warn', 'deny'], 'deny'],
		[['allow', 'warn'], 'warn'],
		[['warn', undefined], 'warn'],
		[['allow', undefined], 'allow'],
		[[undefined], 'allow'],
		[[], 'allow'],
	] as const)('of %j say %s', (actions, verdict) => {
		expect(
			floorVerdict(
				actions.map((acceptable) => ({ acceptable })),
				'acceptable',
			),
		).toBe(verdict);
	});
});
