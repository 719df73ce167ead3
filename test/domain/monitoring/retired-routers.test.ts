import { describe, expect, it } from 'vitest';
import { movedRouter, retirementOf } from '../../../functions/domain/monitoring/retired-routers.ts';
import { aLine, aReport, aVpc, later } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const [one, two, three] = ['i-0000000000000000a', 'i-0000000000000000b', 'i-0000000000000000c'];
const retry = { at: at(0), attempts: 1, since: at(0) };
const silence = (code: 'not-managed' | 'unreachable') => ({ silence: { code, detail: '' } });

describe('a VPC that moves to another router', () => {
	const facts = { flavor: 'openswan' as const, version: '2.6.38', capabilities: [], boot: 1, reportedAt: at(0) };
	const vpc = aVpc({
		routerInstanceId: one,
		router: facts,
		silentSince: at(0),
		silence: { code: 'unreachable', detail: '' },
		silenceNotified: true,
	});

	it('has the former one cleaned, at once, and forgets all that it said', () => {
		expect(movedRouter(vpc, two, later(5))).toEqual({
			...vpc,
			routerInstanceId: two,
			retired: [{ instanceId: one, retry: { at: at(5), attempts: 1, since: at(5) } }],
			router: undefined,
			silentSince: undefined,
			silence: undefined,
			silenceNotified: undefined,
		});
	});

	it('has nothing to clean on one that was never given anything', () => {
		expect(movedRouter({ ...vpc, generation: 0 }, two, later(5)).retired).toBeUndefined();
		expect(movedRouter({ ...vpc, generation: 0, retired: [{ instanceId: three, retry }] }, two, later(5)).retired).toEqual([
			{ instanceId: three, retry },
		]);
	});

	it('goes on cleaning those before, but the one that serves it again, and none twice', () => {
		const retired = [one, two, three].map((instanceId) => ({ instanceId, retry }));

		expect(movedRouter({ ...vpc, retired }, two, later(5)).retired).toEqual([
			{ instanceId: three, retry },
			{ instanceId: one, retry: { at: at(5), attempts: 1, since: at(5) } },
		]);
	});
});

describe('what an empty bundle came to on a former router', () => {
	const outcome = (answer: Parameters<typeof retirementOf>[1], second = 60) =>
		retirementOf({ instanceId: one, retry }, answer, later(second));
	const again = { at: at(120), attempts: 2, since: at(0) };

	it('is clean where it has no connection of ours left', () => {
		expect(outcome({ report: aReport({ connections: [] }) })).toBe('clean');
	});

	it.each([
		['it still has one', { report: aReport({ connections: [aLine()] }) }],
		['it is still at work', { report: aReport({ connections: [], busy: true }) }],
		['it does not answer', silence('unreachable')],
		['Systems Manager does not know it, for now', silence('not-managed')],
	])('is another try where %s', (_what, answer) => {
		expect(outcome(answer)).toEqual(again);
	});

	it('is gone where Systems Manager has not known it for a day, and only then', () => {
		const day = 86_400;

		expect(outcome(silence('not-managed'), day - 1)).toMatchObject({ attempts: 2 });
		expect(outcome(silence('not-managed'), day)).toBe('gone');
		expect(outcome(silence('unreachable'), 9 * day)).toMatchObject({ attempts: 2 });
	});
});
