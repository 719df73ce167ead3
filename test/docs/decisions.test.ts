import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../docs/decisions');
const files = readdirSync(folder).filter((name) => name !== 'README.md');
const list = readFileSync(join(folder, 'README.md'), 'utf8');

describe('a decision', () => {
	it.each(files)('%s has its number, a status, a date, the alternatives considered and a line in the list', (name) => {
		const text = readFileSync(join(folder, name), 'utf8');
		const [, number, title, status, date] = /^# (\d+)\. (.+)\n\n- Status: (.+)\n- Date: (\d{4}-\d\d-\d\d)\n\n/.exec(text) ?? [];

		expect(name.startsWith(`${number?.padStart(4, '0')}-`)).toBe(true);
		expect(status).toMatch(/^(proposed|accepted|superseded by \d+)$/);
		expect(text).toMatch(/\n## Considered\n\n- \*\*/);
		expect(list).toContain(`| ${number} | [${title}](${name}) | ${status} | ${date} |`);
	});

	it('is numbered without gaps or duplicates', () => {
		expect(files.map((name) => Number(name.slice(0, 4))).sort((a, b) => a - b)).toEqual(files.map((_, index) => index + 1));
	});
});
