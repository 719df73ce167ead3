import { describe, expect, it } from 'vitest';
import { ConnectionState } from '../../../functions/domain/model/vpn-connection.ts';
import { canMove, pended, priorsOf, transition, transitions } from '../../../functions/domain/monitoring/transitions.ts';
import { aConnection, later } from '../../support/builders.ts';

const states = ConnectionState.options;
const allowed = [
	'Pending Pending user',
	'Pending Connected reconcile',
	'Pending Disconnected reconcile',
	'Pending Error reconcile',
	'Pending Deleting user',
	'Connected Disconnected check',
	'Connected Pending user',
	'Connected Deleting user',
	'Disconnected Connected check',
	'Disconnected Pending user',
	'Disconnected Deleting user',
	'Error Pending user',
	'Error Pending reconcile',
	'Error Deleting user',
];
const moves = states.flatMap((from) =>
	states.flatMap((to) => (['user', 'reconcile', 'check'] as const).map((who) => ({ from, to, who }))),
);

describe('the life of a connection', () => {
	it.each(moves)('$from to $to by $who is as the table says', ({ from, to, who }) => {
		const isAllowed = allowed.includes(`${from} ${to} ${who}`);
		const connection = aConnection({ state: from });

		expect(canMove(from, to, who)).toBe(isAllowed);

		expect(priorsOf(to, who).includes(from)).toBe(isAllowed);

		if (isAllowed) expect(transition(connection, to, { now: later(5), who }).state).toBe(to);
		else expect(() => transition(connection, to, { now: later(5), who })).toThrow(/cannot go/);
	});

	it('is only ever changed to Connected or Disconnected by a check, and from these (F-8)', () => {
		const byCheck = moves.filter(({ from, to, who }) => who === 'check' && canMove(from, to, who));

		expect(byCheck.map(({ from, to }) => `${from} ${to}`)).toEqual(['Connected Disconnected', 'Disconnected Connected']);
	});

	it('ends with Deleting', () => {
		expect(transitions.Deleting).toEqual({});
	});

	it('drops the old reason and notes when it moved', () => {
		const connection = aConnection({ state: 'Error', stateReason: { code: 'crypto-denied', kind: 'refused', detail: 'x' } });

		expect(transition(connection, 'Pending', { now: later(5) })).toMatchObject({
			stateReason: undefined,
			stateChangedAt: later(5).toISOString(),
			version: 1,
		});
	});

	it('takes a new revision to be Pending again', () => {
		expect(pended(aConnection({ state: 'Connected', desiredRevision: 4 }), later(1))).toMatchObject({
			state: 'Pending',
			desiredRevision: 5,
		});
	});
});
