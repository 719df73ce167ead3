import { defineConfig } from 'vitest/config';

/** Real daemons: one lab a file, one file at a time, since each lab is a machine of its own. */
export default defineConfig({
	test: {
		include: ['test/e2e/**/*.test.ts'],
		fileParallelism: false,
		testTimeout: 300_000,
		hookTimeout: 600_000,
		reporters: ['default', './test/support/closing-line-reporter.ts'],
	},
});
