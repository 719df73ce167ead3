/** SNS switches an address off past 10 mails a second, and nobody reads faster than this. */
export const secondsBetweenMessages = 5;

/** From so many on it is a storm: it is told when it has passed, at most so much later. */
const stormFrom = 5;
const stormCalmMs = 5_000;
const stormPatienceMs = 30_000;

/** Whether what is owed is still growing: many at once make one message. */
export const isGathering = (owedAt: readonly string[], now: Date): boolean => {
	if (owedAt.length < stormFrom) return false;
	const times = owedAt.map((at) => Date.parse(at));
	const newest = times.reduce((a, b) => Math.max(a, b));
	const oldest = times.reduce((a, b) => Math.min(a, b));
	return now.getTime() - newest < stormCalmMs && now.getTime() - oldest < stormPatienceMs;
};
