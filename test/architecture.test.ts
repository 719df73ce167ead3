import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name));

const imports = (file: string): string[] =>
	[...readFileSync(file, 'utf8').matchAll(/(?:from\s+|import\()'([^']+)'/g)].map((match) => match[1] ?? '');

describe('the rooms', () => {
	it.each(filesBelow('functions/domain'))('%s imports zod and its siblings only, and reads no clock', (file) => {
		expect(imports(file).filter((name) => name !== 'zod' && !/^\.\/[a-z0-9-]+\.ts$/.test(name))).toEqual([]);

		expect(readFileSync(file, 'utf8')).not.toMatch(/new Date\(\)|Date\.now|Math\.random|process\./);
	});

	it.each([...filesBelow('functions/usecases'), ...filesBelow('functions/http'), ...filesBelow('functions/handlers')])(
		'%s leaves AWS to the adapters',
		(file) => {
			const offenders = imports(file).filter((name) => name.startsWith('@aws-sdk/') && !file.includes('handlers/'));
			expect(offenders).toEqual([]);
		},
	);

	it.each(filesBelow('functions/usecases'))('%s takes time and randomness through ports', (file) => {
		expect(readFileSync(file, 'utf8')).not.toMatch(/new Date\(\)|Date\.now|Math\.random|process\.env/);
	});
});
