export type Log = {
	info(event: string, fields?: Record<string, unknown>): void;
	warn(event: string, fields?: Record<string, unknown>): void;
	/** `error` is what was thrown. */
	error(event: string, fields: Record<string, unknown> & { error: unknown }): void;
};
