import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoAccount } from '../../local/api/local-calls.ts';
import { demoInstanceId, runDemo } from '../../local/demo.ts';
import type { Lab } from '../../local/lab/lab.ts';
import { type Platform, startPlatform } from '../../local/platform.ts';
import { execDriver } from '../../local/routers/exec-driver.ts';
import type { SentAlert } from '../../local/sns/outbox.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';

const quickRouter = join(import.meta.dirname, '../support/quick-router.sh');

/** A lab as far as the demo asks for one: its router is a new machine, whose tunnels are down for as long as there is a file `down`. */
const newLab = async (folder: string): Promise<Lab> => {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'down'), '');
	const router = execDriver(['sh', quickRouter, join(folder, 'router')]);
	return {
		exec: async (node, _argv, { stdin = '', timeoutMs = 60_000 } = {}) =>
			node === 'router' ? router.run(stdin, timeoutMs) : { code: 0, stdout: '', stderr: '' },
		sh: async () => '',
		stop: router.stop,
	} as Partial<Lab> as Lab;
};

describe('a platform that starts again with a new lab', () => {
	let dir: string;
	let platform: Platform | undefined;
	let lines: string[];
	let demo: Promise<string>;

	const startWith = async (name: string) => {
		const folder = join(dir, name);
		const lab = await newLab(folder);
		platform = await startPlatform({
			dir: join(dir, 'data'),
			port: 0,
			cdkOut,
			lab,
			routers: { [demoInstanceId]: { driver: 'lab' } },
		});
		const said: string[] = [];
		lines = said;
		const say = (line: string) => void said.push(line);
		demo = runDemo({ platform, lab, labFile: join(folder, 'lab.json'), began: Date.now(), say });
		return { tunnelsComeUp: () => rm(join(folder, 'down')) };
	};
	const call = async (method: string, path: string, body?: object) => {
		const token = await platform?.token({ account: demoAccount });
		const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
		const answer = await fetch(`${platform?.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
		const text = await answer.text();
		return text === '' ? undefined : JSON.parse(text);
	};
	const connections = async () =>
		((await call('GET', '/v1/vpn-connections')) as { items: { id: string; state: string }[] }).items;
	const tick = () => call('POST', '/_local/tick');
	const outbox = async () => ((await call('GET', '/_local/outbox')) as SentAlert[]).map(({ subject }) => subject);
	const claims = () => lines.filter((line) => /Connected|pinged/.test(line));

	beforeAll(async () => {
		await synthesize(() => {});
		dir = await mkdtemp(join(tmpdir(), 's2s-restart-'));
		const { tunnelsComeUp } = await startWith('first');
		await call('POST', '/v1/alert-subscriptions', { protocol: 'sms', endpoint: '+4915112345678' });
		await tunnelsComeUp();
		await tick();
		await demo;
		expect(claims()).not.toEqual([]);
		await platform?.stop();
	}, 300_000);
	afterAll(async () => {
		await platform?.stop();
		await rm(dir, { recursive: true, force: true });
	});

	it('says Connected when the tunnel is up again and not before, and tells nobody of a loss or of its end', async () => {
		const { tunnelsComeUp } = await startWith('second');
		const told = await outbox();

		expect(await connections()).toMatchObject([{ state: expect.stringMatching(/^(Pending|Disconnected)$/) }]);
		await tick();
		expect(await connections()).toMatchObject([{ state: 'Disconnected' }]);
		expect(claims()).toEqual([]);

		await tunnelsComeUp();
		await tick();
		await demo;

		expect(await connections()).toMatchObject([{ state: 'Connected' }]);
		expect(claims()).not.toEqual([]);
		expect(await outbox()).toEqual(told);
	}, 300_000);

	it('says how to break the tunnel and how to mend it, on the very lab that it has', () => {
		const device = `npx node local/lab/peer.ts ${relative('', join(dir, 'second/lab.json'))} peer`;

		const tips = lines
			.join('\n')
			.split('\n')
			.filter((line) => line.includes('local/lab'));

		expect(tips.map((line) => line.trim().replace(/ +#.*/, ''))).toEqual([`${device} kill`, `${device} start`]);
	});

	it('says how to call it by the names that the README goes by', async () => {
		const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
		const shell = lines.join('\n');
		const given = [...shell.matchAll(/\b([A-Z]+)=\S/g)].map(([, name]) => name);

		expect(given).toEqual(['URL', 'TENANT', 'ADMIN']);
		for (const name of given) expect(readme).toMatch(new RegExp(`^${name}=`, 'm'));
		expect(new Set([...shell.matchAll(/\$([A-Z]+)/g)].map(([, name]) => name))).toEqual(new Set(['TENANT', 'URL']));
		expect(shell).toContain(`export URL=${platform?.url}\n`);
	});

	it('tells of a tunnel that is lost afterwards', async () => {
		const [connection] = await connections();
		await call('DELETE', `/v1/vpn-connections/${connection?.id}/mute`);
		await writeFile(join(dir, 'second/down'), '');

		await tick();

		expect((await outbox()).filter((subject) => subject.includes('is down'))).toEqual([
			expect.stringMatching(/^VPN office is down\b/),
		]);
	}, 300_000);
});
