/** Looks again each second until the look gives something; says what was last seen where it never does. */
export const until = async <T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T> => {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const seen = await look();
		if (seen !== undefined && seen !== false) return seen;
		if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
		await new Promise((resolve) => setTimeout(resolve, 1_000));
	}
};
