import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Tests that start no process and open no socket; test/support/in-memory.ts makes the others fail here. */
const inMemory = [
	'test/{docs,handlers,http}/**/*.test.ts',
	// Those left out run awk, or keep their rows in a local DynamoDB.
	'test/domain/**/!(log-patterns).test.ts',
	'test/usecases/!(invariants-under-concurrency).test.ts',
	'test/*.test.ts',
	'test/adapters/{send-to-each,ssm-router-shell}.test.ts',
	'test/local/parameter-store.test.ts',
	'test/local/iam/evaluate*.test.ts',
];

/** A minute and more for one answer, of which `unit` has most: only in the long run. */
const long = ['test/local/keys-at-rest.test.ts'];

export default defineConfig({
	test: {
		// Those that run a whole platform mostly wait for it: two side by side, the longest first, end when the rest does.
		maxWorkers: 2,
		sequence: { sequencer: LongestFirst },
		testTimeout: 60_000,
		hookTimeout: 120_000,
		reporters: ['default', './test/support/closing-line-reporter.ts'],
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					include: inMemory,
					setupFiles: ['test/support/in-memory.ts'],
					isolate: false,
				},
			},
			{
				extends: true,
				test: {
					name: 'local',
					include: ['test/**/*.test.ts'],
					exclude: [...inMemory, 'test/e2e/**', ...(process.env['LONG'] === '1' ? [] : long)],
				},
			},
		],
	},
});
