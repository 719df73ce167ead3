import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataFolder, layoutVersion } from '../../local/data-folder.ts';
import { readStack } from '../../local/stack.ts';
import { failureOf } from '../../local/start-failure.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';

describe('the folder of the data', () => {
	let dir: string;
	beforeEach(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-data-'));
	});
	afterEach(() => rm(dir, { recursive: true, force: true }));

	const write = async (files: Record<string, string>) => {
		for (const [name, text] of Object.entries(files)) {
			await mkdir(join(dir, name, '..'), { recursive: true });
			await writeFile(join(dir, name), text);
		}
	};
	/** Every file and folder with what is in it and when it was last written. */
	const tree = async () => {
		const entries = await readdir(dir, { recursive: true, withFileTypes: true });
		const all = entries.map(async (entry) => {
			const path = join(entry.parentPath, entry.name);
			return [path, (await stat(path)).mtimeMs, entry.isFile() ? await readFile(path, 'utf8') : ''];
		});
		return (await Promise.all(all)).sort();
	};
	const claimed = (folder = dir) =>
		claimDataFolder(folder).then(
			() => 'claimed',
			(error: unknown) => failureOf(error)?.message ?? error,
		);

	it('is made where there is none, and marked with its layout', async () => {
		const made = join(dir, 'a', 'b');

		expect(await claimed(made)).toBe('claimed');

		expect(await readdir(made)).toEqual(['layout']);
		expect(await readFile(join(made, 'layout'), 'utf8')).toBe(`${layoutVersion}\n`);
		expect((await stat(made)).mode & 0o777).toBe(0o700);
	});

	it('may hold the list of routers, and what a lab of its own wrote, before the first start', async () => {
		await write({ 'routers.json': '{}', 'lab/lab.json': '{}', 'layout.new': '' });

		expect(await claimed()).toBe('claimed');
	});

	it('is taken again with its data as it is', async () => {
		await write({ layout: `${layoutVersion}\n`, 'dynamodb/journal.json': '{}', 'of/the/user': '' });
		const before = await tree();

		expect(await claimed()).toBe('claimed');

		expect(await tree()).toEqual(before);
	});

	it.each([
		[
			'an older platform’s data',
			{ 'dynamodb/journal.json': '{}', 'sqs/state': 'x' },
			() =>
				`${dir} holds data of an older version of the platform, which this one cannot read: remove that folder, or name another folder with LOCAL_DIR.`,
		],
		[
			'data of another layout',
			{ layout: '7\n', 'dynamodb/journal.json': '{}' },
			() =>
				`${dir} holds data of layout 7, and this version of the platform reads layout ${layoutVersion}: remove that folder, or name another folder with LOCAL_DIR.`,
		],
		[
			'somebody’s files',
			{ 'thesis.tex': 'x' },
			() => `${dir} holds files that are not the platform's, such as thesis.tex: name another folder with LOCAL_DIR.`,
		],
	])('is refused in a sentence where it holds %s, and nothing in it is changed', async (_, files, sentence) => {
		await write(files);
		const before = await tree();

		expect(await claimed()).toBe(sentence());

		expect(await tree()).toEqual(before);
	});

	it('serves one platform at a time', async () => {
		expect(await claimed()).toBe('claimed');

		expect(await claimed()).toBe(
			`${dir} is in use by a platform that runs already (process ${process.pid}): stop it first, or name another folder with LOCAL_DIR.`,
		);
	});

	it.each(['file', 'file/below'])('cannot be %s', async (name) => {
		await write({ file: '' });

		expect(await claimed(join(dir, name))).toBe(
			`${join(dir, name)} is not a folder, or lies in none: name another folder with LOCAL_DIR.`,
		);
	});

	it('has another layout where the keys or indexes of its tables are others', async () => {
		await synthesize(() => {});
		const stack = await readStack(cdkOut);
		const keys = stack.ofType('AWS::DynamoDB::GlobalTable').flatMap(({ properties }) => {
			const { KeySchema, GlobalSecondaryIndexes = [] } = properties as {
				KeySchema: { AttributeName: string }[];
				GlobalSecondaryIndexes?: { IndexName: string; KeySchema: { AttributeName: string }[] }[];
			};
			const of = (schema: { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName).join('+');
			return [
				`${properties['TableName']}: ${[of(KeySchema), ...GlobalSecondaryIndexes.map((one) => `${one.IndexName} ${of(one.KeySchema)}`)].join(', ')}`,
			];
		});

		// Tables that are there from an earlier run are not made anew: raise `layoutVersion` with any line that changes or goes.
		expect({ layoutVersion, keys: keys.sort() }).toEqual({
			layoutVersion: '1',
			keys: [
				's2s_accounts: id',
				's2s_alert_subscriptions: accountId+id',
				's2s_control: id, byIntent intentShard+madeAt',
				's2s_customer_gateways: id, byAccount accountId+createdAt',
				's2s_events: connectionId+id, byOwed owedShard+id',
				's2s_usage: connectionId+hour, byAccount accountId+hour',
				's2s_vpcs: id, byAccount accountId+createdAt, byDue dueShard+id, byDirty dirtyShard+id',
				's2s_vpn_connection: id, byAccount accountId+createdAt',
				's2s_vpn_gateways: id, byAccount accountId+createdAt',
			],
		});
	}, 200_000);
});
