// node local/lab/peer.ts <lab.json> <peer|peer2> <kill|stop|start>: what can become of the device at the other end of a tunnel.
import { connectLab, type Lab, type LabPeer } from './lab.ts';

const acts: Record<string, (lab: Lab, peer: LabPeer) => Promise<void>> = {
	/** As it loses its power: it says goodbye to nobody. */
	kill: (lab, peer) => lab.killPeer(peer),
	stop: (lab, peer) => lab.stopPeer(peer),
	start: (lab, peer) => lab.startPeer(peer),
};

const [labFile, peer, act = ''] = process.argv.slice(2);
const run = Object.hasOwn(acts, act) ? acts[act] : undefined;
if (labFile === undefined || (peer !== 'peer' && peer !== 'peer2') || run === undefined) {
	process.stderr.write('usage: peer.ts <lab.json> <peer|peer2> <kill|stop|start>\n');
	process.exit(2);
}
try {
	await run(await connectLab(labFile), peer);
} catch (error) {
	const { message, code, port } = error as NodeJS.ErrnoException & { port?: number };
	console.error(code === 'ECONNREFUSED' ? `Nothing listens on port ${port}: the lab has ended.` : message);
	process.exit(1);
}
