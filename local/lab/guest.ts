import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dyingWithUs } from '../dying-with-us.ts';
import { freePort } from '../listen.ts';
import { type Ran, runOnNode } from './agent-client.ts';
import type { Image } from './image.ts';
import { writeMachine } from './qemu-monitor.ts';

export type Guest = {
	port: number;
	pid: number;
	/** Writes the guest as it now is into a file, from which others can be woken. */
	keep(to: string): Promise<void>;
	stop(): Promise<void>;
};

/** The clock and mitigation settings are those under which qemu's translation cache survives an exec. */
const kernelArguments = (): string =>
	`console=ttyS0 quiet panic=1 tsc=reliable random.trust_cpu=on mitigations=off no_timer_check norandmaps nokaslr now=${Math.floor(Date.now() / 1000)}`;

type Machine = { port: number; monitor: string; from: string | undefined };

const qemu = (image: Image, { port, monitor, from }: Machine): ChildProcess => {
	const [command = '', ...rest] = dyingWithUs([
		...['qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-M', 'q35,usb=off', '-cpu', 'max'],
		...['-smp', '2', '-m', '1024', '-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
		...['-kernel', image.kernel, '-initrd', image.initrd, '-append', kernelArguments()],
		...['-drive', `if=none,id=roots,file=${image.roots},format=raw,readonly=on`, '-device', 'virtio-blk-pci,drive=roots'],
		...['-netdev', `user,id=control,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:7000`],
		...['-device', 'virtio-net-pci,netdev=control'],
		...['-qmp', `unix:${monitor},server=on,wait=off`],
		...(from === undefined ? [] : ['-incoming', `exec:cat '${from}'`]),
	]);
	return spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
};

const answers = async (port: number): Promise<Ran | undefined> => {
	try {
		return await runOnNode(port, 'router', ['pidof', 'pluto'], { timeoutMs: 5_000 }).ended;
	} catch (error) {
		// Until the agent listens, qemu itself takes the connection and drops it.
		if (error instanceof Error) return undefined;
		throw error;
	}
};

/**
 * Boots the guest and waits until its nodes are made and the router's daemon runs. One that goes on `from` where another was kept has them
 * already, and the other's time.
 */
export const bootGuest = async (image: Image, { from }: { from?: string } = {}): Promise<Guest> => {
	const port = await freePort();
	const dir = await mkdtemp(join(tmpdir(), 's2s-guest-'));
	const monitor = join(dir, 'monitor');
	const child = qemu(image, { port, monitor, from });
	let printed = '';
	const keep = (chunk: Buffer) => {
		printed = (printed + chunk.toString()).slice(-8_000);
	};
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);
	const kill = () => {
		child.kill('SIGKILL');
		rmSync(dir, { recursive: true, force: true });
	};
	process.on('exit', kill);
	const end = Date.now() + 120_000;
	while ((await answers(port))?.code !== 0) {
		if (child.exitCode !== null || Date.now() > end) {
			kill();
			throw new Error(`the lab's guest did not come up:\n${printed}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	return {
		port,
		pid: child.pid ?? 0,
		keep: (to) => writeMachine(monitor, to),
		stop: async () => {
			process.off('exit', kill);
			const gone = child.exitCode === null && child.signalCode === null && once(child, 'exit');
			kill();
			await gone;
		},
	};
};
