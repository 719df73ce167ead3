import type { LocalFunction } from './lambda/local-function.ts';

const minuteMs = 60_000;

/** The Scheduler: a call at once and then each minute, with the schedule's own input. A tick that fails is told, and the next one does its work. */
export const minuteSchedule = (target: LocalFunction, input: string) => {
	let timer: NodeJS.Timeout | undefined;
	const scheduled = async (): Promise<void> => {
		const at = `${new Date().toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
		await target.invoke(JSON.parse(input.replaceAll('<aws.scheduler.scheduled-time>', at)));
	};
	const safely = () => {
		scheduled().catch((error: unknown) => console.error(`tick: ${error instanceof Error ? error.message : String(error)}`));
	};
	return {
		/** One more, of no minute of the schedule's. */
		async tick(): Promise<void> {
			await target.invoke({});
		},
		start() {
			safely();
			timer = setInterval(safely, minuteMs);
		},
		stop() {
			clearInterval(timer);
		},
	};
};
