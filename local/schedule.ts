import { type EventInvokeConfig, invokeAsync } from './lambda/async-invocation.ts';
import type { LocalFunction } from './lambda/local-function.ts';
import { tellFailure } from './lambda/tell-failure.ts';

const minuteMs = 60_000;

type Scheduled = { target: LocalFunction; input: string; config: EventInvokeConfig };

/** The Scheduler: one call at once and then one every minute, with the schedule's own input. A failed tick is printed. */
export const minuteSchedule = ({ target, input, config }: Scheduled) => {
	let timer: NodeJS.Timeout | undefined;
	const queued = invokeAsync(target, config, (error) => tellFailure('tick', error));
	const minute = (): void => {
		const at = `${new Date().toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
		void queued.invoke(JSON.parse(input.replaceAll('<aws.scheduler.scheduled-time>', at)));
	};
	return {
		/** One more call, which names no minute. */
		async tick(): Promise<void> {
			await target.invoke({});
		},
		start() {
			minute();
			timer = setInterval(minute, minuteMs);
		},
		stop() {
			clearInterval(timer);
			queued.stop();
		},
	};
};
