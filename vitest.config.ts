import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/e2e/**'],
		// Those that run a whole platform mostly wait for it: two side by side, the longest first, end when the rest does.
		maxWorkers: 2,
		sequence: { sequencer: LongestFirst },
		testTimeout: 60_000,
		hookTimeout: 120_000,
		reporters: ['default', './test/support/closing-line-reporter.ts'],
	},
});
