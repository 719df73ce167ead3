import { readFile } from 'node:fs/promises';
import { StartFailure } from './start-failure.ts';

/** The file's content, or `otherwise` where there is no such file yet. Throws StartFailure for what cannot be read, or is no JSON. */
export const readJson = async <T>(file: string, otherwise: T): Promise<T> => {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as T;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return otherwise;
		if (error instanceof SyntaxError) throw new StartFailure(`${file} is not JSON: ${error.message}.`);
		if (code !== undefined) throw new StartFailure(`${file} cannot be read (${code}).`);
		throw error;
	}
};
