/**
 * `show configuration` prints keys as `$9$…`, which hides them from a glance and from nobody else: each character is written as
 * the gaps between letters of a fixed alphabet (Crypt::Juniper has the same tables).
 */
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

const gap = (from: string, to: string): number =>
	((alphabet.indexOf(to) - alphabet.indexOf(from) + alphabet.length) % alphabet.length) - 1;

/** The text behind `$9$…`; undefined where it is none. */
export const revealed = (hidden: string): string | undefined => {
	const body = /^\$9\$(.+)$/.exec(hidden)?.[1];
	if (body === undefined || [...body].some((letter) => !alphabet.includes(letter))) return undefined;
	const [salt = ''] = body;
	let at = 1 + (3 - families.findIndex((family) => family.includes(salt)));
	let before = salt;
	let text = '';
	for (let n = 0; at < body.length; n++) {
		let code = 0;
		for (const weight of weights[n % weights.length] ?? []) {
			const letter = body[at++];
			if (letter === undefined) return undefined;
			code += gap(before, letter) * weight;
			before = letter;
		}
		text += String.fromCharCode(code & 255);
	}
	return text === '' ? undefined : text;
};
