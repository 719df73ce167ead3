import { junosWords, type Words } from './junos-words.ts';

/** A statement of a configuration: its word, the line that set it, and what stands below it in order. */
export type JunosNode = { line: number; below: Map<string, JunosNode> };
export type JunosTree = {
	root: JunosNode;
	unknown: { line: number; text: string }[];
	/** Moves of statements, as they were asked for. */
	inserts: string[];
};

type Token = { text: string; line: number; quoted: boolean };
type Statement = { verb: 'set' | 'delete' | 'deactivate' | 'insert'; words: Token[]; text: string; line: number };

/** A quote that is never closed takes the rest, so that reading stays linear. */
const lexical = /"(?:\\.|[^"\\])*"?|\/\*[\s\S]*?\*\/|#[^\n]*|[{}[\];]|[^\s{}[\];"]+|\n/g;

const tokensOf = (text: string, firstLine = 1): Token[] => {
	const tokens: Token[] = [];
	let line = firstLine;
	for (const [word] of text.matchAll(lexical)) {
		const quoted = word.startsWith('"');
		if (word !== '\n' && !word.startsWith('#') && !word.startsWith('/*'))
			tokens.push({ text: quoted ? word.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : word, line, quoted });
		line += word.split('\n').length - 1;
	}
	return tokens;
};

/** `a [ b c ]` says `a b` and `a c`. A statement has one list at most. */
const withoutLists = (words: Token[]): Token[][] => {
	const open = words.findIndex(({ text, quoted }) => text === '[' && !quoted);
	const close = words.findIndex(({ text, quoted }, n) => n > open && text === ']' && !quoted);
	if (open < 0 || close < 0) return [words];
	return words.slice(open + 1, close).map((one) => [...words.slice(0, open), one, ...words.slice(close + 1)]);
};

const verbs = new Set(['set', 'delete', 'deactivate', 'insert']);

