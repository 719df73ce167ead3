import { Duration, Stack } from 'aws-cdk-lib';
import {
	Alarm,
	ComparisonOperator,
	Dashboard,
	GraphWidget,
	MathExpression,
	Metric,
	Stats,
	TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ConnectionState } from '../../functions/domain/model/vpn-connection.ts';
import type { MetricName } from '../../functions/ports.ts';
import { placed, type Settings } from '../settings.ts';

const minute = Duration.minutes(1);

/** Watches the monitor itself: alarms if it stops or lags, and the dashboard. */
export class ServiceWatch extends Construct {
	constructor(scope: Construct, id: string, { settings, operators }: { settings: Settings; operators: ITopic }) {
		super(scope, id);
		const { stage, routerCheckInterval: interval } = settings;
		const metric = (metricName: MetricName, statistic: string, dimensions: Record<string, string> = {}) =>
			new Metric({
				namespace: 'S2sVpn',
				metricName,
				statistic,
				period: minute,
				dimensionsMap: { service: stage, ...dimensions },
			});
		const ticks = metric('Ticks', Stats.SUM);
		const lag = metric('CheckLag', Stats.MAXIMUM);

		new Alarm(this, 'NoTick', {
			metric: ticks,
			threshold: 1,
			comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
			evaluationPeriods: 3,
			treatMissingData: TreatMissingData.BREACHING,
			alarmDescription: 'No tick in three minutes: no tunnel is being monitored',
		}).addAlarmAction(new SnsAction(operators));
		new Alarm(this, 'CheckLag', {
			metric: lag,
			threshold: 2 * interval,
			comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
			evaluationPeriods: 3,
			treatMissingData: TreatMissingData.NOT_BREACHING,
			alarmDescription: 'Checks end more than two intervals late',
		}).addAlarmAction(new SnsAction(operators));

		new Alarm(this, 'FailedChecks', {
			metric: metric('FailedChecks', Stats.SUM),
			threshold: 0,
			comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
			evaluationPeriods: 3,
			treatMissingData: TreatMissingData.NOT_BREACHING,
			alarmDescription: 'Checks fail because of the service itself: their routers count as silent',
		}).addAlarmAction(new SnsAction(operators));

		new Alarm(this, 'RefusedCommands', {
			metric: metric('RefusedCommands', Stats.SUM),
			threshold: 0,
			comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
			evaluationPeriods: 3,
			treatMissingData: TreatMissingData.NOT_BREACHING,
			alarmDescription:
				'Run Command refuses commands: a router is not tagged as one, or a role or document of the service was changed',
		}).addAlarmAction(new SnsAction(operators));

		// Each check counts its connections, so the sum of a minute has every connection once per interval.
		const checksAMinute = Math.max(1, 60 / interval);
		const connections = ConnectionState.options.map(
			(State) =>
				new MathExpression({
					expression: `${State.toLowerCase()} / ${checksAMinute}`,
					usingMetrics: { [State.toLowerCase()]: metric('Connections', Stats.SUM, { State }) },
					label: State,
					period: minute,
				}),
		);
		new Dashboard(this, 'Dashboard', {
			dashboardName: placed('s2s-vpn', settings, Stack.of(this).region),
			widgets: [
				[
					new GraphWidget({ title: 'Connections by state', left: connections, stacked: true, width: 12 }),
					new GraphWidget({ title: 'Check lag, seconds', left: [lag, metric('CheckLag', Stats.p(50))], width: 12 }),
				],
				[
					new GraphWidget({
						title: 'Silent routers, throttled calls',
						left: [metric('UnreachableRouters', Stats.SUM), metric('Throttles', Stats.SUM)],
						width: 12,
					}),
					new GraphWidget({ title: 'Alerts sent, ticks', left: [metric('AlertsSent', Stats.SUM), ticks], width: 12 }),
				],
			],
		});
	}
}
