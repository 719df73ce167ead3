/** Which route an event is of; undefined for those that say no more than which function they are for. */
export const flowOf = (event: unknown): string | undefined => {
	const { routeKey } = (event ?? {}) as { routeKey?: unknown };
	return typeof routeKey === 'string' ? routeKey : undefined;
};
