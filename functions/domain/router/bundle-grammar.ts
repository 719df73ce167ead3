import { hashWord, localAddress } from '../model/conn-lines.ts';
import { Encryption } from '../model/crypto-suite.ts';
import { modpOf } from '../rules/router-capabilities.ts';
import { openswanSetup } from './render-openswan.ts';

/** `needed`: every conn states it. `says` is an extended regular expression that every awk reads, or the word that it has to repeat. */
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

/** The words of a connection's line, each of which it has once. `@address` and `@block` are told by their numbers. */
export const connectionWords: Readonly<Record<string, string>> = {
	revision: number,
	peer: '@address or any',
	passive: '[01]',
	dpd: `${number}/${number}`,
	mss: number,
	public: '@address',
	private: '@address or -',
	leftid: '@address',
	rightid: identity,
	ike: 'ikev[12]',
	suite: `${encryption}-${plainHash}-${group},${encryption}-${plainHash}(-${group})?`,
	natt: '[01]',
	psk: `/[A-Za-z0-9_/-]+:${number}`,
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
