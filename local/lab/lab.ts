import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '../read-json.ts';
import { StartFailure } from '../start-failure.ts';
import { type Ran, type RunOptions, runOnNode } from './agent-client.ts';
import { bootGuest, type Guest } from './guest.ts';
import { exists, keptGuest, labImage } from './image.ts';

export type { Ran } from './agent-client.ts';
export type LabNode = 'router' | 'host' | 'peer' | 'peer-host' | 'peer2' | 'peer2-host' | 'peer3' | 'wan';
export type LabPeer = 'peer' | 'peer2';

export const labAddress = {
	router: '192.0.2.1',
	peer: '192.0.2.2',
	peer2: '192.0.2.3',
	peer3: '192.0.2.4',
	host: '10.1.0.10',
	'peer-host': '10.2.0.10',
	'peer2-host': '10.3.0.10',
} as const;

/** One router, two strongSwan peers and the hosts behind them, and a Libreswan peer that nothing starts; topology in guest/topology.sh. */
export type Lab = {
	/** A command that is still running at its time limit is killed in the lab and ends with 124. */
	exec(node: LabNode, argv: readonly string[], options?: RunOptions): Promise<Ran>;
	/** Runs a shell text and throws what it printed where it fails. */
	sh(node: LabNode, text: string): Promise<string>;
	configurePeer(peer: LabPeer, swanctl: string): Promise<void>;
	startPeer(peer: LabPeer): Promise<void>;
	stopPeer(peer: LabPeer): Promise<void>;
	/** kill -9. charon leaves its SAs in the kernel, where they would go on carrying packets, as no rebooted device does. */
	killPeer(peer: LabPeer): Promise<void>;
	startRouterDaemon(): Promise<void>;
	stopRouterDaemon(): Promise<void>;
	killRouterDaemon(): Promise<void>;
	/** A loss of power: what was in memory is gone, and the network comes after what the boot guards. Its owner translates all that leaves, as on a NAT instance. */
	rebootRouter(): Promise<void>;
	/** What a reinstalled router has: the package's own files, nothing of ours, and the daemon restarted. */
	wipeRouterConfig(): Promise<void>;
	/** tcpdump on a node until `stop`, which returns its lines. */
	capture(node: LabNode, on: { interface: string; filter: string }): Promise<{ stop(): Promise<string[]> }>;
	stop(): Promise<void>;
};

const overAgent = (port: number, stop: () => Promise<void>): Lab => {
	const exec: Lab['exec'] = (node, argv, options) => runOnNode(port, node, argv, options).ended;
	const sh: Lab['sh'] = async (node, text) => {
		const ran = await exec(node, ['sh', '-c', text], { timeoutMs: 60_000 });
		if (ran.code !== 0) throw new Error(`on ${node}, "${text}" ended with ${ran.code}: ${ran.stderr || ran.stdout}`);
		return ran.stdout;
	};
	const charon = 'test -s /run/charon.pid && kill -0 "$(cat /run/charon.pid)" 2>/dev/null';
	// Heal may be starting it at the same moment, and a second one fails.
	const startDaemon = 'ipsec setup start || { sleep 2; ipsec setup start; }';
	const flush = 'ip xfrm state flush; ip xfrm policy flush';
	const lab: Lab = {
		exec,
		sh,
		async startPeer(peer) {
			await sh(
				peer,
				`${charon} && exit 0; rm -f /run/charon.pid /run/charon.vici; setsid /usr/lib/ipsec/charon </dev/null >/dev/null 2>&1 & n=0; until [ -S /run/charon.vici ] || [ $n -gt 100 ]; do n=$((n + 1)); sleep 0.1; done; swanctl --load-all >/dev/null`,
			);
		},
		async stopPeer(peer) {
			await sh(
				peer,
				`${charon} || exit 0; swanctl --terminate --ike s2s --timeout 3 >/dev/null 2>&1; p=$(cat /run/charon.pid); kill "$p"; n=0; while kill -0 "$p" 2>/dev/null && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done; ${flush}`,
			);
		},
		async killPeer(peer) {
			await sh(peer, `${charon} && kill -9 "$(cat /run/charon.pid)"; rm -f /run/charon.pid /run/charon.vici; ${flush}`);
		},
		async configurePeer(peer, swanctl) {
			const written = await exec(peer, ['sh', '-c', 'umask 077; cat >/etc/swanctl/conf.d/s2s.conf'], { stdin: swanctl });
			if (written.code !== 0) throw new Error(written.stderr);
			await sh(peer, `${charon} || exit 0; swanctl --load-all >/dev/null`);
		},
		startRouterDaemon: async () => void (await sh('router', startDaemon)),
		stopRouterDaemon: async () => void (await sh('router', 'ipsec setup stop')),
		killRouterDaemon: async () => void (await sh('router', 'kill -9 $(pidof pluto)')),
		async rebootRouter() {
			await sh('wan', 'ip link set router down');
			// The clock's step is what changes the time of the boot in /proc/stat.
			await sh(
				'router',
				`ip link set lan down; for p in $(pgrep -f 'router-loop.sh|/opt/s2s|/s2s[.]') $(pidof pluto addconn whack); do [ "$p" = $$ ] || kill -9 "$p" 2>/dev/null; done; ${flush}; for t in raw mangle nat filter; do for i in iptables-legacy iptables-nft; do $i -t $t -F; $i -t $t -X; done; done; nft flush ruleset; rm -rf /run/* /tmp/* /dev/shm/s2s.*; mkdir -p /run/lock; date -s "@$(($(date +%s) + 2))" >/dev/null`,
			);
			await sh(
				'router',
				'iptables -t nat -A POSTROUTING -o wan -j MASQUERADE; [ ! -x /opt/s2s/boot.sh ] || /opt/s2s/boot.sh; setsid sh /lab/router-loop.sh </dev/null >/dev/null 2>&1 &',
			);
			await sh('router', 'ip link set lan up');
			await sh('wan', 'ip link set router up');
		},
		async wipeRouterConfig() {
			await sh(
				'router',
				`ipsec setup stop; rm -rf /etc/ipsec.d/s2s /etc/ipsec.d/s2s.conf /etc/ipsec.d/s2s.secrets; cp /lab/stock/ipsec.conf /etc/ipsec.conf; cp /lab/stock/ipsec.secrets /etc/ipsec.secrets; ${startDaemon}`,
			);
		},
		async capture(node, on) {
			const running = runOnNode(port, node, ['tcpdump', '-Z', 'root', '-l', '-n', '-i', on.interface, on.filter], {
				timeoutMs: 3_600_000,
			});
			// tcpdump needs a moment before it sees its first packet.
			const early = await Promise.race([
				running.ended,
				new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 1_000)),
			]);
			if (early !== undefined) throw new Error(`tcpdump ended with ${early.code}: ${early.stderr}`);
			return {
				async stop() {
					await new Promise((resolve) => setTimeout(resolve, 500));
					running.stop();
					return (await running.ended).stdout.split('\n').filter(Boolean);
				},
			};
		},
		stop,
	};
	return lab;
};

