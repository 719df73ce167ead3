import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { demoInstanceId, runDemo, watch } from './demo.ts';
import { type Lab, startLab } from './lab/lab.ts';
import { startPlatform } from './platform.ts';
import { cdkOut, synthesize } from './synth.ts';

const began = Date.now();
const say = (line: string) => console.log(line);

const { values } = parseArgs({ options: { empty: { type: 'boolean', default: false } } });
const dir = resolve(process.env['LOCAL_DIR'] ?? '.local');
const port = Number(process.env['PORT'] ?? 8787);
const routersFile = process.env['ROUTERS'];
/** As an account has it: 1,000, or 10 where it is new. */
const mostFunctions = Number(process.env['CONCURRENCY'] ?? 1_000);

await synthesize(say);

/** The demo's router and peer are real daemons where this machine can run them. */
const demoLab = async (): Promise<Lab | undefined> => {
	try {
		return await startLab({ dir: join(dir, 'lab'), log: say });
	} catch (error) {
		say(
			`No lab on this machine (${error instanceof Error ? error.message : String(error)}): the demo's router is a simulated one.`,
		);
		return undefined;
	}
};
const lab = values.empty ? undefined : await demoLab();
const platform = await startPlatform({
	dir,
	port,
	cdkOut,
	mostFunctions,
	...(routersFile === undefined ? {} : { routersFile }),
	...(lab === undefined ? {} : { lab, routers: { [demoInstanceId]: { driver: 'lab' } } }),
});

let ending = false;
const end = async (): Promise<void> => {
	if (ending) return;
	ending = true;
	await platform.stop();
	process.exit(0);
};
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());

say(`The API is at ${platform.url}/v1 (its description: ${platform.url}/v1/openapi.json).`);
if (values.empty) {
	say(`Tokens: curl -s ${platform.url}/_local/tokens`);
} else {
	const connectionId = await runDemo({ platform, lab, began, say });
	await watch({ platform, connectionId, say });
}
