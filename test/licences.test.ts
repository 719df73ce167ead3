import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

type Locked = { dev?: boolean; devOptional?: boolean; optional?: boolean };
type Manifest = { license?: unknown; licenses?: unknown };

/** Licences that ask of who uses a package for no more than their notice. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0']);

/** Whether a package may be used, by its SPDX expression. What mixes OR with AND, or is no text, is for somebody to read. */
const isAllowed = (license: unknown): boolean => {
	if (typeof license !== 'string') return false;
	const expression = license.replace(/^\((.*)\)$/, '$1');
	if (allowed.has(expression)) return true;
	const either = expression.split(' OR ');
	const both = expression.split(' AND ');
	if (either.length > 1) return both.length === 1 && either.some((one) => allowed.has(one));
	return both.length > 1 && both.every((one) => allowed.has(one));
};

/** What the functions are built from, and all that it needs; an optional package may be for another machine. */
const production = Object.entries((read('package-lock.json') as { packages: Record<string, Locked> }).packages)
	.filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
	.filter(([path, { optional }]) => optional !== true || existsSync(join(root, path)))
	.map(([path]) => path);

describe('the licence', () => {
	it.each(production)('of %s is one that anybody may use', (path) => {
		const { license, licenses } = read(join(path, 'package.json')) as Manifest;

		expect(isAllowed(license ?? licenses), JSON.stringify(license ?? licenses)).toBe(true);
	});

	it('is looked at of every dependency', () => {
		const { dependencies } = read('package.json') as { dependencies: Record<string, string> };

		expect(Object.keys(dependencies).filter((name) => !production.includes(`node_modules/${name}`))).toEqual([]);
		expect(production.length).toBeGreaterThan(Object.keys(dependencies).length);
	});

	it.each<[unknown, boolean]>([
		['MIT', true],
		['(AGPL-3.0-or-later OR MIT)', true],
		['MIT AND ISC', true],
		['AGPL-3.0-or-later', false],
		['MIT AND GPL-2.0-only', false],
		['MIT OR ISC AND GPL-2.0-only', false],
		['SEE LICENSE IN LICENSE.md', false],
		['UNLICENSED', false],
		[undefined, false],
		[[{ type: 'MIT' }], false],
	])('%j may be used: %j', (license, expected) => {
		expect(isAllowed(license)).toBe(expected);
	});
});
