export type MetricName =
	| 'Ticks'
	| 'CheckLag'
	| 'Connections'
	| 'UnreachableRouters'
	| 'FailedChecks'
	| 'Throttles'
	| 'RefusedCommands'
	| 'AlertsSent'
	| 'ProbeRoundTrip'
	| 'ProbeLoss';
/** Numbers for alarms and the dashboard. `CheckLag` is in seconds, `ProbeRoundTrip` in milliseconds, `ProbeLoss` in percent; the others are counts. */
export type Metrics = { count(name: MetricName, value: number, dimensions?: Record<string, string>): void };
