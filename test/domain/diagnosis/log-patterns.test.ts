import { describe, expect, it } from 'vitest';
import { logPatterns } from '../../../functions/domain/diagnosis/log-patterns.ts';
import { daemonLogs } from '../../support/daemon-logs.ts';

const patterns = logPatterns.map(({ says }) => says);
/** What is left of a pattern without what all of them read alike. */
const beyondSubset = (pattern: string): string =>
	pattern
		.replace(/\[\^?[A-Za-z0-9 ,:.^-]+\]/g, '.')
		.replace(/[)a-zA-Z_.][*+?](?![*+?])/g, '')
		.replace(/[A-Za-z0-9_ :,#().|-]/g, '');

describe('the patterns of the log', () => {
	it.each(patterns)('are written in what JavaScript and every awk read alike: %s', (pattern) => {
		expect(beyondSubset(pattern)).toBe('');
	});

	it.each(['\\d', 'a{2}', 'a*?', 'a\\b', '(?=a)', '[[:digit:]]', "it's", 'a/b', '^a', 'a$', '[\\]]'])(
		'would not be, with %s',
		(pattern) => {
			expect(beyondSubset(pattern)).not.toBe('');
		},
	);

	it.each(patterns)('each fit some line of a daemon: %s', (pattern) => {
		expect(daemonLogs.some(({ lines }) => lines.some((line) => new RegExp(pattern).test(line)))).toBe(true);
	});
});
