import { describe, expect, it } from 'vitest';
import { nextRouterFacts } from '../../../functions/domain/monitoring/router-facts.ts';
import { aReport, later } from '../../support/builders.ts';

const { flavor, version, boot } = aReport();
const facts = { flavor, version, boot, capabilities: ['ikev1', 'modp1536'], reportedAt: '2026-01-01T00:00:00.000Z' };
const now = later(60);
const next = (report: Parameters<typeof aReport>[0], known: typeof facts | undefined = facts) =>
	nextRouterFacts(known, aReport({ capabilities: ['ikev1', 'modp1536'], ...report }), now);

describe('what is known of a router', () => {
	it('stays, to the very object, where it says the same', () => {
		expect(next({})).toBe(facts);
	});

	it.each([
		['nothing was known', {}, undefined],
		['it runs another daemon', { flavor: 'openswan' as const }, facts],
		['it runs another version', { version: '5.4' }, facts],
		['it was restarted', { boot: 5 }, facts],
		['it can do more', { capabilities: ['ikev1', 'modp1536', 'modp2048'] }, facts],
		['it can do something else', { capabilities: ['ikev1', 'modp2048'] }, facts],
	])('is what it says where %s', (_what, report, known) => {
		expect(nextRouterFacts(known, aReport({ capabilities: facts.capabilities, ...report }), now)).toEqual({
			flavor,
			version,
			boot,
			capabilities: facts.capabilities,
			...report,
			reportedAt: now.toISOString(),
		});
	});

	it('keeps what its daemon can do while that is down and cannot say', () => {
		expect(next({ capabilities: [] })).toBe(facts);
		expect(next({ capabilities: [], boot: 5 })).toMatchObject({ boot: 5, capabilities: facts.capabilities });
	});

	it('is nothing of another daemon that does not say', () => {
		expect(next({ capabilities: [], version: '5.4' }).capabilities).toEqual([]);
		expect(next({ capabilities: [], flavor: 'openswan' }).capabilities).toEqual([]);
	});
});
