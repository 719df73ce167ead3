import { describe, expect, it } from 'vitest';
import type { VpnConnection } from '../../../functions/domain/model/vpn-connection.ts';
import { beginRoutes } from '../../../functions/domain/monitoring/settle-routes.ts';
import { aConnection, aVpc, idOf, later, start } from '../../support/builders.ts';

const lost = { connectionId: idOf('vpnc', 1), tableId: 'rtb-0000000a', cidr: '10.2.0.0/24' };
const plan = { target: 'eni-1', create: [lost], replace: [], remove: [], right: [], kept: [], missing: [lost], faults: [] };

describe('the loss of a route', () => {
	it.each<[string, Partial<VpnConnection>, boolean]>([
		['is told at once of a tunnel that was up', { notified: 'up' }, true],
		['is not told of one that never was', { notified: 'none' }, false],
		['is not told of one that is degraded already', { notified: 'degraded' }, false],
		['is not told of one that is down', { state: 'Disconnected', notified: 'up' }, false],
		['is not told while it is muted', { notified: 'up', mutedUntil: later(60).toISOString() }, false],
		['is not told while it flaps', { notified: 'up', flappingSince: start.toISOString() }, false],
	])('%s', (_what, row, told) => {
		const connection = aConnection({ state: 'Connected', ...row });
		const begun = beginRoutes({ vpc: aVpc(), connections: [connection], customerGateways: [], plan, now: start });

		expect([begun.alerts, begun.connections[0]?.next?.notified]).toEqual([told, told ? 'degraded' : connection.notified]);
		expect(begun.connections[0]?.next?.routeTrouble?.code).toBe('route-missing');
		expect(begun.events).toMatchObject([{ kind: 'route', to: 'route-missing', why: 'route-missing' }]);
	});
});
