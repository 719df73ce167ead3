export type Page<T> = {
	items: T[];
	/** Where to go on after everything that was read; absent at the end of the list. */
	next?: string;
	/** Where to go on after one of the items, even if it is deleted meanwhile. */
	behind(item: T): string;
};
