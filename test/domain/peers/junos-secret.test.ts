import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revealed } from '../../../functions/domain/peers/junos/junos-secret.ts';

const families = ['QzF3n6/9CAtpu0O', 'B1IREhcSyrleKvMW8LXx', '7N-dVbwsY2g4oaJZGUDj', 'iHkq.mPf5T'];
const alphabet = families.join('');
const weights = [
	[1, 4, 32],
	[1, 16, 32],
	[1, 8, 32],
	[1, 64],
	[1, 32],
	[1, 4, 16, 128],
	[1, 32, 64],
];

/** As the device writes it: a letter of salt, some that mean nothing, and the gaps of each character. */
const hidden = (text: string, salt: string): string => {
	let out = salt + 'abc'.slice(0, 3 - families.findIndex((family) => family.includes(salt)));
	let before = salt;
	[...text].forEach((character, n) => {
		let code = character.charCodeAt(0);
		const gaps: number[] = [];
		for (const weight of (weights[n % weights.length] ?? []).toReversed()) {
			gaps.unshift(Math.floor(code / weight));
			code %= weight;
		}
		for (const gap of gaps) {
			before = alphabet[(alphabet.indexOf(before) + gap + 1) % alphabet.length] ?? '';
			out += before;
		}
	});
	return `$9$${out}`;
};

describe('a key as JunOS prints it', () => {
	it('is read as in the documentation of Crypt::Juniper', () => {
		expect(revealed('$9$LbHX-wg4Z')).toBe('lc');
	});

	it('is read whatever its characters and its salt', () => {
		const characters = fc.string({
			unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
			minLength: 1,
		});
		fc.assert(
			fc.property(characters, fc.constantFrom(...alphabet), (text, salt) => {
				expect(revealed(hidden(text, salt))).toBe(text);
			}),
		);
	});

	it.each(['$9$', '$9$L', '$9$LbHX-wg4', '$9$LbHX-wg4Z!', '$1$abc', 'a-secret'])('%s is none', (text) => {
		expect(revealed(text)).toBeUndefined();
	});
});
