/** The fields that every new row starts with. */
export const newEntity = (accountId: string, now: Date) => ({
	accountId,
	createdAt: now.toISOString(),
	updatedAt: now.toISOString(),
	version: 1,
	rev: 0,
});

/** A row that a user or an admin changed. */
export const changedBy = <T extends { version: number; updatedAt: string }>(row: T, change: Partial<T>, now: Date): T => ({
	...row,
	...change,
	version: row.version + 1,
	updatedAt: now.toISOString(),
});
