import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/e2e/**'],
		testTimeout: 60_000,
		hookTimeout: 120_000,
		reporters: ['default', './test/support/closing-line-reporter.ts'],
	},
});
