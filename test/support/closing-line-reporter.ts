import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Adds each run's counts to the file named by COUNTS_FILE, from which the closing line of `npm test` is made. */
export default class ClosingLineReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
		const file = process.env['COUNTS_FILE'];
		if (file === undefined) return;
		let passed = 0;
		let failed = unhandledErrors.length;
		let skipped = 0;
		for (const module of modules) {
			const tests = [...module.children.allTests()];
			if (tests.length === 0 && module.state() === 'failed') failed++;
			for (const test of tests) {
				const { state } = test.result();
				if (state === 'passed') passed++;
				else if (state === 'failed') failed++;
				else skipped++;
			}
		}
		appendFileSync(file, `${passed} ${failed} ${skipped}\n`);
	}
}
