import { describe, expect, it } from 'vitest';
import { keyTrials } from '../../../functions/domain/monitoring/key-trials.ts';
import { aConnection, aCustomerGateway, idOf, later } from '../../support/builders.ts';

const deadline = later(300).toISOString();

/** So many connections that came up with a new key, and their customer gateways. */
const proven = (count: number) => {
	const numbers = Array.from({ length: count }, (_, n) => n + 1);
	return {
		connections: numbers.map((n) =>
			aConnection({
				id: idOf('vpnc', n),
				customerGatewayId: idOf('cgw', n),
				state: 'Connected',
				keyOnTrial: true,
				pskInUse: { version: 2, since: later(10).toISOString() },
			}),
		),
		customerGateways: numbers.map((n) =>
			aCustomerGateway({ id: idOf('cgw', n), pskVersion: 2, pskRotation: { previousVersion: 1, deadline } }),
		),
	};
};

describe('trials of new keys', () => {
	it('end six at a time, since each takes three places of a transaction; the rest waits for the next check', () => {
		const { connections, customerGateways } = proven(40);
		const first = keyTrials(connections, { customerGateways, now: later(30) });
		const ended = new Set(first.customerGateways.map(({ next }) => next.id));
		const second = keyTrials(
			connections.filter(({ customerGatewayId }) => !ended.has(customerGatewayId)),
			{
				customerGateways,
				now: later(60),
			},
		);

		expect([...ended]).toEqual([1, 2, 3, 4, 5, 6].map((n) => idOf('cgw', n)));
		expect(first.connections.size).toBe(6);
		expect(first.events).toHaveLength(6);
		expect(second.customerGateways.map(({ next }) => next.id)).toEqual([7, 8, 9, 10, 11, 12].map((n) => idOf('cgw', n)));
	});
});
