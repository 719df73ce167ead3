import { describe, expect, it } from 'vitest';
import { Alerting } from '../../../functions/domain/alerts/alerting.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { observe } from '../../../functions/domain/monitoring/observe.ts';
import { aConnection, aCustomerGateway, aLine, aReport, aVpc, later, pairs } from '../../support/builders.ts';

const up = aConnection({
	state: 'Connected',
	notified: 'up',
	appliedRevision: 1,
	observed: { up: pairs('11'), candidates: [], observedAt: later(0).toISOString() },
});

/** Goes through the checks of a connection, one each 30 s, and says what was told after each. */
const story = (
	checks: string[],
	{ alerting = {}, from = up, early = 0 }: { alerting?: Partial<Alerting>; from?: VpnConnection; early?: number } = {},
) => {
	let connection = from;
	const subjects: (string | undefined)[] = [];
	for (const [index, ups] of checks.entries()) {
		const decision = observe({
			vpc: aVpc(),
			connections: [connection],
			customerGateways: [aCustomerGateway()],
			answer: { report: aReport({ connections: [aLine({ up: pairs(ups), reasons: ups === '11' ? [] : ['dpd-timeout'] })] }) },
			now: later(30 * (index + 1) - early * index),
			intervalSeconds: 30,
			alerting: Alerting.parse(alerting),
		});
		connection = decision.connections[0]?.next ?? connection;
		subjects.push(decision.events[0]?.alert?.subject.replace(/^VPN Branch office (is|has) (.*?)(:.*)?\(.*$/, '$1 $2').trim());
	}
	return { connection, subjects: subjects.map((subject) => subject ?? '-') };
};
const times = (count: number, ups: string) => Array.from({ length: count }, () => ups);

describe('the alerts of a connection', () => {
	it('report a loss at the first failed check, unless the deployment asks for more', () => {
		expect(story(['00', '00', '11']).subjects).toEqual(['is down', '-', 'is up again']);
		expect(story(['00', '00', '00', '11'], { alerting: { afterChecks: 3 } }).subjects).toEqual([
			'-',
			'-',
			'is down',
			'is up again',
		]);
		expect(story(['00', '00', '11', '00'], { alerting: { afterChecks: 3 } }).subjects).toEqual(['-', '-', '-', '-']);
	});

	it('do not wait for another check if the checks come a little early', () => {
		expect(story(['00', '00', '00'], { alerting: { afterChecks: 3 }, early: 2 }).subjects).toEqual(['-', '-', 'is down']);
		expect(story(['10', '10'], { early: 2 }).subjects).toEqual(['-', 'is degraded']);
	});

	it('are held back while it is muted, and then report what still applies', () => {
		const muted = { ...up, mutedUntil: later(100).toISOString() };

		expect(story(['00', '00', '00', '00', '11'], { from: muted }).subjects).toEqual(['-', '-', '-', 'is down', 'is up again']);
		expect(story(['00', '00', '11', '11', '11'], { from: muted }).subjects).toEqual(['-', '-', '-', '-', '-']);
	});

	const flaps = ['00', '11', '00', '11', '00', '11'];

	it('report flapping once, and once that it has settled', () => {
		const { subjects, connection } = story([...flaps, '00', ...times(31, '11')]);

		expect(subjects.slice(0, 7)).toEqual([
			'is down',
			'is up again',
			'is down',
			'is up again',
			'is down',
			'is up again',
			'is flapping',
		]);
		expect(subjects.slice(7).filter((subject) => subject !== '-')).toEqual(['has settled and is up']);
		expect(subjects.at(-1)).toBe('has settled and is up');
		expect(connection).toMatchObject({ notified: 'up', flappingSince: undefined, lossTimes: undefined });
	});

	it('report that it has settled as down if it stays down', () => {
		const { subjects, connection } = story([...flaps, '00', '11', ...times(32, '00')]);

		expect(subjects.slice(7).filter((subject) => subject !== '-')).toEqual(['has settled and is down']);
		expect(connection.notified).toBe('down');
	});

	it('do not count old losses, and count from zero once it has settled', () => {
		const calm = times(70, '11');

		expect(story([...flaps, ...calm, '00']).subjects.at(-1)).toBe('is down');
		expect(story([...flaps, '00', ...times(31, '11'), '00', '11']).subjects.slice(-2)).toEqual(['is down', 'is up again']);
	});

	it('cost no write while it is flapping and nothing changes', () => {
		const { connection } = story([...flaps, '00']);
		const again = story(['00'], { from: { ...connection, stateChangedAt: later(0).toISOString() } });

		expect(connection.flappingSince).toBeDefined();
		expect(again.connection).toEqual({ ...connection, stateChangedAt: later(0).toISOString() });
	});
});
