import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Tables that are run whole or not at all. */
const long = ['lifetimes', 'faults', 'usage', 'diagnosis', 'devices', 'isolation', 'foreign', 'peer-texts', 'ten-pairs', 'changes', 'any-router', 'cron'];

/** Real daemons: one lab a file, each a machine of its own, which mostly waits: two run side by side on two cores. */
export default defineConfig({
	test: {
		include: ['test/e2e/**/*.test.ts'],
		exclude: process.env.LONG === '1' || process.env.ROUTER_ARGV !== undefined ? [] : long.map((name) => `test/e2e/${name}.test.ts`),
		maxWorkers: 2,
		sequence: { sequencer: LongestFirst },
		testTimeout: 300_000,
		hookTimeout: 600_000,
		reporters: ['default', './test/support/closing-line-reporter.ts'],
	},
});
