import { spawn } from 'node:child_process';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type RouterDriver, RouterOffline } from '../driver.ts';
import { execDriver } from '../exec-driver.ts';

export const Steering = z.strictObject({
	answers: z.boolean().optional(),
	tunnels: z.record(z.ipv4(), z.enum(['up', 'down'])).optional(),
});
export type Steering = z.infer<typeof Steering>;
export type SimulatedRouter = RouterDriver & { steer(steering: Steering): Promise<void> };

/** As the timer of a real router. */
const healMs = 15_000;
const bin = join(import.meta.dirname, 'bin');
const namespaces = ['unshare', '--user', '--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child'];
/** A router under systemd would have its timer; here the driver is it. */
const shell = ['sh', '-c', '[ ! -d /run/systemd ] || mount -t tmpfs tmpfs /run/systemd || exit 1; exec sh -s'];

const mayUnshare = (): Promise<boolean> =>
	new Promise((resolve) => {
		const [command = '', ...argv] = [...namespaces, 'true'];
		spawn(command, argv, { stdio: 'ignore' })
			.on('error', () => resolve(false))
			.on('close', (code) => resolve(code === 0));
	});

/**
 * A router that is a folder: the documents' scripts run whole, in namespaces of their own, on stand-ins for `ipsec`, `ip`, `iptables`
 * and `sysctl`. Throws where this machine gives no namespaces, since without them a script could touch the host.
 */
export const simulatedDriver = async ({ instanceId, dir }: { instanceId: string; dir: string }): Promise<SimulatedRouter> => {
	if (!(await mayUnshare())) {
		throw new Error(`${instanceId} cannot be simulated: this user may not make user, mount and network namespaces`);
	}
	for (const folder of ['etc/ipsec.d', 'opt', 'var/lib', 'var/log', 'run', 'proc', 'steered', 'simulated']) {
		await mkdir(join(dir, folder), { recursive: true });
	}
	const bootFile = join(dir, 'proc/stat');
	if (!(await exists(bootFile))) {
		await writeFile(join(dir, 'etc/ipsec.conf'), 'config setup\n');
		await writeFile(join(dir, 'etc/ipsec.secrets'), '', { mode: 0o600 });
		await writeFile(join(dir, 'simulated/daemon'), '');
		await writeFile(bootFile, `btime ${Math.floor(Date.now() / 1_000)}\n`);
	}
	const path = `${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
	const inside = execDriver(['env', '-i', `S2S_ROOT=${dir}`, `S2S_PATH=${path}`, `PATH=${path}`, ...namespaces, ...shell]);
	let answers = true;
	let queue: Promise<unknown> = Promise.resolve();
	/** One program at a time: a router's agent runs them one after another, too. */
	const alone = <T>(work: () => Promise<T>): Promise<T> => {
		const run = queue.then(work);
		queue = run.catch(() => {});
		return run;
	};
	const heal = () => alone(() => inside.run('[ ! -x "$S2S_ROOT/opt/s2s/heal.sh" ] || "$S2S_ROOT/opt/s2s/heal.sh"', healMs * 4));
	const timer = setInterval(() => void heal(), healMs);
	timer.unref();

	return {
		run(program, timeoutMs) {
			if (!answers) throw new RouterOffline(`${instanceId} does not answer`);
			return alone(() => inside.run(program, timeoutMs));
		},
		async steer({ answers: wanted, tunnels = {} }) {
			answers = wanted ?? answers;
			for (const [peer, state] of Object.entries(tunnels)) {
				const file = join(dir, 'steered', peer);
				if (state === 'up') await rm(file, { force: true });
				else await alone(() => cut(dir, peer, file));
			}
		},
		async stop() {
			clearInterval(timer);
			await queue;
		},
	};
};

const exists = async (file: string): Promise<boolean> => {
	try {
		await access(file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
};

/** The peer answers no more, and its SAs are gone as after the dead-peer time. Fields of a line: conn, number, SPIs, peer, … */
const cut = async (dir: string, peer: string, file: string): Promise<void> => {
	await writeFile(file, '');
	const sas = join(dir, 'simulated/sas');
	if (!(await exists(sas))) return;
	const left = (await readFile(sas, 'utf8')).split('\n').filter((line) => line !== '' && line.split(' ')[4] !== peer);
	await writeFile(`${sas}.cut`, left.map((line) => `${line}\n`).join(''));
	await rename(`${sas}.cut`, sas);
};
