import { StaleRead } from '../../ports.ts';

/** A VPC's row has at most forty connections, so at most about as many changes compete for it at once. */
const attempts = 60;

/** Decides again whenever the rows it read changed before its write. Each failure means another write succeeded, so this ends. */
export const retryOnStaleRead = async <T>(decide: () => Promise<T>): Promise<T> => {
	for (let attempt = 1; ; attempt++) {
		try {
			return await decide();
		} catch (error) {
			if (!(error instanceof StaleRead) || attempt >= attempts) throw error;
		}
	}
};
