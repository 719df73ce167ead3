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

describe('after the last notification, which was', () => {
	it.each([
		['none: a tunnel that is up is noted without an alert', 'none', found('up'), { notified: 'up', alert: false }],
		[
			'none: a tunnel that is partly up is noted as up without an alert',
			'none',
			found('degraded'),
			{ notified: 'up', alert: false },
		],
		['none: a tunnel that has never been up raises no alert', 'none', found('down'), unchanged('none')],
		[
			'none: a tunnel that is up is noted even while muted',
			'none',
			found('up', { muted: true }),
			{ notified: 'up', alert: false },
		],
		['up: an outage raises an alert', 'up', found('down'), { notified: 'down', alert: true }],
		['up: an unconfirmed outage raises no alert', 'up', found('down', { confirmed: false }), unchanged('up')],
		['up: a lasting loss of some pairs raises an alert', 'up', found('degraded'), { notified: 'degraded', alert: true }],
		['up: a recent loss of some pairs raises no alert', 'up', found('degraded', { lasting: false }), unchanged('up')],
		['up: a tunnel that is still up raises no alert', 'up', found('up'), unchanged('up')],
		['degraded: an outage raises an alert', 'degraded', found('down'), { notified: 'down', alert: true }],
		['degraded: an unconfirmed outage raises no alert', 'degraded', found('down', { confirmed: false }), unchanged('degraded')],
		['degraded: a tunnel that is still degraded raises no alert', 'degraded', found('degraded'), unchanged('degraded')],
		['degraded: a recovery raises an alert', 'degraded', found('up'), { notified: 'up', alert: true }],
		['down: a tunnel that is still down raises no alert', 'down', found('down'), unchanged('down')],
		['down: a lasting recovery of some pairs raises an alert', 'down', found('degraded'), { notified: 'degraded', alert: true }],
		['down: a recent recovery of some pairs raises no alert', 'down', found('degraded', { lasting: false }), unchanged('down')],
		['down: a recovery raises an alert', 'down', found('up'), { notified: 'up', alert: true }],
		['up: an outage raises no alert while muted', 'up', found('down', { muted: true }), unchanged('up')],
		['down: a recovery raises no alert while muted', 'down', found('up', { muted: true }), unchanged('down')],
	] as const)('%s', (_, notified, health, next) => {
		expect(nextNotification(notified, health)).toEqual(next);
	});
});
