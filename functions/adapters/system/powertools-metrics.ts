import { MetricUnit, Metrics as Powertools } from '@aws-lambda-powertools/metrics';
import type { MetricName, Metrics } from '../../ports.ts';

const units: Partial<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
	CheckLag: MetricUnit.Seconds,
	ProbeRoundTrip: MetricUnit.Milliseconds,
	ProbeLoss: MetricUnit.Percent,
};

/** Embedded metrics: a line of the log, which CloudWatch takes numbers from. */
export const powertoolsMetrics = (namespace: string, stage: string): Metrics => {
	const metrics = new Powertools({ namespace, serviceName: stage });
	return {
		count(name, value, dimensions = {}) {
			const one = metrics.singleMetric();
			if (Object.keys(dimensions).length > 0) one.addDimensions(dimensions);
			one.addMetric(name, units[name] ?? MetricUnit.Count, value);
		},
	};
};
