import { join } from 'node:path';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import type { Before } from './transaction-types.ts';

type Token = { token: string; request: string; at: number };
type Content = { undo: Before[]; tokens: Token[] };

/** AWS honours a ClientRequestToken for ten minutes. */
const tokenMs = 600_000;

/** What a crash must not lose: how to undo the transaction under way, and the tokens of those done. In memory where there is no folder. */
export const openJournal = async (dir: string | undefined) => {
	const file = dir === undefined ? undefined : join(dir, 'journal.json');
	const empty: Content = { undo: [], tokens: [] };
	let { undo, tokens } = file === undefined ? empty : await readJson(file, empty);
	const save = async () => {
		if (file !== undefined) await writeDurably(file, JSON.stringify({ undo, tokens } satisfies Content));
	};

	return {
		/** What stood where a transaction was cut off; nothing if none was. */
		unfinished: (): readonly Before[] => undo,
		/** The request that a token stands for, where it has been done. */
		requestOf: (token: string): string | undefined =>
			tokens.find((one) => one.token === token && Date.now() - one.at <= tokenMs)?.request,
		begin(befores: readonly Before[]): Promise<void> {
			undo = [...befores];
			return save();
		},
		/** The transaction is over, done or undone. One write makes it final and its token known: a repeat after a crash is not done twice. */
		end(done?: { token: string; request: string }): Promise<void> {
			undo = [];
			const now = Date.now();
			tokens = tokens.filter(({ at }) => now - at <= tokenMs);
			if (done !== undefined) tokens.push({ ...done, at: now });
			return save();
		},
	};
};
