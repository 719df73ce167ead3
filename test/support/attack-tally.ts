/** Milliseconds of processor time that this process has taken, which a busy machine does not lengthen. */
export const processorMs = (): number => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
};

/** Counts what becomes of attacks, and says in one line how many there were, what became of them and what they cost. */
export const attackTally = (what: string) => {
	const outcomes = new Map<string, number>();
	const began = performance.now();
	const heapBefore = process.memoryUsage().heapUsed;
	let made = 0;
	let slowest = 0;
	let heapMost = heapBefore;
	return {
		/** One attack, and the milliseconds of processor time that it took where each is held to a bound. */
		count(outcome: string | number, took = 0): void {
			outcomes.set(String(outcome), (outcomes.get(String(outcome)) ?? 0) + 1);
			slowest = Math.max(slowest, took);
			if (++made % 100 === 0) heapMost = Math.max(heapMost, process.memoryUsage().heapUsed);
		},
		of: (outcome: string | number): number => outcomes.get(String(outcome)) ?? 0,
		get made(): number {
			return made;
		},
		print(): void {
			const megabytes = (bytes: number) => Math.round(bytes / 1e6);
			const parts = [...outcomes].sort(([a], [b]) => a.localeCompare(b)).map(([outcome, count]) => `${outcome}: ${count}`);
			const each = slowest === 0 ? '' : `, the slowest in ${Math.round(slowest)} ms of processor time`;
			const seconds = ((performance.now() - began) / 1e3).toFixed(1);
			const heap = megabytes(Math.max(heapMost, process.memoryUsage().heapUsed) - heapBefore);
			// In kilobytes, and of the whole process, other test files of it included.
			const rss = megabytes(process.resourceUsage().maxRSS * 1e3);
			console.log(
				`${what}: ${made} (${parts.join(', ')}) in ${seconds} s${each}; ${heap} MB of heap more at most, ${rss} MB at the peak`,
			);
		},
	};
};
