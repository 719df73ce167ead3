import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../router');
const library = readdirSync(join(folder, 'lib'))
	.filter((name) => name.endsWith('.sh'))
	.map((name) => ({ name, text: readFileSync(join(folder, 'lib', name), 'utf8') }));

/** All files are one program, whose names are known everywhere: `sh` has no others. */
describe('the names in the router’s scripts', () => {
	it('are of one function each', () => {
		const defined = library.flatMap(({ text }) => [...text.matchAll(/^(\w+)\(\) *\{/gm)].map(([, name]) => name));

		expect(defined.length).toBeGreaterThan(100);
		expect(defined.filter((name, n) => defined.indexOf(name) !== n)).toEqual([]);
	});

	it('are the apply’s own where it still needs them after what it calls', () => {
		const apply = readFileSync(join(folder, 'apply.sh'), 'utf8');
		const own = new Set([...apply.matchAll(/^\s*(\w+)=/gm)].map(([, name]) => name));
		// It is what the loading of the changes gives back.
		own.delete('touched');

		const taken = library.flatMap(({ name, text }) =>
			[...text.matchAll(/^\s*(?:for )?(\w+)(?:=| in )/gm)].flatMap(([, variable]) =>
				own.has(variable) ? [`${name}: ${variable}`] : [],
			),
		);

		expect([...own].sort()).toEqual(expect.arrayContaining(['begun', 'held', 'why']));
		expect(taken).toEqual([]);
	});

	it('stand for files only where the shell is told to look for them', () => {
		const blind = library.flatMap(({ name, text }) => {
			let looks = false;
			return text.split('\n').flatMap((line, n) => {
				if (/\bset \+f$/.test(line)) looks = true;
				if (/\bset -f$/.test(line)) looks = false;
				const expands = /^\s*(?:set --|(?:for \w+ in|rm|cat|awk|cp|mv)\b).*"\/[^\s'";|)]*\*/.test(line);
				return expands && !looks ? [`${name}:${n + 1}: ${line.trim()}`] : [];
			});
		});

		expect(blind).toEqual([]);
	});
});