/** A lab that another process runs: `labFile` is the lab.json that it wrote. */
export const connectLab = async (labFile: string): Promise<Lab> => {
	const read = await readJson<{ port?: unknown } | undefined>(labFile, undefined);
	if (read === undefined)
		throw new StartFailure(`There is no ${labFile}: it is written by a lab that runs, as that of npm start is in .local/lab.`);
	const { port } = read;
	if (typeof port !== 'number') throw new StartFailure(`${labFile} names no port, so no lab has written it.`);
	return overAgent(port, async () => {});
};

/** A guest with its peers started, which is kept once it has booted, and woken from then on. */
const preparedGuest = async (log: (line: string) => void): Promise<Guest> => {
	const image = await labImage(log);
	const kept = await keptGuest(image);
	if (await exists(kept)) {
		try {
			return await atPresent(await bootGuest(image, { from: kept }));
		} catch (error) {
			log(`The guest that was kept in ${kept} cannot be woken, and another is booted: ${(error as Error).message}`);
			await rm(kept, { force: true });
		}
	}
	const guest = await atPresent(await bootGuest(image));
	const lab = overAgent(guest.port, guest.stop);
	await Promise.all([lab.startPeer('peer'), lab.startPeer('peer2')]);
	const part = `${kept}.${process.pid}`;
	await guest.keep(part);
	await rename(part, kept);
	return guest;
};

/** Sets its clock. The agent ends what takes too long by that clock, which is put forward meanwhile by whatever has gone by. */
const atPresent = async (guest: Guest): Promise<Guest> => {
	const now = `@${Math.floor(Date.now() / 1_000)}`;
	const { code, stderr } = await runOnNode(guest.port, 'router', ['date', '-s', now], { timeoutMs: Date.now() }).ended;
	if (code === 0) return guest;
	await guest.stop();
	throw new Error(`the clock of the lab's guest cannot be set: ${stderr}`);
};

/** Boots a lab of one's own. Where `dir` is given, `<dir>/lab.json` tells other processes how to reach it. */
export const startLab = async ({ dir, log = () => {} }: { dir?: string; log?: (line: string) => void } = {}): Promise<Lab> => {
	const guest = await preparedGuest(log);
	if (dir !== undefined) {
		await mkdir(dir, { recursive: true });
		await writeFile(join(dir, 'lab.json'), JSON.stringify({ port: guest.port, pid: guest.pid }));
	}
	return overAgent(guest.port, guest.stop);
};
