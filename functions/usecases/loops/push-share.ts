import type { Ports } from '../../ports.ts';

/**
 * Half of the pushes that run at once for all accounts: one to a router that takes a command and never ends it lasts for minutes, and an
 * account may have a hundred of those.
 */
const mostAtOnce = 10;
/** Longer than a function lasts, so that the place of one that was killed is free again. */
const heldSeconds = 200;

const held = async <T>({ turns }: Pick<Ports, 'turns'>, key: string, push: () => Promise<T>): Promise<T> => {
	try {
		return await push();
	} finally {
		await turns.giveBack(key);
	}
};

/** Pushes to a router of which no row has a lease, and undefined while another function does. */
export const oneAtATime = async <T>(
	{ turns, clock }: Pick<Ports, 'turns' | 'clock'>,
	instanceId: string,
	push: () => Promise<T>,
): Promise<T | undefined> => {
	const key = `push#${instanceId}`;
	return (await turns.take(key, clock(), heldSeconds)) ? held({ turns }, key, push) : undefined;
};

/** Pushes if the account has a place left, and undefined if it has none: the router is behind then, and the tick hints it again. */
export const withinPushShare = async <T>(
	{ turns, clock, log }: Pick<Ports, 'turns' | 'clock' | 'log'>,
	accountId: string,
	push: () => Promise<T>,
): Promise<T | undefined> => {
	for (let place = 0; place < mostAtOnce; place++) {
		const key = `push#${accountId}#${place}`;
		if (!(await turns.take(key, clock(), heldSeconds))) continue;
		return held({ turns }, key, push);
	}
	log.warn('push waits for others of the account', { accountId, mostAtOnce });
	return undefined;
};
