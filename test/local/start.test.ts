import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../local/listen.ts';
import { readRoutersFile } from '../../local/routers/routers-file.ts';
import { startOptions } from '../../local/start-options.ts';
import { synthesize } from '../../local/synth.ts';

const root = join(import.meta.dirname, '../..');
const main = [process.execPath, join(root, 'local/main.ts')];

let dir: string;
const children = new Set<ChildProcess>();
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), 's2s-start-'));
	await synthesize(() => {});
}, 200_000);
afterAll(async () => {
	for (const child of children) child.kill('SIGKILL');
	await rm(dir, { recursive: true, force: true });
});

const start = (env: object, argv = [...main, '--empty']) => {
	const [command = '', ...rest] = argv;
	// As a user's shell has it, whatever runs the tests.
	const { PORT: _port, LOCAL_DIR: _dir, ROUTERS: _routers, DYNAMODB_ENDPOINT: _endpoint, ...own } = process.env;
	const child = spawn(command, rest, { cwd: root, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	children.add(child);
	const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
	return {
		child,
		ended: said.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number | null })),
		/** The URL, once it serves. */
		url: new Promise<string>((resolve) => {
			child.stdout.on('data', (chunk: Buffer) => {
				const [, url] = /The API is at (\S+)\/v1/.exec(chunk.toString()) ?? [];
				if (url !== undefined) resolve(url);
			});
		}),
	};
};
const lives = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
		throw error;
	}
};
const until = async (look: () => boolean): Promise<void> => {
	while (!look()) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe('what npm start is asked for', () => {
	it('is a folder, a port, a list of routers, a quota and whether there is a demo', () => {
		expect(startOptions([], {})).toEqual({
			dir: join(process.cwd(), '.local'),
			port: 8_787,
			routersFile: undefined,
			mostFunctions: 1_000,
			empty: false,
		});
		const env = { LOCAL_DIR: '/data', PORT: '80', ROUTERS: 'r.json', CONCURRENCY: '10' };
		expect(startOptions(['--empty'], env)).toEqual({
			dir: '/data',
			port: 80,
			routersFile: 'r.json',
			mostFunctions: 10,
			empty: true,
		});
	});

	it('is what it is by default where a variable is empty', () => {
		expect(startOptions([], { LOCAL_DIR: '', PORT: '', ROUTERS: '', CONCURRENCY: '' })).toEqual(startOptions([], {}));
	});

	it.each([
		[{ PORT: 'http' }, /^PORT is http, and has to be a number from 0 to 65535\.$/],
		[{ PORT: '65536' }, /^PORT is 65536, /],
		[{ PORT: '-1' }, /^PORT is -1, /],
		[{ CONCURRENCY: '0' }, /^CONCURRENCY is 0, and has to be a number from 1 to 1000000\.$/],
	])('is refused as bad usage: %j', (env, sentence) => {
		expect(() => startOptions([], env)).toThrow(expect.objectContaining({ code: 2, message: expect.stringMatching(sentence) }));
	});

	it.each([
		['one that is not there', undefined, /^There is no \S+routers\.json, which ROUTERS names\.$/],
		['no JSON', '{ "*": ', /^\S+routers\.json is not JSON: .*\.$/],
		['an unknown driver', '{ "i-1": { "driver": "ssh" } }', /: at i-1\.driver, must be one of simulated, exec, lab\.$/],
		[
			'an unknown field',
			'{ "i-1": { "driver": "exec", "argv": ["sh"], "args": [] } }',
			/: at i-1, args is not known here: the names are driver, argv\.$/,
		],
		['no object', '[]', /: at the top, must be an object\.$/],
		[
			'a driver without its command',
			'{ "*": { "driver": "exec" } }',
			/^\S+routers\.json does not say .*: at \*\.argv, is required\.$/,
		],
	])('is refused with its file of routers: %s', async (_, content, sentence) => {
		const folder = await mkdtemp(join(dir, 'routers-'));
		const file = join(folder, 'routers.json');
		if (content !== undefined) writeFileSync(file, content);

		await expect(readRoutersFile(file, folder)).rejects.toThrow(sentence);
	});
});

/** One sentence, and no line of a stack. */
const sentence = (said: RegExp) => expect.stringMatching(new RegExp(`^${said.source}\\n$`));
const refused = (said: RegExp, code = 1) => ({ code, stdout: '', stderr: sentence(said) });

describe('scripts/start.sh, before it installs anything', () => {
	/** Where nothing else is: whatever it begins fails. */
	const asked = (argv: string[], env: object = {}) => {
		const folder = join(dir, 'bare');
		cpSync(join(root, 'scripts/start.sh'), join(folder, 'scripts/start.sh'));
		const { npm_config_empty: _empty, ...own } = process.env;
		const { status, stdout, stderr } = spawnSync('sh', [join(folder, 'scripts/start.sh'), ...argv], {
			env: { ...own, ...env },
			encoding: 'utf8',
		});
		return { code: status, stdout, stderr };
	};

	it.each([['--help'], ['-h'], ['--empty', '--help']])(
		'says what may be asked for, and what each is by default: %j',
		(...argv) => {
			const { code, stdout, stderr } = asked(argv);

			expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
			expect(stdout).toMatch(/^usage: npm start \[-- --empty\]\n/);
			expect(stdout).toMatch(/^ {2}--empty +only the platform, without the demo: /m);
			const { port, dir: folder, mostFunctions } = startOptions([], {});
			const byDefault = { PORT: port, LOCAL_DIR: relative(process.cwd(), folder), CONCURRENCY: mostFunctions };
			for (const [name, value] of Object.entries(byDefault))
				expect(stdout).toMatch(new RegExp(`^ {2}${name} .* \\(${value}\\)$`, 'm'));
			expect(stdout).toMatch(/^ {2}ROUTERS .* \(routers\.json in that folder\)$/m);
		},
	);

	it.each([
		[['--demo'], {}, '--demo is not known: npm start -- --help says what is.\n'],
		[['--empty', 'here'], {}, 'here is not known: npm start -- --help says what is.\n'],
		// npm takes what stands before `--` for itself, and hands it on as a variable alone.
		[[], { npm_config_empty: 'true' }, 'npm took --empty for itself: type npm start -- --empty.\n'],
	])('refuses what it does not know: %j %j', (argv, env, stderr) => {
		expect(asked(argv, env)).toEqual({ code: 2, stdout: '', stderr });
	});

	it('lets through what it knows', () => {
		expect(asked(['--empty'], { npm_config_empty: 'true' }).stderr).toContain('scripts/install.sh');
	});
});

describe('npm start', { timeout: 180_000 }, () => {
	it('refuses the data of an older version', async () => {
		const old = join(dir, 'old');
		mkdirSync(join(old, 'dynamodb'), { recursive: true });

		expect(await start({ LOCAL_DIR: old }).ended).toEqual(
			refused(
				/\S*\/old holds data of an older version of the platform, which this one cannot read: remove that folder, or [^\n]*\./,
			),
		);
		expect(readdirSync(old, { recursive: true })).toEqual(['dynamodb']);
	});

	it('refuses a port that is taken, before it does anything else', async () => {
		const other = createServer();
		const port = Number(new URL(await listen(other)).port);

		const { ended } = start({ LOCAL_DIR: join(dir, 'port'), PORT: String(port) });

		expect(await ended).toEqual(refused(new RegExp(`Port ${port} is in use: stop what listens there, or [^\n]*\\.`)));
		await close(other);
	});

	it.each([
		['that is not there', '/nope.json', /There is no \/nope\.json, which ROUTERS names\./],
		['that is a folder', '/tmp', /\/tmp cannot be read \(EISDIR\)\./],
	])('refuses a file of routers %s, before it synthesizes', async (_, ROUTERS, said) => {
		// There is nothing to synthesize.
		const folder = join(dir, 'no-stacks');
		cpSync(join(root, 'local'), join(folder, 'local'), { recursive: true });
		cpSync(join(root, 'package.json'), join(folder, 'package.json'));
		cpSync(join(root, 'functions'), join(folder, 'functions'), { recursive: true });
		await symlink(join(root, 'node_modules'), join(folder, 'node_modules')).catch(() => {});

		const env = { LOCAL_DIR: join(dir, 'routers'), PORT: '0', ROUTERS };
		expect(await start(env, [process.execPath, join(folder, 'local/main.ts'), '--empty']).ended).toEqual(refused(said));
	});

	it.each(['/proc/x', '/proc/x/y'])('refuses a folder that cannot be made: %s', { timeout: 10_000 }, async (folder) => {
		const { child, ended } = start({ LOCAL_DIR: folder, PORT: '0' });
		const spins = setTimeout(() => child.kill('SIGKILL'), 5_000);

		expect(await ended).toEqual(refused(/\/proc\/x cannot be made \(ENOENT\): name another folder with LOCAL_DIR\./));
		clearTimeout(spins);
	});

	/** The folder on a file system of its own, which nobody else sees. */
	const mounted = (folder: string, how: string) => {
		mkdirSync(folder, { recursive: true });
		return [...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', `${how} && exec "$@"`, 'sh', ...main, '--empty']];
	};

	it('refuses a folder that it may not write', async () => {
		const folder = join(dir, 'read-only');
		const { ended } = start(
			{ LOCAL_DIR: folder, PORT: '0' },
			mounted(folder, `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`),
		);

		expect(await ended).toEqual(refused(new RegExp(`This user may not write to ${folder}: let it, or [^\n]*\\.`)));
	});

	it('refuses a disk that is full', async () => {
		const folder = join(dir, 'full');
		const { ended } = start({ LOCAL_DIR: folder, PORT: '0' }, mounted(folder, `mount -t tmpfs -o size=1m tmpfs ${folder}`));

		expect(await ended).toEqual(
			refused(new RegExp(`There is less than 50 MB of space left for ${folder}: make room, or [^\n]*\\.`)),
		);
	});

	it('says that it boots a lab before that takes long, and where the machine cannot, that it has none', async () => {
		const { child, url } = start({ LOCAL_DIR: join(dir, 'no-lab'), PORT: '0', PATH: '' }, main);
		let said = '';
		child.stdout.on('data', (chunk: Buffer) => {
			said += chunk.toString();
		});
		await url;

		expect(said).toMatch(/^Booting the lab, a virtual machine with a router and its peers \.\.\.\nNo lab on this machine \(/);
		child.kill('SIGKILL');
	});

	it('keeps a second one off its folder, ends in silence when told to, and starts again on its data', async () => {
		const env = { LOCAL_DIR: join(dir, 'data'), PORT: '0' };
		const first = start(env);
		const tokens = async (url: string) => (await fetch(`${url}/_local/tokens`)).status;
		expect(await tokens(await first.url)).toBe(200);

		expect(await start(env).ended).toEqual(
			refused(
				new RegExp(
					`\\S*/data is in use by a platform that runs already \\(process ${first.child.pid}\\): stop it first, or [^\n]*\\.`,
				),
			),
		);

		first.child.kill('SIGTERM');
		expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
		const again = start(env);
		expect(await tokens(await again.url)).toBe(200);
		again.child.kill('SIGKILL');
		await again.ended;
		const third = start(env);
		expect(await tokens(await third.url)).toBe(200);
		third.child.kill('SIGINT');
		expect(await third.ended).toMatchObject({ code: 0, stderr: '' });
	});
});

describe('what a platform has started', { timeout: 180_000 }, () => {
	it('ends with it, even where it is killed', async () => {
		const held = join(dir, 'held');
		// A router whose program never ends, in namespaces of its own.
		const program = `
			import { execDriver } from '${join(root, 'local/routers/exec-driver.ts')}';
			const namespaces = ['unshare', '--user', '--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child'];
			void execDriver([...namespaces, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt; exec sh -s']).run('echo >${held}; while :; do sleep 1; done', 600_000);
		`;
		const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'inherit' });
		children.add(child);
		await until(() => readdirSync(dir).includes('held'));
		const sandbox = Number(spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).stdout.trim());
		const inside = Number(spawnSync('pgrep', ['-P', String(sandbox)], { encoding: 'utf8' }).stdout.trim());
		expect([lives(sandbox), lives(inside)]).toEqual([true, true]);

		child.kill('SIGKILL');

		await until(() => !lives(sandbox) && !lives(inside));
	});
});

