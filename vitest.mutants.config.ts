import { defineConfig } from 'vitest/config';

/** For Stryker, which runs the tests of a room once for each mutant. */
export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/e2e/**'],
		setupFiles: ['test/mutants/few-and-same-runs.ts'],
		testTimeout: 60_000,
		hookTimeout: 120_000,
	},
});
