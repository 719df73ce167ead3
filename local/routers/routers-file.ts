import { join } from 'node:path';
import * as z from 'zod';
import { issueInOperatorsWords } from '../../functions/issue-in-words.ts';
import { readJson } from '../read-json.ts';
import { StartFailure } from '../start-failure.ts';

const Entry = z.discriminatedUnion('driver', [
	z.strictObject({ driver: z.literal('simulated') }),
	z.strictObject({ driver: z.literal('exec'), argv: z.array(z.string()).min(1) }),
	/** `labFile`: the lab.json of a lab that runs already; else the platform's own. */
	z.strictObject({ driver: z.literal('lab'), labFile: z.string().optional() }),
]);
export type RouterEntry = z.infer<typeof Entry>;

const RoutersFile = z.record(z.string(), Entry);
export type RoutersFile = z.infer<typeof RoutersFile>;

const byDefault: RoutersFile = { '*': { driver: 'simulated' } };

/** Which driver reaches which instance; `*` is every other. A file that is named has to be there, one in the data folder may be. */
export const readRoutersFile = async (named: string | undefined, dir: string): Promise<RoutersFile> => {
	const file = named ?? join(dir, 'routers.json');
	const content = await readJson<unknown>(file, named === undefined ? byDefault : undefined);
	if (content === undefined) throw new StartFailure(`There is no ${file}, which ROUTERS names.`);
	const read = RoutersFile.safeParse(content, { error: issueInOperatorsWords });
	if (read.success) return read.data;
	const [{ path, message } = { path: [], message: '' }] = read.error.issues;
	const at = path.join('.') || 'the top';
	throw new StartFailure(`${file} does not say how each router is reached (docs/deploy.md): at ${at}, ${message}.`);
};
