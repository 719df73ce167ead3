import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = [
	'README.md',
	'CONTRIBUTING.md',
	'CHANGELOG.md',
	...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name.replaceAll('\\', '/')}`),
];

/** Without fenced code, whose lines are neither headings nor links. */
const proseOf = (file: string): string => readFileSync(file, 'utf8').replace(/^```.*?^```$/gms, '');

/** As GitHub makes them: the second heading of the same words ends with -1. */
const anchorsOf = (file: string): string[] => {
	const counts = new Map<string, number>();
	return [...proseOf(file).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => {
		const anchor = heading
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-');
		const count = counts.get(anchor) ?? 0;
		counts.set(anchor, count + 1);
		return count === 0 ? anchor : `${anchor}-${count}`;
	});
};

type Link = { text: string; link: string; names: string[] };

/** With the names in code that stand in parentheses after a link: they are what to look for in the file. */
const linksOf = (page: string): Link[] =>
	[...proseOf(join(root, page)).matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)(?: \((`[^`]+`(?:(?:, | and )`[^`]+`)*)\))?/g)]
		.map(([, text = '', link = '', names = '']) => ({
			text,
			link,
			names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
		}))
		.filter(({ link }) => !/^(https?|mailto):/.test(link));

/** What is wrong with a link. One whose text is code names its file. */
const faultsOf = (page: string, { text, link, names }: Link): string[] => {
	const [path = '', anchor] = link.split('#');
	const target = path === '' ? join(root, page) : join(root, page, '..', path);
	if (!existsSync(target)) return [`${link} is not there`];
	if (anchor !== undefined && !anchorsOf(target).includes(anchor)) return [`${link} has no such heading`];
	const file = /^`([^`]+)`$/.exec(text)?.[1];
	const said = statSync(target).isFile() ? readFileSync(target, 'utf8') : '';
	return [
		...(file === undefined || `/${path}`.endsWith(`/${file}`) ? [] : [`${link} is called ${file}`]),
		...names.filter((name) => !said.includes(name)).map((name) => `${link} says nothing of ${name}`),
	];
};

describe('the documentation', () => {
	it.each(pages)('has only links to existing files, headings and names in %s', (page) => {
		expect(linksOf(page).flatMap((link) => faultsOf(page, link))).toEqual([]);
	});

	it('can be reached from the README, every page of it', () => {
		const reached = new Set(['README.md']);
		for (const page of reached) {
			if (!pages.includes(page)) continue;
			for (const { link } of linksOf(page)) reached.add(join(page, '..', link.split('#')[0] ?? ''));
		}

		expect(pages.filter((page) => !reached.has(page))).toEqual([]);
	});
});
