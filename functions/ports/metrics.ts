export type MetricName =
	| 'Ticks'
	| 'CheckLag'
	| 'Connections'
	| 'UnreachableRouters'
	| 'FailedChecks'
	| 'Throttles'
	| 'AlertsSent';
/** Numbers for alarms and the dashboard. `CheckLag` is in seconds; the others are counts. */
export type Metrics = { count(name: MetricName, value: number, dimensions?: Record<string, string>): void };
