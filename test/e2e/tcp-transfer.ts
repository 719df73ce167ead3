import type { Lab, LabNode } from '../../local/lab/lab.ts';

const receive = (port: number) =>
	`use IO::Socket::INET; alarm 90; $s = IO::Socket::INET->new(Listen => 1, LocalPort => ${port}, ReuseAddr => 1) or die; print STDERR "ready"; $c = $s->accept; while (sysread($c, $b, 65536)) { $n += length $b } print $n`;
const send = ({ to, port, source = '0.0.0.0', bytes }: { to: string; port: number; source?: string; bytes: number }) =>
	`use IO::Socket::INET; alarm 60; $c = IO::Socket::INET->new(PeerAddr => "${to}", PeerPort => ${port}, LocalAddr => "${source}", Timeout => 20) or die "no connection"; print $c "x" x ${bytes}; close $c`;

/** Sends that many bytes by TCP from one node, and if given an address of it, to an address of another; how many came. */
export const tcpTransfer = async (
	lab: Lab,
	{
		from,
		source,
		to,
		at,
		port = 5_001,
		bytes,
	}: { from: LabNode; source?: string; to: string; at: LabNode; port?: number; bytes: number },
): Promise<number> => {
	const receiving = lab.exec(at, ['perl', '-e', receive(port)], { timeoutMs: 100_000 });
	await lab.sh(
		at,
		`n=0; until grep -q ":${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A" /proc/net/tcp || [ $n -gt 100 ]; do n=$((n + 1)); sleep 0.1; done`,
	);
	const sent = await lab.exec(from, ['perl', '-e', send({ to, port, bytes, ...(source === undefined ? {} : { source }) })], {
		timeoutMs: 80_000,
	});
	if (sent.code !== 0) await lab.sh(at, `pkill -f '[L]ocalPort => ${port}' || true`);
	return Number((await receiving).stdout || 0);
};
