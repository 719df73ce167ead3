import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { defaultChecksAtOnce } from '../cdk/settings.ts';
import { checkScript } from './check-script.ts';
import { cutToAlert } from './cut-to-alert.ts';
import { evaluateReports } from './evaluate-reports.ts';
import { functionStart } from './function-start.ts';
import { routerRatios } from './router-ratios.ts';
import { type FleetRun, watchFleet } from './watch-fleet.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---:'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const fleets: Parameters<typeof watchFleet>[] = [
	...[1, 100, 1_000, 10_000, 100_000].flatMap((routers): [number, number][] => [
		[routers, 1],
		[routers, 20],
	]),
	// A zone.
	[10_000, 20, 3],
];

const fleetRow = (run: FleetRun): string[] => [
	run.routers.toLocaleString('en'),
	String(run.perRouter),
	String(run.lost),
	String(run.send),
	String(run.list),
	String(run.throttled),
	String(run.unanswered),
	String(run.notAsked),
	run.rowsRead.toLocaleString('en'),
	String(run.writes),
	run.lagP50.toFixed(1),
	run.lagP99.toFixed(1),
	run.wholeSeconds.toFixed(0),
	run.memoryMb.toFixed(0),
	run.costAMonth.toFixed(2),
];

const sections: Record<string, { title: string; write(): Promise<string> }> = {
	reports: {
		title: 'Evaluation of reports',
		write: async () => {
			const evaluation = await evaluateReports();
			return `Reading the report and holding it against the rows, nothing changed; the best of five.

${table(['connections', 'routers', 'µs a connection', 'ms in all'], evaluation)}`;
		},
	},
	fleet: {
		title: 'One interval of a quiet fleet',
		write: async () => {
			const runs: FleetRun[] = [];
			for (const fleet of fleets) {
				const run = await watchFleet(...fleet);
				console.log(fleetRow(run).join('  '));
				runs.push(run);
			}
			return `The real tick, checks and shell, 30 s between checks, ${defaultChecksAtOnce} checks at once, against a simulated Systems Manager: 25 calls a second for SendCommand and
ListCommandInvocations together, 20 to 80 ms a call, a router's answer after 1 to 3 s (one in a hundred after 3 to 8 s). Lag is from a check's time
to each router's report. *Unanswered* routers are those that were lost, throttled or too slow: the first miss is noted on the VPC, no connection's state
changes, and the next interval asks again. *Not asked* are those whose check came too late and was dropped.

${table(['routers', 'connections each', 'lost', 'SendCommand', 'List', 'throttled', 'unanswered', 'not asked', 'rows read', 'writes', 'lag p50 s', 'lag p99 s', 'interval done after s', 'memory MB', '$ a month'], runs.map(fleetRow))}

A month's cost = 730 h / 30 s × (rows read × ½ × $0.125 a million + (messages / 10 + 2 × messages) × $0.40 a million + messages × $0.20 a million +
seconds of checks × 0.5 GB × $13.3334 a million GB-s). Run Command itself is free on EC2.

Memory is that of the whole process, the benchmark's own included. At 100,000 routers an interval has 2,000 checks, which want 4,000 calls where
the quota has 750: half of the routers go without an answer, and the alarm on the lag goes off. From about 15,000 on (2.4 calls a check)
routers have to report by themselves. With a third of 10,000 lost at once the interval ends by the deadline of its last check.
At 10,000 with twenty connections the cost is that of reading rows by key.`;
		},
	},
	start: {
		title: 'Start of a function',
		write:
			async () => `Loading a function's bundle in a new process, against a bundle that only makes the same clients; medians of alternating runs. The ratio is what
counts: both run on the same machine.

${table(['function', 'clients', 'bare ms', 'ours ms', 'ratio'], await functionStart())}`,
	},
	cuts: {
		title: 'From cut to alert, on the lab',
		write: async () => `The peer is killed at a random moment; DPD at 3 s and 9 s, a check each 30 s.

${table(['runs', 'p50 s', 'p95 s', 'longest s'], await cutToAlert())}`,
	},
	script: {
		title: 'The check script on a router',
		write: async () => `On the lab's router, which is emulated without hardware support: a real one is faster.

${table(['connections loaded', 'p50 s', 'p95 s'], await checkScript())}`,
	},
	ratios: {
		title: 'What our scripts cost beside the daemon’s own commands',
		write:
			async () => `On the lab's router, which is emulated without hardware support; the ratio is what counts, since both run on it one after the other. An apply
has its checks and its report in it, and its keys are there already. CloudStack's scripts ask for the status and search it twice for each connection.

${table(['what, and beside what', 'theirs ms', 'ours ms', 'ratio', 'at most'], await routerRatios())}`,
	},
};

/** Sections that were asked for, or those that need no lab; the others stay as they are. `lab` is all that need one: the better part of an hour. */
const asked = process.argv.slice(2).flatMap((name) => (name === 'lab' ? ['cuts', 'script', 'ratios'] : [name]));
const chosen = asked.length > 0 ? asked : ['reports', 'fleet'];
const unknown = chosen.filter((name) => sections[name] === undefined);
if (unknown.length > 0)
	throw new Error(`no section ${unknown.join(', ')}: there are ${Object.keys(sections).join(', ')}, and lab`);

const file = join(import.meta.dirname, 'RESULTS.md');
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
for (const [name, { title, write }] of Object.entries(sections)) {
	if (!chosen.includes(name)) continue;
	const text = `## ${title}\n\n\`npm run bench -- ${name}\` on ${machine}.\n\n${(await write()).trim()}\n`;
	console.log(text);
	// Read anew each time: a section that fails leaves those before it written.
	const [, ...old] = (await readFile(file, 'utf8')).split(/^(?=## )/m);
	const others = new Map(old.map((one) => [/^## (.*)$/m.exec(one)?.[1] ?? '', one]));
	others.set(title, text);
	const ordered = Object.values(sections).flatMap((section) => others.get(section.title)?.trimEnd() ?? []);
	await writeFile(file, `# Results\n\n${ordered.join('\n\n')}\n`);
}
