import { describe, expect, it } from 'vitest';
import { defaultAlerting } from '../../../functions/domain/alerts/alerting.ts';
import { flappingAfter } from '../../../functions/domain/alerts/flapping.ts';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { aConnection, later } from '../../support/builders.ts';

const alerting = { ...defaultAlerting, flapLosses: 3, flapWindowSeconds: 600, flapSettleSeconds: 300 };
const at = (second: number) => later(second).toISOString();
const lossesAt = (...seconds: number[]) => seconds.map(at);
const found = (state: VpnConnection['state'], current: Partial<VpnConnection>, second: number) =>
	flappingAfter({ current: aConnection({ state: 'Connected', ...current }), state, now: later(second), alerting });

describe('a connection', () => {
	it('is no loss where it stays up, stays down, or comes up', () => {
		const lossTimes = lossesAt(10);

		expect(found('Connected', { lossTimes }, 20)).toEqual({ lossTimes, flappingSince: undefined });
		expect(found('Disconnected', { state: 'Disconnected', lossTimes }, 20)).toEqual({ lossTimes, flappingSince: undefined });
		expect(found('Connected', { state: 'Disconnected', lossTimes }, 20)).toEqual({ lossTimes, flappingSince: undefined });
	});

	it('is no loss where it was not up, as after a change', () => {
		expect(found('Disconnected', { state: 'Pending' }, 20)).toEqual({ lossTimes: undefined, flappingSince: undefined });
	});

	it('keeps the times of its losses', () => {
		expect(found('Disconnected', {}, 20)).toEqual({ lossTimes: lossesAt(20), flappingSince: undefined });
		expect(found('Disconnected', { lossTimes: lossesAt(20) }, 50)).toEqual({
			lossTimes: lossesAt(20, 50),
			flappingSince: undefined,
		});
	});

	it('flaps with as many losses within the window as are flapping', () => {
		expect(found('Disconnected', { lossTimes: lossesAt(20, 50) }, 90)).toEqual({
			lossTimes: lossesAt(20, 50, 90),
			flappingSince: at(90),
		});
	});

	it.each([
		['just within', 619, lossesAt(20, 50, 619), at(619)],
		['just out of', 620, lossesAt(50, 620), undefined],
	])('counts a loss %s the window', (_what, second, lossTimes, flappingSince) => {
		expect(found('Disconnected', { lossTimes: lossesAt(20, 50) }, second)).toEqual({ lossTimes, flappingSince });
	});

	const degrading = (current: Partial<VpnConnection>, second: number) =>
		flappingAfter({
			current: aConnection({ state: 'Connected', ...current }),
			state: 'Connected',
			degraded: true,
			tellsDegraded: true,
			now: later(second),
			alerting,
		});

	it('flaps where it is to be told degraded as often, with losses among them', () => {
		expect(degrading({}, 20)).toEqual({ lossTimes: lossesAt(20), flappingSince: undefined });
		expect(degrading({ lossTimes: lossesAt(20, 50) }, 90)).toEqual({ lossTimes: lossesAt(20, 50, 90), flappingSince: at(90) });
	});

	const flapping = { flappingSince: at(90), lossTimes: lossesAt(20, 50, 90), stateChangedAt: at(100) };
	const still = { flappingSince: flapping.flappingSince, lossTimes: flapping.lossTimes };
	const settled = { flappingSince: undefined, lossTimes: undefined };

	it.each([
		['up, before its calm has lasted', 'Connected', 399, still],
		['up, when its calm has lasted', 'Connected', 400, settled],
		['lost again at that very moment', 'Disconnected', 400, still],
	] as const)('that flaps and is %s', (_what, state, second, expected) => {
		expect(found(state, flapping, second)).toEqual(expected);
	});

	const connected = { ...flapping, stateChangedAt: at(0) };
	it.each([
		['has all pairs up for too short a time', { lastUp: { from: at(100) } }, false, 399, still],
		['has all pairs up for long enough', { lastUp: { from: at(100) } }, false, 400, settled],
		['has lost a pair at that very moment', { lastUp: { from: at(100) } }, true, 400, still],
		['is degraded for too short a time', { lastUp: { from: at(0), to: at(100) }, degradedSince: at(100) }, true, 399, still],
		['is degraded for long enough', { lastUp: { from: at(0), to: at(100) }, degradedSince: at(100) }, true, 400, settled],
		['gets its pair back at that very moment', { degradedSince: at(100) }, false, 400, still],
	] as const)('that flaps, was never lost and %s', (_what, current, degraded, second, expected) => {
		const seen = { current: aConnection({ state: 'Connected', ...connected, ...current }), now: later(second), alerting };
		expect(flappingAfter({ ...seen, state: 'Connected', degraded })).toEqual(expected);
	});

	it('that flaps settles down where it stays so', () => {
		expect(found('Disconnected', { ...flapping, state: 'Disconnected' }, 400)).toEqual(settled);
	});
});
