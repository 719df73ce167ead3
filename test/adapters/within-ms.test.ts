import { expect, it } from 'vitest';
import { withinMs } from '../../functions/adapters/system/within-ms.ts';

it('gives what a calculation returns', () => {
	const returned = { found: [1] };
	expect(withinMs(5_000, () => returned)).toBe(returned);
});

it('ends a calculation that has no end, whatever it catches', () => {
	const endless = (): object => {
		for (;;)
			try {
				for (;;);
			} catch {}
	};
	expect(withinMs(50, endless)).toBeUndefined();
	expect(withinMs(5_000, () => ({ after: 'it' }))).toEqual({ after: 'it' });
});

it('throws what a calculation throws', () => {
	const fault = new Error('a fault of ours');
	expect(() =>
		withinMs(5_000, () => {
			throw fault;
		}),
	).toThrow(fault);
});
