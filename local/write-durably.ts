import { open, rename } from 'node:fs/promises';

/** Replaces a file as a whole: after a crash it is as before or as after, never half. */
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
