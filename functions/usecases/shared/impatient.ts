import { type Ports, StaleRead } from '../../ports.ts';
import { ProblemError } from './problem-error.ts';

/** Forty changes of one VPC at once have all been made by then. */
const patienceMs = 5_000;

/** The ports of a request that gives up deciding anew once it has lost to others for so long: nobody waits for it any more, and a function does. */
export const impatient = (ports: Ports): Ports => {
	const { store, clock } = ports;
	const end = clock().getTime() + patienceMs;
	const transact: typeof store.transact = async (writes) => {
		try {
			await store.transact(writes);
		} catch (error) {
			if (!(error instanceof StaleRead) || clock().getTime() < end) throw error;
			throw new ProblemError(
				'too-many-requests',
				'too many others are changing the same things at this moment; nothing was changed, try again',
			);
		}
	};
	// Ports that a function does not have throw where they are read: they are inherited, not copied.
	return Object.create(ports, { store: { value: { ...store, transact }, enumerable: true } });
};
