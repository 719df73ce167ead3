import { hashWord, localAddress } from '../model/conn-lines.ts';
import { Encryption } from '../model/crypto-suite.ts';
import { modpOf } from '../rules/router-capabilities.ts';
import { openswanSetup } from './render-openswan.ts';

/** `needed`: every connection's line, or every conn, has it. `says` is an extended regular expression that every awk reads, or the word that it has to repeat. */
type Option = { says: string; needed: boolean };

const either = (words: readonly string[]): string => `(${words.join('|')})`;
const encryption = either(Encryption.options);
const hash = either(Object.values(hashWord));
const plainHash = either(Object.keys(hashWord));
const group = either(Object.values(modpOf));
const number = '[0-9]+';
const seconds = '[0-9]+s';
const identity = '[A-Za-z0-9@._/-]+';
const needed = (says: string): Option => ({ says, needed: true });
const perhaps = (says: string): Option => ({ says, needed: false });

/** The setup lines that the renderers write. */
export const setupLines: readonly string[] = [...openswanSetup, 'ikev1-policy=accept'];

/** The words of a connection's line, none of which it has twice. `@address` and `@inner` are told by their numbers: an address, and one of its pairs'. */
export const connectionWords: Readonly<Record<string, Option>> = {
	revision: needed(number),
	peer: needed('@address or any'),
	passive: needed('[01]'),
	dpd: needed(`${number}/${number}`),
	mss: needed(number),
	public: needed('@address'),
	private: needed('@address or -'),
	leftid: needed('@address'),
	rightid: needed(identity),
	ike: needed('ikev[12]'),
	suite: needed(`${encryption}-${plainHash}-${group},${encryption}-${plainHash}(-${group})?`),
	natt: needed('[01]'),
	psk: needed(`/[A-Za-z0-9_/-]+:${number}`),
	probe: perhaps('@inner'),
};

/** The options of a conn. `=` before a word: what the connection's line, its pair or the VPC has there. */
export const connOptions: Readonly<Record<string, Option>> = {
	type: needed('tunnel'),
	authby: needed('secret'),
	auto: needed('add'),
	left: needed(localAddress),
	leftid: needed('=leftid'),
	leftsubnet: needed('=vpc'),
	right: needed('=right'),
	rightid: needed('=rightid'),
	rightsubnet: needed('=pair'),
	ikev2: needed('(no|insist)'),
	aggrmode: perhaps('no'),
	phase2: needed('esp'),
	pfs: needed('(yes|no)'),
	compress: needed('no'),
	ikelifetime: needed(seconds),
	salifetime: needed(seconds),
	rekey: needed('yes'),
	rekeymargin: needed(seconds),
	rekeyfuzz: needed('50%'),
	ike: needed(`${encryption}-${hash};${group}!?`),
	phase2alg: needed(`${encryption}-${hash}!?(;${group})?`),
	keyingtries: perhaps('0'),
	dpddelay: perhaps(number),
	dpdtimeout: perhaps(number),
	dpdaction: perhaps('(hold|clear)'),
	forceencaps: perhaps('(yes|no)'),
	encapsulation: perhaps('(yes|auto)'),
	fragmentation: perhaps('yes'),
};
