import { describe, expect, it } from 'vitest';
import { ConnectionState } from '../../../functions/domain/model/vpn-connection.ts';
import { canMove, toPending, transition, transitions } from '../../../functions/domain/monitoring/transitions.ts';
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
	'Disconnected Pending check',
	'Disconnected Deleting user',
	'Error Pending user',
	'Error Pending reconcile',
	'Error Deleting user',
];
const moves = states.flatMap((from) =>
	states.flatMap((to) => (['user', 'reconcile', 'check'] as const).map((who) => ({ from, to, who }))),
);

describe('the life of a connection', () => {
	it.each(moves)('allows $from to $to by $who exactly if the table does', ({ from, to, who }) => {
		const isAllowed = allowed.includes(`${from} ${to} ${who}`);
		const connection = aConnection({ state: from });

		expect(canMove(from, to, who)).toBe(isAllowed);

		if (isAllowed) expect(transition(connection, to, { now: later(5), who }).state).toBe(to);
		else expect(() => transition(connection, to, { now: later(5), who })).toThrow(/cannot go/);
	});

	it('is moved between Connected and Disconnected only by a check (F-8), and to Pending where a key was given up', () => {
		const byCheck = moves.filter(({ from, to, who }) => who === 'check' && canMove(from, to, who));

		expect(byCheck.map(({ from, to }) => `${from} ${to}`)).toEqual([
			'Connected Disconnected',
			'Disconnected Pending',
			'Disconnected Connected',
		]);
	});

	it('has no way out of Deleting', () => {
		expect(transitions.Deleting).toEqual({});
	});

	it('drops the old reason and records the time of a move', () => {
		const connection = aConnection({ state: 'Error', stateReason: { code: 'crypto-denied', kind: 'refused', detail: 'x' } });

		expect(transition(connection, 'Pending', { now: later(5), who: 'user' })).toMatchObject({
			stateReason: undefined,
			stateChangedAt: later(5).toISOString(),
			version: 1,
		});
	});

	it('gets a new revision whenever it becomes Pending again', () => {
		expect(toPending(aConnection({ state: 'Connected', desiredRevision: 4 }), { now: later(1), who: 'user' })).toMatchObject({
			state: 'Pending',
			desiredRevision: 5,
		});
	});
});
