import { createHash } from 'node:crypto';

/** What is kept of a code, which is no secret for longer than its minutes. */
export const codeHash = (id: string, code: string): string =>
	createHash('sha256')
		.update(JSON.stringify([id, code]))
		.digest('hex');
