import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/threat-model.md'), 'utf8');
const sections = page
	.split('\n## ')
	.slice(1)
	.map((text) => ({ title: text.split('\n')[0] ?? '', text }));
const rowsOf = (text: string) =>
	text
		.split('\n')
		.filter((line) => line.startsWith('|') && !line.startsWith('| ---'))
		.slice(1)
		.map((line) =>
			line
				.split(/(?<!\\)\|/)
				.slice(1, -1)
				.map((cell) => cell.trim()),
		);
const doors = sections.filter(({ text }) => text.includes('\nEntered by '));

describe('the threat model', () => {
	it('says what is to be protected, and who acts', () => {
		const [assets, actors] = sections;
		expect(assets?.text).toMatch(/keys[\s\S]*traffic[\s\S]*Routers[\s\S]*availability/);
		expect(rowsOf(actors?.text ?? '').map(([actor]) => actor)).toEqual(
			expect.arrayContaining(['tenant', 'admin', 'router', 'peer', 'operator', expect.stringContaining('LAN')]),
		);
	});

	it('has every door by which somebody comes in', () => {
		expect(doors.map(({ title }) => title)).toEqual([
			'The API',
			'Commands to a router',
			'What a router answers',
			'IKE and ESP',
			'A router from within',
			'Alerts',
			'The AWS account and its deployment',
			'The local platform',
		]);
	});

	it.each(doors)('$title: names of each threat what stands against it, or that nothing does', ({ text }) => {
		const rows = rowsOf(text);

		expect(rows.length).toBeGreaterThan(2);
		for (const [threat = '', stands = '', remains] of rows) {
			expect(threat).not.toBe('');
			expect(stands).toMatch(/\]\([^)]+\)|^Nothing/);
			if (stands.startsWith('Nothing')) expect(remains).not.toBe('');
		}
	});
});
