import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { logPatterns } from '../../../functions/domain/diagnosis/log-patterns.ts';
import { awks } from '../../support/awks.ts';
import { daemonLogs } from '../../support/daemon-logs.ts';

const patterns = logPatterns.map(({ says }) => says);
/** Lines of daemons, and each cut short at every word, so that patterns miss as well as fit. */
const lines = [
	...new Set(
		daemonLogs
			.flatMap(({ lines }) => lines)
			.flatMap((line) => line.split(' ').flatMap((_, n, words) => [words.slice(n).join(' '), words.slice(0, n + 1).join(' ')])),
	),
];

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

	it.each(awks)('find the same words in the same lines with $name', ({ argv: [command = '', ...options] }) => {
		const program = patterns.map((says, n) => `match($0, /${says}/) { print NR, ${n}, substr($0, RSTART, RLENGTH) }`).join('\n');

		const ran = spawnSync(command, [...options, program], { encoding: 'utf8', input: `${lines.join('\n')}\n`, maxBuffer: 1e8 });

		const found = lines.flatMap((line, at) =>
			patterns.flatMap((says, n) => {
				const match = new RegExp(says).exec(line);
				return match === null ? [] : [`${at + 1} ${n} ${match[0]}`];
			}),
		);
		expect(ran.stderr).toBe('');
		expect(ran.stdout.trim().split('\n')).toEqual(found);
	});

	it.each(patterns)('each fit some line of a daemon: %s', (pattern) => {
		expect(lines.some((line) => new RegExp(pattern).test(line))).toBe(true);
	});
});
