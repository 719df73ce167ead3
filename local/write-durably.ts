import { open, rename } from 'node:fs/promises';

/** Replaces a file atomically: after a crash it has its old or its new content. */
export const writeDurably = async (file: string, text: string): Promise<void> => {
	const handle = await open(`${file}.new`, 'w', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(`${file}.new`, file);
};
