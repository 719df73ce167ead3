import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes comes first, so that no worker is left alone with it at the end. */
const longest = [
	...['platform', 'router', 'changes', 'packets', 'ends', 'reasons', 'suites'].map((name) => `/e2e/${name}`),
	...['/iam/grants', '/invariants-under-concurrency', '/bad-instances', '/simulated-router'],
];

export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const rank = ({ moduleId }: TestSpecification) => {
			const at = longest.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
			return at < 0 ? longest.length : at;
		};
		return [...files].sort((a, b) => rank(a) - rank(b));
	}
}
