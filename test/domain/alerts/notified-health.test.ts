import { describe, expect, it } from 'vitest';
import { type CheckedHealth, nextNotification } from '../../../functions/domain/alerts/notified-health.ts';
import type { NotifiedHealth } from '../../../functions/domain/model/vpn-connection.ts';

const found = (health: CheckedHealth['health'], more: Partial<CheckedHealth> = {}): CheckedHealth => ({
	health,
	lasting: true,
	confirmed: true,
	muted: false,
	...more,
});
const unchanged = (notified: NotifiedHealth) => ({ notified, alert: false });

describe('an account that has been notified of', () => {
	it.each([
		['nothing', 'none', found('up'), { notified: 'up', alert: false }],
		['nothing, of a tunnel that is partly up', 'none', found('degraded'), { notified: 'up', alert: false }],
		['nothing, of a tunnel that never was up', 'none', found('down'), unchanged('none')],
		['nothing, while it is muted', 'none', found('up', { muted: true }), { notified: 'up', alert: false }],
		['up, of an outage', 'up', found('down'), { notified: 'down', alert: true }],
		['up, of an outage that is not confirmed', 'up', found('down', { confirmed: false }), unchanged('up')],
		['up, of a lasting loss of some pairs', 'up', found('degraded'), { notified: 'degraded', alert: true }],
		['up, of a loss of some pairs that is new', 'up', found('degraded', { lasting: false }), unchanged('up')],
		['up, and finds it up', 'up', found('up'), unchanged('up')],
		['degraded, of an outage', 'degraded', found('down'), { notified: 'down', alert: true }],
		['degraded, of an outage that is not confirmed', 'degraded', found('down', { confirmed: false }), unchanged('degraded')],
		['degraded, and finds it so', 'degraded', found('degraded'), unchanged('degraded')],
		['degraded, of the recovery', 'degraded', found('up'), { notified: 'up', alert: true }],
		['down, and finds it so', 'down', found('down'), unchanged('down')],
		['down, of a lasting recovery of some pairs', 'down', found('degraded'), { notified: 'degraded', alert: true }],
		['down, of a recovery of some pairs that is new', 'down', found('degraded', { lasting: false }), unchanged('down')],
		['down, of the recovery', 'down', found('up'), { notified: 'up', alert: true }],
		['up, of an outage while it is muted', 'up', found('down', { muted: true }), unchanged('up')],
		['down, of the recovery while it is muted', 'down', found('up', { muted: true }), unchanged('down')],
	] as const)('%s', (_, notified, health, next) => {
		expect(nextNotification(notified, health)).toEqual(next);
	});
});
