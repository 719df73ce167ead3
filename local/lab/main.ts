// npx node local/lab/main.ts [folder]: a lab to play with by hand, until it is interrupted.
import { join } from 'node:path';
import { startLab } from './lab.ts';

const dir = process.argv[2] ?? join('.local', 'lab');
const lab = await startLab({ dir, log: (line) => process.stdout.write(`${line}\n`) });
process.stdout.write(
	`The lab runs. Try: npx node local/lab/exec.ts ${join(dir, 'lab.json')} router ipsec whack --status </dev/null\n`,
);
const stop = async () => {
	await lab.stop();
	process.exit(0);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
setInterval(() => {}, 1 << 30);
