import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** All nodes of the lab share one list of processes: what ends a daemon by its name ends it on every node. */
const byName = /\b(pkill|killall|pidof|pgrep)\b/;

describe('what becomes of a peer of the lab', () => {
	let dir: string;
	let agent: Server;
	let asked: { node: string; script: string }[];
	beforeEach(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-peer-'));
		asked = [];
		agent = createServer((socket) => {
			let head = '';
			socket.on('data', (chunk: Buffer) => {
				head += chunk.toString();
				if (!head.endsWith('\n\n')) return;
				const words = (key: string) =>
					[...head.matchAll(new RegExp(`^${key} (.*)$`, 'gm'))].map(([, word = '']) => decodeURIComponent(word));
				asked.push({ node: words('node').join(), script: words('arg').join(' ') });
				socket.end('x1\n0');
			});
		});
		agent.listen(0, '127.0.0.1');
		await once(agent, 'listening');
		await writeFile(join(dir, 'lab.json'), JSON.stringify(agent.address()));
	});
	afterEach(async () => {
		agent.close();
		await rm(dir, { recursive: true, force: true });
	});

	const run = async (...args: string[]) => {
		const child = spawn(process.execPath, [join(root, 'local/lab/peer.ts'), join(dir, 'lab.json'), ...args], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
		return { code, stderr };
	};

	it.each([
		['peer', 'kill', /kill -9 "\$\(cat \/run\/charon\.pid\)"/],
		['peer2', 'kill', /kill -9 "\$\(cat \/run\/charon\.pid\)"/],
		['peer', 'stop', /swanctl --terminate/],
		['peer', 'start', /\/usr\/lib\/ipsec\/charon/],
	])('%s %s touches no other node and no other node’s daemon', async (peer, act, does) => {
		expect(await run(peer, act)).toEqual({ code: 0, stderr: '' });

		expect(asked).toEqual([{ node: peer, script: expect.stringMatching(does) }]);
		expect(asked[0]?.script).not.toMatch(byName);
	});

	it.each([
		[
			'is not there',
			undefined,
			/^There is no \S+lab\.json: it is written by a lab that runs, as that of npm start is in \.local\/lab\.\n$/,
		],
		['is no JSON', '{', /^\S+lab\.json is not JSON: [^\n]*\.\n$/],
		['names no port', '{}', /^\S+lab\.json names no port, so no lab has written it\.\n$/],
		['is of a lab that has ended', '{ "port": 1 }', /^Nothing listens on port 1: the lab has ended\.\n$/],
	])('is refused in a sentence where the lab.json %s', async (_, content, sentence) => {
		await rm(join(dir, 'lab.json'));
		if (content !== undefined) await writeFile(join(dir, 'lab.json'), content);

		expect(await run('peer', 'kill')).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
	});

	it.each([[['router', 'kill']], [['peer', 'hit']], [['peer']], [[]]])('is refused with the usage: %j', async (args) => {
		expect(await run(...args)).toEqual({ code: 2, stderr: 'usage: peer.ts <lab.json> <peer|peer2> <kill|stop|start>\n' });
		expect(asked).toEqual([]);
	});
});
