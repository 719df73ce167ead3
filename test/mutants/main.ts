import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { rooms, testsOf } from './rooms.ts';

/** What git ignores: what is known from the last run, the reports, and the copies in which mutants live. */
const cache = '.mutants';

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { force: { type: 'boolean', default: false }, tables: { type: 'boolean', default: false } },
});
const [name = '', ...files] = positionals;
const room = rooms[name];
if (room === undefined) {
	console.error(`usage: npm run test:mutants -- <room> [--tables] [--force] [file ...]\nrooms: ${Object.keys(rooms).join(' ')}`);
	process.exit(2);
}

// It takes minutes to hours of one core: whoever works on this machine comes first.
setPriority(19);
await new Stryker({
	mutate: files.length > 0 ? files : [room.mutate],
	testFiles: testsOf(room),
	force: values.force,
	// What a module makes when it is loaded needs every test of the room, in workers of their own, for each mutant.
	ignoreStatic: !values.tables,
	incremental: true,
	incrementalFile: `${cache}/${name}.json`,
	testRunner: 'vitest',
	vitest: { configFile: 'vitest.mutants.config.ts', related: false },
	plugins: ['@stryker-mutator/vitest-runner'],
	concurrency: 1,
	// On a machine that is shared, slow is not stuck: a mutant that times out counts as found.
	timeoutMS: 30_000,
	timeoutFactor: 4,
	// It would rewrite tsconfig.json by the API of TypeScript, which version 7 has not; nothing here reads types.
	ignorePatterns: ['/tsconfig.json', '/.local', '/cdk.out', '/bench', `/${cache}`],
	tempDirName: `${cache}/sandbox`,
	reporters: ['clear-text', 'progress', 'html', 'json'],
	clearTextReporter: { reportTests: false },
	htmlReporter: { fileName: `${cache}/${name}.html` },
	jsonReporter: { fileName: `${cache}/${name}.report.json` },
	thresholds: { high: 95, low: 85, break: null },
}).runMutationTest();