describe('a synthesis', { timeout: 180_000 }, () => {
	/** A project without stacks, and a CLI of the CDK that does this. */
	const project = (name: string, cdk: string) => {
		const folder = join(dir, name);
		for (const below of ['cdk', 'functions', 'router', 'local', 'node_modules/.bin', 'cdk.out'])
			mkdirSync(join(folder, below), { recursive: true });
		for (const file of ['synth.ts', 'dying-with-us.ts']) cpSync(join(root, 'local', file), join(folder, 'local', file));
		for (const file of ['package.json', 'package-lock.json', 'tsconfig.json'])
			writeFileSync(join(folder, file), '{ "type": "module" }');
		writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `${process.execPath} cdk/app.ts` }));
		writeFileSync(join(folder, 'node_modules/package.json'), '{ "type": "commonjs" }');
		writeFileSync(join(folder, 'node_modules/.bin/cdk'), cdk);
		return folder;
	};

	it('says once that it waits for another one, and then that it does it itself', () => {
		const folder = project(
			'waiting',
			"const { appendFileSync, readFileSync } = require('node:fs');\nappendFileSync('tries', 'x');\nconst tries = readFileSync('tries').length;\nif (tries < 4) {\n\tconsole.error(tries < 3 ? 'Another CLI (PID=1) is currently synthing to cdk.out.' : 'Other CLIs (PID=1) are currently reading from cdk.out.');\n\tprocess.exit(1);\n}\n",
		);

		const { status, stdout } = spawnSync(process.execPath, ['local/synth.ts'], { cwd: folder, encoding: 'utf8' });

		expect({ status, stdout }).toEqual({
			status: 0,
			stdout: 'Synthesizing the stacks ...\nAnother process synthesizes them already: waiting for it ...\n',
		});
		expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('xxxx');
	});

	it('ends with whoever began it, even where that is killed', async () => {
		// As the CLI does: the app runs in a shell.
		const folder = project(
			'synthesis',
			"const at = process.argv.indexOf('--app');\nconst app = at < 0 ? require('../../cdk.json').app : process.argv[at + 1];\nrequire('node:child_process').spawn(app, { shell: true, stdio: 'inherit' });\nrequire('node:fs').writeFileSync('cli', String(process.pid));\n",
		);
		writeFileSync(
			join(folder, 'cdk/app.ts'),
			"(await import('node:fs')).writeFileSync('app', String(process.pid));\nsetInterval(() => {}, 1_000);\n",
		);
		const child = spawn(process.execPath, ['local/synth.ts'], { cwd: folder, stdio: 'inherit' });
		children.add(child);
		const pidIn = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));
		await until(() => ['cli', 'app'].every((name) => readdirSync(folder).includes(name) && pidIn(name) > 0));
		expect(['cli', 'app'].map((name) => lives(pidIn(name)))).toEqual([true, true]);

		child.kill('SIGKILL');

		await until(() => !lives(pidIn('cli')) && !lives(pidIn('app')));
	});
});

