import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkScript } from './check-script.ts';
import { cutToAlert } from './cut-to-alert.ts';
import { evaluateReports } from './evaluate-reports.ts';
import { type FleetRun, watchFleet } from './watch-fleet.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---:'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const fleets: [number, number][] = [1, 100, 1_000, 10_000, 100_000].flatMap((routers): [number, number][] => [
	[routers, 1],
	[routers, 20],
]);

const fleetRow = (run: FleetRun): string[] => [
	run.routers.toLocaleString('en'),
	String(run.perRouter),
	String(run.send),
	String(run.list),
	String(run.throttled),
	String(run.unanswered),
	run.rowsRead.toLocaleString('en'),
	String(run.writes),
	run.lagP50.toFixed(1),
	run.lagP99.toFixed(1),
	run.wholeSeconds.toFixed(0),
	run.memoryMb.toFixed(0),
	run.costAMonth.toFixed(2),
];

const evaluation = await evaluateReports();
console.log('reports evaluated');
const runs: FleetRun[] = [];
for (const [routers, perRouter] of fleets) {
	const run = await watchFleet(routers, perRouter);
	console.log(fleetRow(run).join('  '));
	runs.push(run);
}
/** The lab's two take half an hour: `npm run bench -- lab`. */
const withLab = process.argv.includes('lab');
const cuts = withLab ? await cutToAlert() : undefined;
const scripts = withLab ? await checkScript() : undefined;
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
const text = `# Results

\`npm run bench\` on ${machine}.

## Evaluation of reports

Reading the report and holding it against the rows, nothing changed; the best of five.

${table(['connections', 'routers', 'µs a connection', 'ms in all'], evaluation)}

## One interval of a quiet fleet

The real tick, checks and shell, 30 s between checks, 50 checks at once, against a simulated Systems Manager: 25 calls a second for SendCommand and
ListCommandInvocations together, 20 to 80 ms a call, a router's answer after 0.8 to 2 s (one in a thousand after 3 to 5 s). Lag is from a check's time
to each router's answer. *Unanswered* routers are those that were throttled or too slow: the next interval asks again, and it changes no state.

${table(['routers', 'connections each', 'SendCommand', 'List', 'throttled', 'unanswered', 'rows read', 'writes', 'lag p50 s', 'lag p99 s', 'interval done after s', 'memory MB', '$ a month'], runs.map(fleetRow))}

A month's cost = 730 h / 30 s × (rows read × $0.125 a million + (messages / 10 + 2 × messages) × $0.40 a million + messages × $0.20 a million +
seconds of checks × 0.5 GB × $13.3334 a million GB-s). Run Command itself is free on EC2.

Memory is that of the whole process, the benchmark's own included. At 100,000 routers the quota refuses half of the calls: this is where routers have to
report by themselves. At 10,000 with twenty connections the cost is that of reading rows by key, consistently.
${
	cuts && scripts
		? `
## From cut to alert, on the lab

The peer is killed at a random moment; DPD at 3 s and 9 s, a check each 30 s (\`npm run bench -- lab\`).

${table(['runs', 'p50 s', 'p95 s', 'longest s'], cuts)}

## The check script on a router

On the lab's router, which is emulated: a real one is some ten times faster.

${table(['connections loaded', 'p50 s', 'p95 s'], scripts)}
`
		: ''
}`;
await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
console.log(text);
