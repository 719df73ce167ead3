import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
type Bom = {
	bomFormat: string;
	components: { 'bom-ref': string; hashes?: object[]; licenses?: object[] }[];
	dependencies: { ref: string; dependsOn: string[] }[];
};
type Locked = { version: string; dev?: boolean; devOptional?: boolean };

it('the list of what the functions are built from has every package of the lock file but the tools, with hash and licence', () => {
	const bom = JSON.parse(execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8' })) as Bom;
	const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
	const locked = Object.entries(packages)
		.filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
		.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
	const refs = bom.components.map((one) => one['bom-ref']);

	expect(bom.bomFormat).toBe('CycloneDX');
	expect(refs.toSorted()).toEqual(locked.toSorted());
	expect(bom.components.filter(({ hashes = [], licenses = [] }) => hashes.length === 0 || licenses.length === 0)).toEqual([]);
	for (const { ref, dependsOn } of bom.dependencies.slice(1)) expect(refs).toEqual(expect.arrayContaining([ref, ...dependsOn]));
});
