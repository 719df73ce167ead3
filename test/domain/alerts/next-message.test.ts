import { describe, expect, it } from 'vitest';
import { nextMessage, type Owing } from '../../../functions/domain/alerts/next-message.ts';
import { later } from '../../support/builders.ts';

const at = (second: number) => later(second).toISOString();
const owing = (id: string, owedAt: number, alert: Partial<Owing['alert']> = {}): Owing => ({
	id,
	subject: { kind: 'connection', id: 'vpnc-00000000000000001' },
	accountId: 'acme',
	vpcId: 'vpc-0a1b2c3d',
	at: at(owedAt),
	who: 'check',
	kind: 'state',
	expiresAt: 2_000_000_000,
	alert: { alertId: `alert ${id}`, subject: id, email: id, sms: id, owedAt: at(owedAt), ...alert },
});
const tried = (messageId: string, triedAt: number, leads = false) => ({
	messageId,
	triedAt: at(triedAt),
	heldUntil: at(triedAt + 45),
	leads,
});
const next = (owed: readonly Owing[], second: number) => {
	const message = nextMessage(owed, later(second));
	return typeof message === 'string' ? message : [message.tried?.messageId ?? 'new', ...message.parts.map(({ id }) => id)];
};

describe('the next message of an account', () => {
	it('is nothing where nothing is owed', () => {
		expect(next([], 0)).toBe('nothing');
	});

	it('is all that nobody has tried to send', () => {
		expect(next([owing('a', 0), owing('b', 1)], 2)).toEqual(['new', 'a', 'b']);
	});

	it('waits while more is coming', () => {
		const storm = [0, 1, 2, 3, 4].map((second) => owing(`${second}`, second));

		expect(next(storm, 5)).toBe('gathering');
		expect(next(storm, 9)).toEqual(['new', '0', '1', '2', '3', '4']);
	});

	it('is one that was tried, as it was, its leader first, when nobody holds it any more', () => {
		const parts = [owing('a', 0, tried('m', 1)), owing('b', 0, tried('m', 1, true)), owing('c', 0, tried('m', 1))];

		expect(next(parts, 45)).toBe('nothing');
		expect(next(parts, 46)).toBe('nothing');
		expect(next(parts, 46.001)).toEqual(['m', 'b', 'a', 'c']);
	});

	it('leaves one alone of which another sender holds a part', () => {
		const parts = [owing('a', 0, tried('m', 1, true)), owing('b', 0, tried('m', 20))];

		expect(next(parts, 50)).toBe('nothing');
	});

	it('is a new one of what has no leader: that was never held whole', () => {
		const parts = [owing('a', 0, tried('m', 1)), owing('b', 2), owing('c', 2, tried('n', 40))];

		expect(next(parts, 60)).toEqual(['new', 'a', 'b']);
	});

	it('is the one that has waited longest since its last try', () => {
		const old = [owing('a', 0, tried('m', 100, true))];

		expect(next([...old, owing('b', 99)], 200)).toEqual(['new', 'b']);
		expect(next([...old, owing('b', 101)], 200)).toEqual(['m', 'a']);
		expect(next([owing('b', 101), ...old], 200)).toEqual(['m', 'a']);
	});

	it('goes by the longest wait of its parts', () => {
		const old = [owing('a', 0, tried('m', 100, true)), owing('c', 0, tried('m', 90))];

		expect(next([owing('b', 95), ...old], 200)).toEqual(['m', 'a', 'c']);
	});

	it('is one that was tried while a storm gathers', () => {
		const storm = [0, 1, 2, 3, 4].map((second) => owing(`${second}`, 100 + second));

		expect(next([...storm, owing('a', 0, tried('m', 50, true))], 105)).toEqual(['m', 'a']);
	});
});
