import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>> & {
	engines: { node: string };
	scripts: Record<string, string>;
};

const rows = (readme.split('\n## Dependencies\n')[1] ?? '').split('\n').filter((line) => line.startsWith('| `'));

describe('the README', () => {
	it('names each dependency once, and why it is there', () => {
		const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));

		expect(named.toSorted()).toEqual([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].sort());
		expect(rows.filter((row) => (row.split('|')[2] ?? '').trim().length < 10)).toEqual([]);
	});

	it('names scripts that there are', () => {
		const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);

		expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
	});

	it('says which Node starts the scripts and which runs everything', () => {
		const least = /^>=(\d+)$/.exec(manifest.engines.node)?.[1];
		const pinned = manifest.devDependencies['node']?.split('.')[0];

		expect(readme).toContain(`Node ${least} or later`);
		expect(readme).toContain(`Node ${pinned} among them`);
		expect(manifest.devDependencies['@types/node']?.split('.')[0]).toBe(pinned);
		expect(read('cdk/constructs/service-function.ts')).toContain(`Runtime.NODEJS_${pinned}_X`);
	});

	it('says of the local platform where it listens, and what its tokens are worth, to whom and for how long', () => {
		const issuer = read('local/api/issuer.ts');

		expect(read('local/listen.ts')).toContain("'127.0.0.1'");
		expect(readme).toContain('All that it starts listens on 127.0.0.1 alone.');
		expect(readme).toMatch(/Its tokens are worth nothing anywhere else[^.]*`issuer\.json`/);
		expect(issuer).toContain('longestLifeSeconds = 43_200;');
		expect(readme).toContain('each lasts twelve hours');
		expect(readme).toContain('`"expiresInSeconds"` (1 to 43,200)');
		expect(readme).toMatch(/gives them[^.]* to whoever asks from this machine/);
	});
});
