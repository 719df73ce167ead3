import { join } from 'node:path';
import * as z from 'zod';
import { readJson } from '../read-json.ts';

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

/** Which driver reaches which instance; `*` is every other. */
export const readRoutersFile = async (file: string | undefined, dir: string): Promise<RoutersFile> =>
	RoutersFile.parse(await readJson<unknown>(file ?? join(dir, 'routers.json'), byDefault));
