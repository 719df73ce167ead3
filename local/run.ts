import { join } from 'node:path';
import { configurePeers, demoInstanceId, runDemo, watch } from './demo.ts';
import { type Lab, startLab } from './lab/lab.ts';
import { startPlatform } from './platform.ts';
import type { StartOptions } from './start-options.ts';
import { cdkOut, synthesize } from './synth.ts';

type Around = {
	began: number;
	say(line: string): void;
	/** Says how all this is stopped, once there is anything to stop. */
	onEnd(stop: () => Promise<void>): void;
};

/** The platform, and its demo unless it is left out, until the process ends. */
export const run = async (
	{ dir, port, routersFile, mostFunctions, empty }: StartOptions,
	{ began, say, onEnd }: Around,
): Promise<void> => {
	await synthesize(say);
	const lab = empty ? undefined : await demoLab(join(dir, 'lab'), say);
	const platform = await startPlatform({
		dir,
		port,
		cdkOut,
		mostFunctions,
		...(routersFile === undefined ? {} : { routersFile }),
		...(lab === undefined ? {} : { lab, routers: { [demoInstanceId]: { driver: 'lab' } } }),
	});
	onEnd(platform.stop);
	say(`The API is at ${platform.url}/v1 (its description: ${platform.url}/v1/openapi.json).`);
	if (empty) return say(`Tokens: curl -s ${platform.url}/_local/tokens`);
	const connectionId = await runDemo({ platform, lab, labFile: join(dir, 'lab', 'lab.json'), began, say });
	await watch({ platform, connectionId, say });
};

/** The demo's router and peers are real daemons where this machine can run them. */
const demoLab = async (dir: string, say: Around['say']): Promise<Lab | undefined> => {
	try {
		say('Booting the lab, a virtual machine with a router and its peers ...');
		const lab = await startLab({ dir, log: say });
		await configurePeers(lab);
		return lab;
	} catch (error) {
		say(
			`No lab on this machine (${error instanceof Error ? error.message : String(error)}): the demo's router is a simulated one.`,
		);
		return undefined;
	}
};
