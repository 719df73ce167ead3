import type { LocalFunction } from './lambda/local-function.ts';

const minuteMs = 60_000;

/** The Scheduler: a call at once and then each minute. A tick that fails is told, and the next one does its work. */
export const minuteSchedule = (target: LocalFunction) => {
	let timer: NodeJS.Timeout | undefined;
	const tick = async (): Promise<void> => {
		await target.invoke({});
	};
	const safely = () => {
		tick().catch((error: unknown) => console.error(`tick: ${error instanceof Error ? error.message : String(error)}`));
	};
	return {
		tick,
		start() {
			safely();
			timer = setInterval(safely, minuteMs);
		},
		stop() {
			clearInterval(timer);
		},
	};
};
