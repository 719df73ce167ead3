import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../functions/http/chain/json-fault.ts';

describe('where a body stops being JSON', () => {
	it.each([
		['{"a": tru}', 'from line 1, character 10 on'],
		['{"a": 1,}', 'from line 1, character 9 on'],
		['{\n  "a": 1\n  "b": 2\n}', 'from line 3, character 3 on'],
		["{'a': 1}", 'from line 1, character 2 on'],
		['name=office', 'from line 1, character 2 on'],
		['{} {}', 'from line 1, character 4 on'],
		['{"a": "x\ny"}', 'from line 1, character 9 on'],
	])('is told by line and character: %j', (text, where) => {
		expect(jsonFault(text)).toBe(`not valid JSON ${where}`);
	});

	it.each(['{', '{"a"', '{"a": ', '{"a": "x', '[1, 2', '"', 'tru'])('is its end, where that comes too early: %j', (text) => {
		expect(jsonFault(text)).toBe('not valid JSON: it ends too early');
	});

	it('is not looked for in a text that would take long to search', () => {
		const text = (length: number) => `[1,${' '.repeat(length - 5)}x]`;

		expect(jsonFault(text(65_536))).toBe('not valid JSON from line 1, character 65535 on');
		expect(jsonFault(text(65_537))).toBe('not valid JSON');
	});

	it('shows nothing of the text', () => {
		const key = 'k3y.of_the-office';
		for (const text of [`{"psk": ${key}}`, `{"psk": "${key}" x}`, `{"psk": "${key}", nope}`, key, `{"psk": "${key}`])
			expect(jsonFault(text)).toMatch(/^not valid JSON(?: from line 1, character \d+ on|: it ends too early)$/);
	});

	it('lies in the text, and what stands before it could still become JSON', () => {
		fc.assert(
			fc.property(fc.json(), fc.nat(), fc.constantFrom('', '}', ',', 'x', '"', '\n'), (json, at, by) => {
				const cut = at % (json.length + 1);
				const text = `${json.slice(0, cut)}${by}${json.slice(cut + 1)}`;
				const said = jsonFault(text);
				const [, character] = /character (\d+)/.exec(said) ?? [];
				if (character === undefined) return;
				const before = text.split('\n').slice(0, Number(/line (\d+)/.exec(said)?.[1]));
				expect(Number(character)).toBeLessThanOrEqual((before.at(-1) ?? '').length + 1);
			}),
		);
	});
});
