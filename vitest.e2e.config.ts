import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Real daemons: one lab a file, each a machine of its own, which mostly waits: two run side by side on two cores. */
export default defineConfig({
	test: {
		include: ['test/e2e/**/*.test.ts'],
		// Three lifetimes, and all faults, take the better part of an hour each.
		exclude: process.env.LONG === '1' ? [] : ['test/e2e/lifetimes.test.ts', 'test/e2e/faults.test.ts', 'test/e2e/diagnosis.test.ts'],
		maxWorkers: 2,
		sequence: { sequencer: LongestFirst },
		testTimeout: 300_000,
		hookTimeout: 600_000,
		reporters: ['default', './test/support/closing-line-reporter.ts'],
	},
});
