import { StaleRead } from '../../ports.ts';

/** A VPC's row has at most forty connections, and as many changes at once as there are to win. */
const attempts = 60;

/** Reads, decides and writes; does all of it again where what it read had changed meanwhile. Each loss is another's win, so it ends. */
export const retryOnStaleRead = async <T>(decide: () => Promise<T>): Promise<T> => {
	for (let attempt = 1; ; attempt++) {
		try {
			return await decide();
		} catch (error) {
			if (!(error instanceof StaleRead) || attempt >= attempts) throw error;
		}
	}
};
