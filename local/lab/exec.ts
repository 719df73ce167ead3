// node local/lab/exec.ts <lab.json> <node> <command> [argument ...]: runs it on a node of a lab that runs, with its standard streams.
import { text } from 'node:stream/consumers';
import { connectLab, type LabNode } from './lab.ts';

const [labFile, node, ...argv] = process.argv.slice(2);
if (labFile === undefined || node === undefined || argv.length === 0) {
	process.stderr.write('usage: exec.ts <lab.json> <node> <command> [argument ...]\n');
	process.exit(2);
}
const lab = await connectLab(labFile);
const stdin = process.stdin.isTTY ? '' : await text(process.stdin);
const { code, stdout, stderr } = await lab.exec(node as LabNode, argv, { stdin });
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
