import { readFile } from 'node:fs/promises';

/** The file's content, or `otherwise` where there is no such file yet. */
export const readJson = async <T>(file: string, otherwise: T): Promise<T> => {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as T;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
		throw error;
	}
};
