import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorText } from '../../functions/adapters/system/error-text.ts';

describe('an error in the log', () => {
	let dir: string;
	beforeAll(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-error-text-'));
	});
	afterAll(() => rm(dir, { recursive: true, force: true }));

	const source = ['// first', 'export const fail = (what: string): never => {', '\tthrow new TypeError(what);', '};', ''].join(
		'\n',
	);
	const thrownBy = async (name: string, sourcemap: boolean): Promise<unknown> => {
		await writeFile(join(dir, `${name}.ts`), source);
		const outfile = join(dir, `${name}.mjs`);
		const footer = { js: sourcemap ? '' : '// no map' };
		await build({
			entryPoints: [join(dir, `${name}.ts`)],
			outfile,
			bundle: true,
			minify: true,
			format: 'esm',
			sourcemap,
			footer,
		});
		const { fail } = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { fail(what: string): never };
		try {
			return fail('broken');
		} catch (error) {
			return error;
		}
	};

	it('names the places of the sources, not those of the bundle', async () => {
		const text = errorText(await thrownBy('mapped', true));

		expect(text).toMatch(/^TypeError: broken\n/);
		expect(text).toMatch(/mapped\.ts:3:8/);
		expect(text).not.toContain('mapped.mjs');
	});

	it('is as it was thrown where a bundle has no map', async () => {
		const error = (await thrownBy('bare', false)) as Error;

		expect(errorText(error)).toBe(error.stack);
	});

	it.each([['text'], [undefined], [{ a: 1 }]])('may be what is no error: %s', (thrown) => {
		expect(errorText(thrown)).toBe(String(thrown));
	});
});
