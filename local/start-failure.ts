/** Why the platform cannot start or go on, in a sentence that says what to do about it. `code`: the exit code. */
export class StartFailure extends Error {
	readonly code: number;
	constructor(sentence: string, code = 1) {
		super(sentence);
		this.code = code;
	}
}

/** What the system refused, as a failure; undefined for a defect of our own. */
export const failureOf = (error: unknown): StartFailure | undefined => {
	if (error instanceof StartFailure) return error;
	const { code, syscall, port, path } = error as NodeJS.ErrnoException & { port?: number };
	if (syscall === 'listen' && code === 'EADDRINUSE')
		return new StartFailure(`Port ${port} is in use: stop what listens there, or name another one with PORT.`);
	if (syscall === 'listen' && code === 'EACCES')
		return new StartFailure(`This user may not listen on port ${port}: name another one with PORT.`);
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return new StartFailure(
			`There is no space left for ${path ?? 'the data'}: make room, or name another folder with LOCAL_DIR.`,
		);
	if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
		return new StartFailure(`This user may not write to ${path}: let it, or name another folder with LOCAL_DIR.`);
	if (code === 'ENOTDIR' || code === 'EEXIST')
		return new StartFailure(`${path} is not a folder, or lies in none: name another folder with LOCAL_DIR.`);
	return undefined;
};
