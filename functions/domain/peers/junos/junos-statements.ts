import type { Line } from '../contract/peer-reading.ts';
import { type Token, tokensOf, withoutComments } from './junos-tokens.ts';
import { assumedAbove } from './junos-words.ts';

const verbs = ['set', 'delete', 'deactivate', 'activate', 'insert', 'rename'] as const;
export type Verb = (typeof verbs)[number];
/** A change of the configuration; what stands in braces is one that sets. */
export type Statement = { verb: Verb; words: Token[]; text: string; line: number };

/** No statement of a device is deeper, nor has more words beside a list. */
const deepest = 30;
const mostWords = 48;

const isVerb = (word: string): word is Verb => (verbs as readonly string[]).includes(word);
const sign = (token: Token | undefined, text: string): boolean => token !== undefined && !token.quoted && token.text === text;
const marks = new Set(['inactive:', 'protect:', 'replace:']);

/** `a [ b c ] d` says `a b d` and `a c d`. A statement has one list at most. */
export function* withoutList(words: readonly Token[]): Generator<Token[]> {
	const open = words.findIndex((word) => sign(word, '['));
	const close = open < 0 ? -1 : words.findIndex((word, n) => n > open && sign(word, ']'));
	if (close < 0) {
		yield [...words];
		return;
	}
	const before = words.slice(0, open);
	const after = words.slice(close + 1);
	for (const one of words.slice(open + 1, close)) yield [...before, one, ...after];
}

