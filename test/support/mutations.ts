import fc from 'fast-check';

export type Mutation = { how: (typeof ways)[number]; at: number; by: number; junk: string };

const ways = [
	'a digit for another',
	'a word for another',
	'no word',
	'no line',
	'a line twice',
	'two lines the other way round',
	'no rest',
	'a part less',
	'a part again and again',
	'junk within',
	'junk for a character',
	'junk as a line',
] as const;

/** What ends words, lines, statements, quotes and patterns somewhere, or is no character of a text at all. */
const junk = fc.constantFrom(
	'\u0000',
	'\u001b[2J',
	'\r',
	'\r\n',
	'\n',
	'\t',
	'\v',
	'\u0085',
	'\u2028',
	'\ufeff',
	'\ud800',
	'é',
	'"',
	"'",
	'`id`',
	'$(id)',
	'\\',
	'{',
	'}',
	'[ ',
	' ]',
	';',
	'#',
	'/*',
	'*/',
	'!',
	'|',
	'=',
	'%',
	'-',
	'/',
	'.',
	':',
	',',
	'<',
	'../',
	'0',
	'-1',
	'1e9',
	'99999999999999999999',
	'255.255.255.255',
	'0.0.0.0/0',
	'x'.repeat(3_000),
	' '.repeat(3_000),
	'__proto__',
	'constructor',
);

/** Changes to a text that nothing of ours and no device makes by intention. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
	fc.record({ how: fc.constantFrom(...ways), at: fc.nat(), by: fc.nat(), junk }),
	{ minLength: 1, maxLength: 4 },
);

const mutated = (text: string, { how, at, by, junk: with_ }: Mutation): string => {
	const lines = text.split('\n');
	const n = at % lines.length;
	const line = lines[n] ?? '';
	const words = line.split(' ');
	const word = by % words.length;
	const from = at % (text.length + 1);
	const to = Math.min(text.length, from + (by % 200));
	const others = text.split(/\s+/);
	const withLine = (...instead: string[]) => lines.toSpliced(n, 1, ...instead).join('\n');
	switch (how) {
		case 'a digit for another': {
			const digit = text.slice(from).search(/\d/);
			return digit === -1 ? text : `${text.slice(0, from + digit)}${by % 10}${text.slice(from + digit + 1)}`;
		}
		case 'a word for another':
			return withLine(words.with(word, others[by % others.length] ?? '').join(' '));
		case 'no word':
			return withLine(words.toSpliced(word, 1).join(' '));
		case 'no line':
			return withLine();
		case 'a line twice':
			return withLine(line, line);
		case 'two lines the other way round':
			return lines
				.with(n, lines[by % lines.length] ?? '')
				.with(by % lines.length, line)
				.join('\n');
		case 'no rest':
			return text.slice(0, from);
		case 'a part less':
			return text.slice(0, from) + text.slice(to);
		case 'a part again and again':
			return text.slice(0, from) + text.slice(from, to).repeat(2 + (by % 30)) + text.slice(to);
		case 'junk within':
			return text.slice(0, from) + with_ + text.slice(from);
		case 'junk for a character':
			return text.slice(0, from) + with_ + text.slice(from + 1);
		case 'junk as a line':
			return withLine(line, with_);
	}
};

export const mutate = (text: string, changes: readonly Mutation[]): string => changes.reduce(mutated, text);