/** Commands, a line each, also as they are copied with the prompt before them, and with `edit`, `up` and `top`. */
const commandStatements = (text: string): { statements: Statement[]; unknown: JunosTree['unknown'] } => {
	const statements: Statement[] = [];
	const unknown: JunosTree['unknown'] = [];
	let at: Token[] = [];
	text.split('\n').forEach((raw, index) => {
		const line = index + 1;
		const bare = raw.trim().replace(/^[\w.-]+@[\w.-]+[#>]\s*/, '');
		const [first, ...rest] = tokensOf(bare, line);
		if (first === undefined) return;
		if (first.text === 'edit') at = [...at, ...rest];
		else if (first.text === 'top' && rest.length === 0) at = [];
		else if (first.text === 'up') at = at.slice(0, Math.max(0, at.length - Number(rest[0]?.text ?? 1)));
		else if (verbs.has(first.text)) {
			for (const words of withoutLists(rest))
				statements.push({ verb: first.text as Statement['verb'], words: [...at, ...words], text: bare, line });
		} else unknown.push({ line, text: bare });
	});
	return { statements, unknown };
};

const deepest = 30;

/** The form of `show configuration`, with braces; `inactive:` before a statement takes it out. */
const bracedStatements = (text: string): Statement[] => {
	const statements: Statement[] = [];
	const outer: { words: Token[]; active: boolean }[] = [{ words: [], active: true }];
	let words: Token[] = [];
	const bare = (own: Token[]) =>
		own.filter(({ text: word }) => word !== 'inactive:' && word !== 'protect:' && word !== 'replace:');
	for (const token of tokensOf(text)) {
		const around = outer.at(-1) ?? { words: [], active: true };
		const active = around.active && words[0]?.text !== 'inactive:';
		if (!token.quoted && token.text === '{') {
			// What goes deeper than the device's own statements is none of them.
			if (outer.length > deepest) return statements;
			outer.push({ words: [...around.words, ...bare(words)], active });
			words = [];
		} else if (!token.quoted && token.text === '}') {
			if (outer.length > 1) outer.pop();
			words = [];
		} else if (!token.quoted && token.text === ';') {
			const line = bare(words)[0]?.line ?? token.line;
			const own = words.map((word) => word.text).join(' ');
			if (active)
				for (const one of withoutLists([...around.words, ...bare(words)]))
					statements.push({ verb: 'set', words: one, text: own, line });
			words = [];
		} else words.push(token);
	}
	return statements;
};

const isCommands = (text: string): boolean => /^\s*([\w.-]+@[\w.-]+[#>]\s*)?set\s/m.test(text);

/** The words of one statement put into the tree; false where one of them is none of the dialect's, and then nothing is. */
const put = (root: JunosNode, words: readonly Token[], line: number): boolean => {
	const path: string[][] = [];
	let known: Words | undefined = junosWords;
	let container: { words: Words; path: string[] } = { words: junosWords, path: [] };
	let here: string[] = [];
	for (let n = 0; n < words.length; n++) {
		const word = words[n]?.text ?? '';
		if (known === undefined) return false;
		const next: Words[string] | undefined = known[word] ?? known['*'];
		if (next === undefined) return false;
		here = [...here, word];
		if (next === 'flag') {
			path.push(here);
			({ words: known, path: here } = container);
		} else if (next === 'value' || next === 'values') {
			const value = words[n + 1]?.text;
			if (value === undefined) return false;
			n++;
			path.push(next === 'value' ? [...here, '=', value] : [...here, value]);
			({ words: known, path: here } = container);
		} else {
			known = next;
			container = { words: next, path: here };
			if (n === words.length - 1) path.push(here);
		}
	}
	if (words.length === 0 || path.length === 0) return false;
	for (const one of path) place(root, one, line);
	return true;
};

const place = (root: JunosNode, path: readonly string[], line: number): void => {
	let node = root;
	for (const [n, word] of path.entries()) {
		// A value takes the place of the one before.
		if (word === '=') {
			node.line = line;
			node.below.clear();
			continue;
		}
		const last = n === path.length - 1;
		const child = node.below.get(word) ?? { line, below: new Map() };
		if (last) child.line = line;
		node.below.set(word, child);
		node = child;
	}
};

const parentOf = (root: JunosNode, path: readonly string[]): JunosNode | undefined =>
	path.slice(0, -1).reduce<JunosNode | undefined>((node, word) => node?.below.get(word), root);

const move = (root: JunosNode, words: readonly string[]): void => {
	const place = words.findIndex((word) => word === 'before' || word === 'after');
	const path = words.slice(0, place);
	const parent = parentOf(root, path);
	const name = path.at(-1) ?? '';
	const other = words.at(-1) ?? '';
	const moved = parent?.below.get(name);
	if (place < 0 || parent === undefined || moved === undefined || !parent.below.has(other)) return;
	const order = [...parent.below].filter(([key]) => key !== name);
	const at = order.findIndex(([key]) => key === other) + (words[place] === 'after' ? 1 : 0);
	parent.below = new Map([...order.slice(0, at), [name, moved], ...order.slice(at)]);
};

/** Reads a JunOS configuration, as commands or with braces, as far as its words are known. */
export const junosTree = (text: string): JunosTree => {
	const root: JunosNode = { line: 1, below: new Map() };
	const { statements, unknown } = isCommands(text)
		? commandStatements(text)
		: { statements: bracedStatements(text), unknown: [] as JunosTree['unknown'] };
	const inserts: string[] = [];
	for (const { verb, words, text: own, line } of statements) {
		const plain = words.map((word) => word.text);
		if (verb === 'set') {
			if (!put(root, words, line)) unknown.push({ line, text: own });
		} else if (verb === 'insert') {
			inserts.push(plain.join(' '));
			move(root, plain);
		} else parentOf(root, plain)?.below.delete(plain.at(-1) ?? '');
	}
	return { root, unknown, inserts };
};
