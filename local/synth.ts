import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dyingWithUs } from './dying-with-us.ts';

const root = join(import.meta.dirname, '..');
const sources = ['cdk', 'functions', 'router'];
const files = ['cdk.json', 'package-lock.json', 'tsconfig.json'];
export const cdkOut = join(root, 'cdk.out');
const stamp = join(cdkOut, '.sources');
const othersMs = 180_000;
const lookMs = 1_000;
/** The CLI of a synthesis holds the folder alone while it writes, and with other readers once it has written. */
const heldByOthers = /is currently synthing|are currently reading from/;

const hashOfSources = async (): Promise<string> => {
	const hash = createHash('sha256');
	const all = [...files];
	for (const folder of sources) {
		const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
		all.push(
			...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
		);
	}
	for (const file of all.sort())
		hash
			.update(file)
			.update('\0')
			.update(await readFile(join(root, file)));
	return hash.digest('hex');
};

const isFresh = async (hash: string): Promise<boolean> => {
	try {
		return (await readFile(stamp, 'utf8')) === hash;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
};

/** What the CLI printed if it failed, otherwise undefined. */
const cdkSynth = async (): Promise<string | undefined> => {
	// The CLI starts the app by a shell, and is no parent that takes it along.
	const { app } = JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8')) as { app: string };
	const ownApp = `exec ${dyingWithUs([app]).join(' ')}`;
	const cdk = [process.execPath, join(root, 'node_modules/.bin/cdk')];
	const argv = [...cdk, 'synth', '--quiet', '--no-notices', '--app', ownApp, '--output', cdkOut];
	const [command = '', ...rest] = dyingWithUs(argv);
	const child = spawn(command, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
	let printed = '';
	const keep = (chunk: Buffer) => {
		printed += chunk.toString();
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
	return code === 0 ? undefined : printed;
};

/** Synthesizes the app and checks it with cdk-nag if its sources have changed. Waits for another synthesis that is running. */
export const synthesize = async (log: (line: string) => void): Promise<void> => {
	const hash = await hashOfSources();
	if (await isFresh(hash)) return;
	log('Synthesizing the stacks ...');
	let waits = false;
	const end = Date.now() + othersMs;
	do {
		const failure = await cdkSynth();
		if (failure === undefined) await writeFile(stamp, hash);
		else if (!heldByOthers.test(failure) || Date.now() > end) throw new Error(`cdk synth failed:\n${failure}`);
		else {
			if (!waits) log('Another process synthesizes them already: waiting for it ...');
			waits = true;
			await new Promise((resolve) => setTimeout(resolve, lookMs));
		}
	} while (!(await isFresh(hash)));
};

if (import.meta.main) await synthesize((line) => console.log(line));
