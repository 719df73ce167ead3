import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { logPatterns } from '../../functions/domain/diagnosis/log-patterns.ts';
import { awks } from '../support/awks.ts';
import { daemonLogs } from '../support/daemon-logs.ts';

const patterns = logPatterns.map(({ says }) => says);
/** Lines of daemons, and each cut short at every word, so that patterns miss as well as fit. */
const lines = [
	...new Set(
		daemonLogs
			.flatMap(({ lines }) => lines)
			.flatMap((line) => line.split(' ').flatMap((_, n, words) => [words.slice(n).join(' '), words.slice(0, n + 1).join(' ')])),
	),
];

describe('the patterns of the log', () => {
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
});
