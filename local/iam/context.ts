/** What is known of a request, by condition key. A key that is not there has no value in AWS either. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** The names of condition keys are not case-sensitive, those of tags and of the encryption context among them. */
export const valuesOf = (context: Context, key: string): readonly string[] | undefined => {
	const wanted = key.toLowerCase();
	const found = Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
	return typeof found === 'string' ? [found] : found;
};
