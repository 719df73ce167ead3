import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, constants, mkdir, readdir, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { failureOf, StartFailure } from './start-failure.ts';
import { writeDurably } from './write-durably.ts';

/** Of what is kept in the folder, all together. Raised where an older platform's data could not be read any more. */
export const layoutVersion = '1';
const layoutFile = 'layout';

/** What may be there before the first start: it is the user's, the lab's that runs by itself, or a first start's that was cut off. */
const notOurs = ['routers.json', 'lab', `${layoutFile}.new`];
/** By these a platform's folder is told from any other that has no layout file. */
const ours = ['dynamodb', 'sqs', 'issuer.json', 'outbox.jsonl'];
const leastSpace = 50 * 1_024 * 1_024;
const wayOut = 'name another folder with LOCAL_DIR';

/** Makes the folder of the platform's data, or takes one that it can read, and keeps all others out until this process ends. */
export const claimDataFolder = async (dir: string): Promise<void> => {
	await makeFolder(dir);
	await keepOthersOut(dir);
	const isNew = await isWithoutData(dir);
	const { bavail, bsize } = await statfs(dir);
	if (bavail * bsize < leastSpace)
		throw new StartFailure(`There is less than ${leastSpace >> 20} MB of space left for ${dir}: make room, or ${wayOut}.`);
	await access(dir, constants.W_OK);
	if (isNew) await writeDurably(join(dir, layoutFile), `${layoutVersion}\n`);
};

/** Not `recursive`: Node then tries for ever where the parent is there and takes no folders, as in /proc. */
const makeFolder = async (dir: string): Promise<void> => {
	if (await isFolder(dir)) return;
	await makeFolder(dirname(dir));
	try {
		await mkdir(dir, { mode: 0o700 });
	} catch (error) {
		// Another start may have made it meanwhile.
		if (await isFolder(dir)) return;
		throw failureOf(error) ?? new StartFailure(`${dir} cannot be made (${(error as NodeJS.ErrnoException).code}): ${wayOut}.`);
	}
};

const isFolder = async (path: string): Promise<boolean> => {
	try {
		return (await stat(path)).isDirectory();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw failureOf(error) ?? new StartFailure(`${path} cannot be used (${(error as NodeJS.ErrnoException).code}): ${wayOut}.`);
	}
};

/** False where the folder holds data of this layout; throws where it holds anything else. */
const isWithoutData = async (dir: string): Promise<boolean> => {
	const entries = await readdir(dir);
	if (entries.includes(layoutFile)) {
		const version = (await readFile(join(dir, layoutFile), 'utf8')).trim();
		if (version === layoutVersion) return false;
		throw new StartFailure(
			`${dir} holds data of layout ${version}, and this version of the platform reads layout ${layoutVersion}: remove that folder, or ${wayOut}.`,
		);
	}
	if (entries.some((name) => ours.includes(name)))
		throw new StartFailure(
			`${dir} holds data of an older version of the platform, which this one cannot read: remove that folder, or ${wayOut}.`,
		);
	const foreign = entries.find((name) => !notOurs.includes(name));
	if (foreign !== undefined)
		throw new StartFailure(`${dir} holds files that are not the platform's, such as ${foreign}: ${wayOut}.`);
	return true;
};

/**
 * Holds a name that the kernel gives to one process, and takes back however that process ends. Whoever asks there is told its id.
 * Linux alone has such names; elsewhere the database's own lock has to do.
 */
const keepOthersOut = async (dir: string): Promise<void> => {
	if (process.platform !== 'linux') return;
	const hash = createHash('sha256')
		.update(await realpath(dir))
		.digest('hex');
	const name = `\0s2s-vpn-${hash}`;
	const server = createServer((socket) => {
		// Whoever asks may be gone before the answer.
		socket.on('error', () => {});
		socket.end(String(process.pid));
	});
	server.listen(name);
	try {
		await once(server, 'listening');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		const pid = await text(connect(name));
		throw new StartFailure(`${dir} is in use by a platform that runs already (process ${pid}): stop it first, or ${wayOut}.`);
	}
	server.unref();
};
