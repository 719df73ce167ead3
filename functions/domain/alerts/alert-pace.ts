/** SNS cuts off an address beyond 10 mails a second, and nobody reads faster than this. */
export const secondsBetweenMessages = 5;

/**
 * What comes so often is read by nobody, and each text costs: of the AWS account's limit for them, which is one for all accounts. So after
 * these in an hour an account has one message in a while, with all that happened meanwhile.
 */
export const messagesAnHour = 30;
export const secondsBetweenMany = 600;

/** Messages of a day (UTC) that are texted: of an account, and of one connection or router, so that one that comes and goes does not silence the others. */
export const textedADay = 100;
export const textedADayOfOne = 10;

/** This many owed alerts are a storm, which is sent once it has passed, or after `stormPatienceMs` at the latest. */
const stormFrom = 5;
const stormCalmMs = 5_000;
const stormPatienceMs = 30_000;

/** Whether a storm is still growing: its alerts should become one message. */
export const isGathering = (owedAt: readonly string[], now: Date): boolean => {
	if (owedAt.length < stormFrom) return false;
	const times = owedAt.map((at) => Date.parse(at));
	const newest = times.reduce((a, b) => Math.max(a, b));
	const oldest = times.reduce((a, b) => Math.min(a, b));
	return now.getTime() - newest < stormCalmMs && now.getTime() - oldest < stormPatienceMs;
};
