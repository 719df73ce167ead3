import { access, appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { type RouterDriver, RouterOffline } from '../driver.ts';
import { execDriver } from '../exec-driver.ts';

export const Steering = z.strictObject({
	answers: z.boolean().optional(),
	tunnels: z.record(z.ipv4(), z.enum(['up', 'down'])).optional(),
	/** Behind the peers: whether they answer a ping. */
	hosts: z.record(z.ipv4(), z.enum(['up', 'down'])).optional(),
});
export type Steering = z.infer<typeof Steering>;
export type SimulatedRouter = RouterDriver & { steer(steering: Steering): Promise<void> };

/** As the timer of a real router. */
const healMs = 15_000;
const setupMs = 30_000;
const bin = join(import.meta.dirname, 'bin');
const namespaces = ['unshare', '--user', '--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child'];
/**
 * Root of the host is root in here too: only what is mounted read-only is safe from a script that forgets its own root. Keys pass
 * through /dev/shm, and under systemd a router would have its timer, where here the driver is it.
 */
const seal = `
mount -n --bind "$S2S_ROOT" "$S2S_ROOT" && cd / || exit 1
for at in / /etc /opt /run /usr /var; do
	! mountpoint -q "$at" || mount -n -o remount,bind,ro "$at" || exit 1
done
for at in /dev/shm /run/systemd; do
	case $S2S_ROOT/ in "$at"/*) continue ;; esac
	[ ! -d "$at" ] || mount -n -t tmpfs tmpfs "$at" || exit 1
done
exec sh -s`;
const healPass = '[ ! -x "$S2S_ROOT/opt/s2s/heal.sh" ] || "$S2S_ROOT/opt/s2s/heal.sh"';

/**
 * A router that is a folder: the documents' scripts run whole, in namespaces of their own, on stand-ins for `ipsec`, `ip`, `iptables`
 * and `sysctl`. Throws where this machine gives no namespaces, since without them a script could touch the host.
 */
export const simulatedDriver = async (router: { instanceId: string; dir: string }): Promise<SimulatedRouter> => {
	const { instanceId } = router;
	const dir = resolve(router.dir);
	await makeFolders(dir);
	const path = `${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
	const variables = [`S2S_ROOT=${dir}`, `S2S_PATH=${path}`, `PATH=${path}`, `TMPDIR=${dir}/run`];
	const inside = execDriver(['env', '-i', ...variables, ...namespaces, 'sh', '-c', seal]);
	const tried = await inside.run('', setupMs).catch((error: Error) => ({ code: 127, stderr: error.message }));
	if (tried.code !== 0) {
		throw new Error(
			`${instanceId} cannot be simulated: this user may not make user, mount and network namespaces (${tried.stderr.trim()})`,
		);
	}
	let answers = true;
	let queue: Promise<unknown> = Promise.resolve();
	/** One program at a time: a router's agent runs them one after another, too. */
	const alone = <T>(work: () => Promise<T>): Promise<T> => {
		const run = queue.then(work);
		queue = run.catch(() => {});
		return run;
	};
	let healing = false;
	const heal = async (): Promise<void> => {
		if (healing) return;
		healing = true;
		// A pass that could not run is made up for by the next.
		await alone(() => inside.run(healPass, healMs * 4)).catch(() => {});
		healing = false;
	};
	const timer = setInterval(() => void heal(), healMs);
	timer.unref();

	return {
		async run(program, timeoutMs) {
			if (!answers) throw new RouterOffline(`${instanceId} does not answer`);
			return alone(() => inside.run(program, timeoutMs));
		},
		async steer({ answers: wanted, tunnels = {}, hosts = {} }) {
			answers = wanted ?? answers;
			for (const [peer, state] of Object.entries(tunnels)) {
				const file = join(dir, 'steered', peer);
				if (state === 'up') await rm(file, { force: true });
				else await alone(() => cut(dir, peer, file));
			}
			for (const [host, state] of Object.entries(hosts)) {
				const file = join(dir, 'steered', `host-${host}`);
				if (state === 'up') await rm(file, { force: true });
				else await writeFile(file, '');
			}
		},
		async stop() {
			clearInterval(timer);
			await queue;
		},
	};
};

const makeFolders = async (dir: string): Promise<void> => {
	const kernel = 'proc/sys/net/ipv4/conf/wan';
	for (const folder of ['etc/ipsec.d', 'var/lib', 'var/log', 'run', kernel, 'steered', 'simulated']) {
		await mkdir(join(dir, folder), { recursive: true });
	}
	const bootFile = join(dir, 'proc/stat');
	if (await exists(bootFile)) return;
	await writeFile(join(dir, 'proc/sys/net/ipv4/ip_forward'), '1\n');
	await writeFile(join(dir, 'etc/ipsec.conf'), 'config setup\n');
	await writeFile(join(dir, 'etc/ipsec.secrets'), '', { mode: 0o600 });
	// The driver itself is its timer.
	await writeFile(join(dir, 'etc/s2s-timer'), '');
	for (const file of ['daemon', 'setup.pid']) await writeFile(join(dir, 'simulated', file), '100000\n');
	await writeFile(bootFile, `btime ${Math.floor(Date.now() / 1_000)}\n`);
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
	const lines = (await readFile(sas, 'utf8')).split('\n').filter((line) => line !== '');
	const gone = lines.map((line) => line.split(' ')).filter((fields) => fields[4] === peer);
	const left = lines.filter((line) => line.split(' ')[4] !== peer);
	await writeFile(`${sas}.cut`, left.map((line) => `${line}\n`).join(''));
	await rename(`${sas}.cut`, sas);
	const logged = gone.map(([conn, number]) => `"${conn}" #${number}: DPD action - putting connection into hold\n`);
	await appendFile(join(dir, 'var/log/pluto.log'), logged.join(''));
};
