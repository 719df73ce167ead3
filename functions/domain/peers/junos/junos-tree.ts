import type { Line } from '../contract/peer-reading.ts';
import { junosStatements, type Statement, withoutList } from './junos-statements.ts';
import type { Token } from './junos-tokens.ts';
import { junosWords, type Words } from './junos-words.ts';

/** A statement of a configuration: its word, the line that set it, and what stands below it in order. */
export type JunosNode = { line: number; below: Map<string, JunosNode>; inactive?: boolean };
export type JunosTree = {
	root: JunosNode;
	unknown: Line[];
	/** Moves of statements, as they were asked for. */
	inserts: string[];
	/** Statements of groups, and those that take them in. */
	groups: Line[];
};

/** The words of one statement put into the tree; false where one of them is none of the dialect's, and then nothing is. */
const put = (root: JunosNode, words: readonly Token[], line: number): boolean => {
	const path: string[][] = [];
	let known: Words | undefined = junosWords;
	let container: { words: Words; path: string[] } = { words: junosWords, path: [] };
	let here: string[] = [];
	for (let n = 0; n < words.length; n++) {
		const word = words[n]?.text ?? '';
		if (known === undefined) return false;
		const next: Words[string] | undefined = Object.hasOwn(known, word) ? known[word] : known['*'];
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

/** `rename security ike gateway a to gateway b`: in its place, under another name; what refers to it does not follow. */
const rename = (root: JunosNode, words: readonly string[]): void => {
	const to = words.lastIndexOf('to');
	const path = words.slice(0, Math.max(0, to));
	const parent = parentOf(root, path);
	const [old = '', other = ''] = [path.at(-1), words.at(-1)];
	if (to < 0 || parent === undefined || !parent.below.has(old)) return;
	parent.below = new Map([...parent.below].map(([name, node]) => [name === old ? other : name, node]));
};

const change = (root: JunosNode, { verb, words }: Statement): void => {
	const plain = words.map((word) => word.text);
	if (verb === 'insert') move(root, plain);
	else if (verb === 'rename') rename(root, plain);
	else {
		const parent = parentOf(root, plain);
		const name = plain.at(-1) ?? '';
		const node = parent?.below.get(name);
		if (verb === 'delete') parent?.below.delete(name);
		else if (node !== undefined) node.inactive = verb === 'deactivate';
	}
};

/** What is deactivated stays in the configuration, and the device does as if it were not. */
const withoutInactive = (node: JunosNode): void => {
	for (const [name, below] of node.below) {
		if (below.inactive) node.below.delete(name);
		else withoutInactive(below);
	}
};

const ofGroups = /^(groups|apply-groups|apply-groups-except|apply-path)$/;

/** Reads a JunOS configuration, as commands or with braces, as far as its words are known. */
export const junosTree = (text: string): JunosTree => {
	const root: JunosNode = { line: 1, below: new Map() };
	const { statements, unknown } = junosStatements(text);
	const inserts: string[] = [];
	const groups: Line[] = [];
	for (const statement of statements) {
		const { verb, words, text: own, line } = statement;
		if (words.some((word) => !word.quoted && ofGroups.test(word.text))) groups.push({ line, text: own });
		if (verb === 'insert') inserts.push(words.map((word) => word.text).join(' '));
		if (verb !== 'set') change(root, statement);
		else {
			let known = true;
			for (const one of withoutList(words)) known = put(root, one, line) && known;
			if (!known) unknown.push({ line, text: own });
		}
	}
	withoutInactive(root);
	return { root, unknown, inserts, groups };
};
