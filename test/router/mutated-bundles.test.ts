import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOf, toPeer, toPeer2 } from '../e2e/router-under-test.ts';
import { atLength } from '../support/at-length.ts';
import { attackTally } from '../support/attack-tally.ts';
import { awks } from '../support/awks.ts';
import { aRouter, aVpc } from '../support/builders.ts';
import { hostileBundles } from '../support/hostile-bundles.ts';
import { mutate, mutations } from '../support/mutations.ts';
import { routerShell } from '../support/router-shell.ts';

const folder = join(import.meta.dirname, '../golden/bundles');
const generation = 3;
const goldens = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const ours = bundleOf([toPeer(2, ''), toPeer2('')], { vpc: aVpc({ generation, router: aRouter() }) });
const spoilt = hostileBundles.map(({ change }) => {
	try {
		return change(ours);
	} catch {
		// Those that are about another generation or daemon than this one's.
		return ours;
	}
});

const linesOf = (text: string) => text.split('\n');
const setup = new Set(goldens.flatMap(linesOf).filter((line) => line.startsWith('setup ')));
const options = new Set(goldens.flatMap(linesOf).flatMap((line) => /^\| \t(\w+)=/.exec(line)?.[1] ?? []));
const saidOf = (text: string, name: string) =>
	[...text.matchAll(new RegExp(`^\\| \\t${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);
const isReachable = (block: string) => {
	const [, first = '0', bits = '0'] = /^(\d+)\.\d+\.\d+\.\d+\/(\d+)$/.exec(block) ?? [];
	return Number(bits) > 0 && Number(first) > 0 && Number(first) < 224 && Number(first) !== 127;
};

/** What no bundle may make the router do, told without the router's own grammar. */
const harmOf = (text: string): string[] => {
	// Blanks part the words of all lines but those that go into a conn's file as they are.
	const lines = linesOf(text.replace(/\n$/, '')).map((line) =>
		line.startsWith('| ')
			? line
			: line
					.trim()
					.split(/[ \t]+/)
					.join(' '),
	);
	const wordsOf = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.split(' '));
	const pairs = wordsOf('pair').map(([, , block = '']) => block);
	const [vpc = ''] = wordsOf('vpc').map(([, block]) => block);
	return [
		...linesOf(text)
			.filter((line) => /[^\t -~]/.test(line))
			.map((line) => `a character in ${JSON.stringify(line)}`),
		...lines.filter((line) => line.startsWith('setup ') && !setup.has(line)),
		...lines.filter(
			(line) =>
				/^\| /.test(line) &&
				!/^\| (# s2s vpnc-[0-9a-f]{17} revision \d+|conn vpnc-[0-9a-f]{17}-\d+|\t\w+=[\w@.%/;,!-]+)$/.test(line),
		),
		...lines.flatMap((line) => /^\| \t(\w+)=/.exec(line)?.[1] ?? []).filter((name) => !options.has(name)),
		...lines.filter((line) => line.startsWith('connection ') && !/^connection vpnc-[0-9a-f]{17} /.test(line)),
		...[...text.matchAll(/ psk=(\S*)/g)].map(([, name = '']) => name).filter((name) => !/^\/[\w/-]+:\d+$/.test(name)),
		...saidOf(text, 'type').filter((value) => value !== 'tunnel'),
		...saidOf(text, 'auto').filter((value) => value !== 'add'),
		...saidOf(text, 'authby').filter((value) => value !== 'secret'),
		...saidOf(text, 'leftsubnet').filter((value) => value !== vpc),
		...saidOf(text, 'rightsubnet').filter((value) => !pairs.includes(value)),
		...[vpc, ...pairs].filter((block) => !isReachable(block)),
		...(lines.at(-1) === 'end' ? [] : ['no end']),
	];
};

const batch = 100;
/** Of each awk: whatever other work the machine has. */
const most = { kilobytes: 100_000, seconds: 2 };
const runs = atLength ? Math.ceil(100_000 / awks.length) : batch;

describe.each(awks)('a bundle with changes that no renderer makes, read with $name', ({ name, argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeAll(() => {
		router = routerShell(argv);
	});
	afterAll(() => router.remove());

	/** The fault of each, undefined where it is taken. */
	const faultsOf = (texts: readonly string[]): (string | undefined)[] => {
		for (const [n, text] of texts.entries()) router.write(`bundle-${n}`, linesOf(text.replace(/\n$/, '')));
		const { stdout, stderr } = router.run(
			// A function, for which no shell is started each time.
			`awk() { ${argv.join(' ')} "$@"; }; ulimit -v ${most.kilobytes}; ulimit -t ${most.seconds}; n=0; while [ $n -lt ${texts.length} ]; do faults_of_bundle "$S2S_ROOT/bundle-$n" ${generation} && echo taken; echo "of $n"; n=$((n + 1)); done`,
		);
		expect(stderr).toBe('');
		const said = stdout.split(/^of \d+\n/m).slice(0, -1);
		expect(said.length).toBe(texts.length);
		return said.map((one) => {
			expect(one).toMatch(/^(taken|[ -~]{1,200})\n$/);
			return one === 'taken\n' ? undefined : one.trim();
		});
	};

	it(`is refused in one line, or does no harm (${runs} bundles)`, () => {
		const tally = attackTally(`mutated bundles, ${name} held to ${most.kilobytes / 1e3} MB and ${most.seconds} s of a core each`);
		const one = fc
			.tuple(fc.oneof({ arbitrary: fc.constantFrom(...goldens, ours), weight: 4 }, fc.constantFrom(...spoilt)), mutations)
			.map(([text, changes]) => ({ text, mutant: mutate(text, changes) }));
		while (tally.made < runs) {
			// Few mutants are taken, and in a sample perhaps none.
			const unchanged = tally.made === 0 ? goldens.map((text) => ({ text, mutant: text })) : [];
			const mutants = [...unchanged, ...fc.sample(one, { numRuns: Math.min(batch, runs - tally.made) })];
			const faults = faultsOf(mutants.map(({ mutant }) => mutant));
			for (const [n, { text, mutant }] of mutants.entries()) {
				const fault = faults[n];
				tally.count(fault === undefined ? 'taken' : 'refused');
				if (fault === undefined) expect(harmOf(mutant), mutant).toEqual([]);
				if (mutant === text && goldens.includes(text)) expect(fault, mutant).toBeUndefined();
			}
		}
		tally.print();
		for (const outcome of ['taken', 'refused']) expect(tally.of(outcome)).toBeGreaterThan(0);
	}, 3_600_000);
});