describe('npm', { timeout: 180_000 }, () => {
	/** The project's own script and `npm start`, with a platform that says who it is and waits. */
	const project = () => {
		const folder = join(dir, 'project');
		for (const name of ['scripts', 'local']) mkdirSync(join(folder, name), { recursive: true });
		cpSync(join(root, 'scripts/start.sh'), join(folder, 'scripts/start.sh'));
		for (const name of ['install', 'packages']) writeFileSync(join(folder, `scripts/${name}.sh`), '');
		const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts: { start: scripts.start } }));
		writeFileSync(
			join(folder, 'local/main.ts'),
			"console.log('platform', process.pid, process.argv.slice(2).join());\nsetInterval(() => {}, 1_000);\nprocess.on('SIGTERM', () => process.exit(0));\nprocess.on('SIGINT', () => process.exit(0));\n",
		);
		return folder;
	};

	it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('leaves nothing behind when it gets %s', async (signal) => {
		const npm = spawn('npm', ['start', '--', '--empty'], { cwd: project(), stdio: ['ignore', 'pipe', 'inherit'] });
		children.add(npm);
		let said = '';
		npm.stdout.on('data', (chunk: Buffer) => {
			said += chunk.toString();
		});
		await until(() => /platform \d+ --empty\n/.test(said));
		const platform = Number(/platform (\d+)/.exec(said)?.[1]);
		expect(lives(platform)).toBe(true);

		npm.kill(signal);

		await until(() => !lives(platform) && (npm.exitCode !== null || npm.signalCode !== null));
		const left = spawnSync('pgrep', ['-f', join(dir, 'project')], { encoding: 'utf8' }).stdout;
		expect(left).toBe('');
	});
});
