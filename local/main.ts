import { createServer } from 'node:http';
import { claimDataFolder } from './data-folder.ts';
import { close, listen } from './listen.ts';
import { readRoutersFile } from './routers/routers-file.ts';
import { failureOf } from './start-failure.ts';
import { startOptions } from './start-options.ts';

let ending = false;
/** What the user or the machine brought about is told in a sentence; a defect of ours with all there is to say of it. */
const giveUp = (error: unknown): void => {
	// What was cut off while the platform ends fails as it must.
	if (ending) return;
	const failure = failureOf(error);
	console.error(failure?.message ?? error);
	process.exit(failure?.code ?? 1);
};
process.on('uncaughtException', giveUp);

// Whatever the folder is to others, what is written there is its owner's alone.
process.umask(0o077);
const began = Date.now();
const options = startOptions(process.argv.slice(2), process.env);
await claimDataFolder(options.dir);
await readRoutersFile(options.routersFile, options.dir);
const probe = createServer();
await listen(probe, options.port);
await close(probe);

// What stands in the way has been told by now, before anything that takes long.
const { run } = await import('./run.ts');
await run(options, {
	began,
	say: (line) => console.log(line),
	onEnd(stop) {
		const end = (): void => {
			if (ending) return;
			ending = true;
			stop().then(
				() => process.exit(0),
				(error: unknown) => {
					console.error(error);
					process.exit(1);
				},
			);
		};
		process.on('SIGINT', end);
		process.on('SIGTERM', end);
	},
});