const prompt = /^(?:\{[\w:-]+\})?(?:[\w.-]+@[\w.-]+|root)([#>%])\s*/;
/** `[edit security ike]`, by which the device says where one stands; a cluster adds which node it is. */
const banner = /^(?:\{[\w:-]+\})?\s*\[edit([^\]]*)\]$/;
const node = /^\{[\w:-]+\}$/;

/** Reads line by line: commands where there are some, what stands in braces where not, each below the path that was named. */
class Reading {
	readonly statements: Statement[] = [];
	readonly unknown: Line[] = [];
	/** Where `edit` has gone, step by step. */
	private levels: Token[][] = [];
	/** What the braces stand below: the path of the `show` command that printed them. */
	private base: Token[] = [];
	private outer: { words: Token[]; active: boolean }[] = [];
	private words: Token[] = [];
	/** In what a command prints that is no configuration. */
	private printed = false;

	line(raw: string, number: number): void {
		const text = raw.trim();
		const [, path] = banner.exec(text) ?? [];
		if (path !== undefined) {
			this.leave();
			this.levels = [tokensOf(path, number)];
			this.base = tokensOf(path, number);
			return;
		}
		if (text === '' || node.test(text)) return;
		const [typed, mode] = prompt.exec(text) ?? [];
		const tokens = tokensOf(typed === undefined ? text : text.slice(typed.length), number);
		if (typed !== undefined) this.leave();
		if (tokens.length === 0) return;
		const own = typed === undefined ? text : text.slice(typed.length);
		if (this.command(tokens, { typed: typed !== undefined, isOperational: mode === '>', text: own, number })) return;
		if (typed !== undefined) this.unknown.push({ line: number, text: own });
		else if (!this.printed) for (const token of tokens) this.token(token);
	}

	/** What was begun and not ended is no statement. */
	leave(): void {
		const [first] = this.words;
		if (first !== undefined) this.unknown.push({ line: first.line, text: this.words.map(({ text }) => text).join(' ') });
		this.words = [];
		this.outer = [];
		this.base = [];
		this.printed = false;
	}

	private get level(): Token[] {
		return this.levels.at(-1) ?? [];
	}

	private command(
		tokens: readonly Token[],
		how: { typed: boolean; isOperational: boolean; text: string; number: number },
	): boolean {
		const [first, ...rest] = tokens;
		const word = first?.quoted ? '' : (first?.text ?? '');
		const isOpen = this.outer.length > 0 || this.words.length > 0;
		if (isVerb(word) && (!isOpen || word === 'set')) {
			// A list of one word in braces may be called as a command is.
			if (rest.length === 0 || sign(rest[0], ';') || sign(rest[0], '{')) return false;
			this.leave();
			this.change(word, rest, how);
			return true;
		}
		if (isOpen) return false;
		switch (word) {
			case 'edit':
				this.leave();
				return this.goTo([...this.level, ...rest], how);
			case 'top':
				this.leave();
				return this.top(rest, how);
			case 'up': {
				this.leave();
				const steps = Number(rest[0]?.text ?? 1) || 1;
				this.levels.push(this.level.slice(0, Math.max(0, this.level.length - steps)));
				return true;
			}
			case 'exit':
			case 'quit':
				this.leave();
				this.levels.pop();
				return true;
			case 'show':
				return this.show(rest, how);
			case 'run':
				this.leave();
				this.printed = true;
				return true;
			default:
				return false;
		}
	}

	/** Alone it goes to the top; before a command, that one is given there, and only `edit` stays. */
	private top(rest: readonly Token[], how: { typed: boolean; isOperational: boolean; text: string; number: number }): boolean {
		const { levels } = this;
		this.levels = [];
		const [next] = rest;
		if (next === undefined) return true;
		const known = next.text !== 'top' && this.command(rest, how);
		if (next.text !== 'edit') this.levels = levels;
		return known;
	}

	private goTo(path: Token[], { text, number }: { text: string; number: number }): boolean {
		if (path.length > mostWords) this.unknown.push({ line: number, text });
		else this.levels.push(path);
		return true;
	}

	private change(verb: Verb, rest: readonly Token[], { text, number }: { text: string; number: number }): void {
		this.add(verb, [...this.level, ...rest], { text, line: number });
	}

	private add(verb: Verb, words: Token[], { text, line }: { text: string; line: number }): void {
		const open = words.findIndex((word) => sign(word, '['));
		if ((open < 0 ? words.length : open) > mostWords) this.unknown.push({ line, text });
		else this.statements.push({ verb, words, text, line });
	}

	/** `show security ike | no-more`, or in operational mode `show configuration security ike`. */
	private show(rest: readonly Token[], { typed, isOperational }: { typed: boolean; isOperational: boolean }): boolean {
		this.leave();
		const pipe = rest.findIndex(({ text }) => text === '|');
		const path = pipe < 0 ? [...rest] : rest.slice(0, pipe);
		const isConfiguration = path[0]?.text === 'configuration';
		if (isConfiguration) path.shift();
		this.printed = typed && isOperational && !isConfiguration;
		this.base = isConfiguration ? path : [...this.level, ...path];
		return true;
	}

	private token(token: Token): void {
		if (sign(token, '{')) {
			const { words, active } = this.begun();
			this.outer.push({ words: words.slice(0, mostWords + 1), active });
			this.words = [];
			// What goes deeper than the device's own statements is none of them.
			if (this.outer.length > deepest) this.leave();
		} else if (sign(token, '}')) {
			this.outer.pop();
			this.words = [];
		} else if (sign(token, ';')) {
			const { words, active, line } = this.begun();
			const text = this.words.map((word) => word.text).join(' ');
			if (active && line !== undefined) this.add('set', [...assumedAbove(words, line), ...words], { text, line });
			this.words = [];
		} else this.words.push(token);
	}

	/** The words up to here, with those that they stand below, and the line of the first of their own. */
	private begun(): { words: Token[]; active: boolean; line: number | undefined } {
		const around = this.outer.at(-1) ?? { words: this.base, active: true };
		const own = this.words.filter(({ text }) => !marks.has(text));
		return {
			words: [...around.words, ...own],
			active: around.active && this.words[0]?.text !== 'inactive:',
			line: own[0]?.line,
		};
	}
}

/** The statements of a configuration, as commands or with braces, also in parts and with the prompts around them. */
export const junosStatements = (text: string): { statements: Statement[]; unknown: Line[] } => {
	const reading = new Reading();
	withoutComments(text)
		.split('\n')
		.forEach((line, index) => {
			reading.line(line, index + 1);
		});
	reading.leave();
	return reading;
};
