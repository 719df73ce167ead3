import type { CryptoFloor, FloorAction } from '../model/account.ts';
import type { DhGroup, Encryption, EspPolicy, Hash, IkePolicy } from '../model/crypto-suite.ts';

export type CryptoGrade = 'legacy' | 'acceptable' | 'strong';
export type CryptoSuite = { ike: IkePolicy; esp: EspPolicy };

/** A suite is as good as its worst part. RFC 8221 and RFC 8247 advise against everything that is legacy here. */
const encryptionGrade: Record<Encryption, CryptoGrade> = {
	'3des': 'legacy',
	aes128: 'acceptable',
	aes192: 'acceptable',
	aes256: 'strong',
};
const hashGrade: Record<Hash, CryptoGrade> = {
	md5: 'legacy',
	sha1: 'legacy',
	sha256: 'strong',
	sha384: 'strong',
	sha512: 'strong',
};
const groupGrade: Record<DhGroup, CryptoGrade> = { 2: 'legacy', 5: 'legacy', 14: 'acceptable', 15: 'strong', 16: 'strong' };
/** Without PFS, whoever learns the keys of phase 1 can read all of phase 2. */
const withoutPfs: CryptoGrade = 'acceptable';

const worstFirst = ['legacy', 'acceptable', 'strong'] as const;

export const gradeOf = ({ ike, esp }: CryptoSuite): CryptoGrade => {
	const parts = [
		encryptionGrade[ike.encryption],
		hashGrade[ike.hash],
		groupGrade[ike.dhGroup],
		encryptionGrade[esp.encryption],
		hashGrade[esp.hash],
		esp.pfsGroup === null ? withoutPfs : groupGrade[esp.pfsGroup],
	];
	return worstFirst.find((grade) => parts.includes(grade)) ?? 'legacy';
};

const strictestFirst = ['deny', 'warn', 'allow'] as const;

/** The strictest of what the account and the deployment say about a grade. */
export const floorVerdict = (floors: readonly CryptoFloor[], grade: CryptoGrade): FloorAction => {
	const verdicts = floors.map((floor) => floor[grade] ?? 'allow');
	return strictestFirst.find((verdict) => verdicts.includes(verdict)) ?? 'allow';
};
