/** Calls pass side by side; a transaction waits for them and keeps all others out while it runs. */
export const gate = () => {
	let inside = 0;
	let alone: Promise<unknown> = Promise.resolve();
	let emptied: (() => void) | undefined;

	const pass = async <T>(work: () => Promise<T>): Promise<T> => {
		await alone;
		inside++;
		try {
			return await work();
		} finally {
			inside--;
			if (inside === 0) emptied?.();
		}
	};

	const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
		const run = alone.then(async () => {
			if (inside > 0) {
				await new Promise<void>((resolve) => {
					emptied = resolve;
				});
				emptied = undefined;
			}
			return work();
		});
		alone = run.catch(() => {});
		return run;
	};

	return { pass, exclusively };
};
