import { labAddress } from '../../local/lab/lab.ts';
import { type PlatformUnderTest, vpcId } from './platform-under-test.ts';

export type Fault = {
	what: string;
	/** Runs for a few seconds at most; what it began lasts until `end`. */
	begin(t: PlatformUnderTest): Promise<unknown>;
	end?(t: PlatformUnderTest): Promise<unknown>;
	/** Whether the connection is lost by it for as long as it lasts, not at all, or only where the daemons cannot mend it sooner. */
	connection: 'lost' | 'kept' | 'lost or kept';
	/** Set if the account should be alerted that the router is not reporting. */
	router?: 'silent';
	/** Seconds that it lasts, where it is not over with the loss that it makes. */
	seconds?: number;
	/** A translation of the owner's reaches the tunnel's packets until heal has put the chains back: they leave in clear. */
	unguarded?: boolean;
	/** No packet of a running ping may be lost. */
	seamless?: boolean;
};

const cut = (device: string, how: 'up' | 'down') => (t: PlatformUnderTest) => t.lab.sh('wan', `ip link set ${device} ${how}`);
const losing = (percent: number): Pick<Fault, 'begin' | 'end'> => ({
	begin: (t) =>
		t.lab.sh('wan', `tc qdisc add dev peer root netem loss ${percent}%; tc qdisc add dev router root netem loss ${percent}%`),
	end: (t) => t.lab.sh('wan', 'tc qdisc del dev peer root; tc qdisc del dev router root'),
});
/** A moment later, since the lab's agent measures its commands by that clock. */
const clockBy = (seconds: number) => (t: PlatformUnderTest) =>
	t.lab.sh('router', `setsid sh -c 'sleep 1; date -s "@$(($(date +%s) + ${seconds}))"' >/dev/null 2>&1 </dev/null &`);
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
/** The first miss comes within an interval and the time a check waits, the alert three intervals after it, with the check of then. */
const threeMisses = 30 + 20 + 3 * 30 + 30 + 20;

/** What may befall a tunnel, its router and the platform; those of the platform's services are in test/usecases/faults.test.ts. */
export const faults: readonly Fault[] = [
	{ what: 'peer killed', connection: 'lost', begin: (t) => t.lab.killPeer('peer'), end: (t) => t.lab.startPeer('peer') },
	{ what: "peer's host gone", connection: 'lost', begin: cut('peer', 'down'), end: cut('peer', 'up') },
	{
		what: 'peer killed, and the platform with it',
		connection: 'lost',
		async begin(t) {
			await t.lab.killPeer('peer');
			await t.platform.kill();
			await t.platform.start();
		},
		end: (t) => t.lab.startPeer('peer'),
	},
	{ what: 'packets lost, 5 %', connection: 'kept', seconds: 120, ...losing(5) },
	{ what: 'packets lost, 30 %', connection: 'lost or kept', seconds: 120, ...losing(30) },
	{
		what: 'rekey under load',
		connection: 'kept',
		seamless: true,
		seconds: 5,
		async begin(t) {
			await t.lab.sh('host', `setsid ping -f -w 40 ${labAddress['peer-host']} >/dev/null 2>&1 </dev/null &`);
			for (let n = 0; n < 3; n++) {
				await t.lab.sh('peer', 'swanctl --rekey --child net0 >/dev/null');
				await t.tick();
				await t.lab.sh('peer', 'swanctl --rekey --ike s2s >/dev/null');
				await t.tick();
				await pause(2);
			}
		},
	},
	{ what: 'daemon killed', connection: 'lost or kept', seconds: 40, begin: (t) => t.lab.killRouterDaemon() },
	{ what: 'router rebooted', connection: 'lost or kept', seconds: 60, begin: (t) => t.lab.rebootRouter() },
	{ what: 'SAs flushed', connection: 'lost or kept', seconds: 40, begin: (t) => t.lab.sh('router', 'ip xfrm state flush') },
	{ what: 'policies flushed', connection: 'lost or kept', seconds: 40, begin: (t) => t.lab.sh('router', 'ip xfrm policy flush') },
	{
		what: 'chains flushed',
		connection: 'kept',
		unguarded: true,
		seconds: 40,
		begin: (t) => t.lab.sh('router', 'iptables -t raw -F; iptables -t mangle -F; iptables -F'),
	},
	{
		what: 'router unreachable',
		connection: 'kept',
		router: 'silent',
		seconds: threeMisses,
		begin: (t) => t.wire.refuse(true),
		end: (t) => t.wire.refuse(false),
	},
	{
		what: 'check killed midway',
		connection: 'kept',
		router: 'silent',
		seconds: threeMisses,
		begin: (t) =>
			t.lab.sh(
				'router',
				'setsid sh -c \'while [ ! -e /tmp/stop-killing ]; do pkill -9 -f "^sh /.*/s2s[.].*/script"; sleep 0.05; done; rm /tmp/stop-killing\' >/dev/null 2>&1 </dev/null &',
			),
		end: (t) => t.lab.sh('router', 'touch /tmp/stop-killing'),
	},
	{
		what: 'ticks doubled',
		connection: 'kept',
		seconds: 5,
		async begin(t) {
			for (let n = 0; n < 3; n++) await Promise.all(Array.from({ length: 5 }, () => t.tick()));
		},
	},
	{ what: "router's clock half an hour ahead", connection: 'kept', seconds: 60, begin: clockBy(1_800), end: clockBy(-1_800) },
	{
		what: 'configuration wiped',
		connection: 'lost or kept',
		seconds: 60,
		begin: async (t) => {
			await t.lab.wipeRouterConfig();
			await t.platform.call('admin', 'POST', `/v1/vpcs/${vpcId}/reapply`);
		},
	},
];

export const faultNamed = (what: string): Fault => {
	const found = faults.find((fault) => fault.what === what);
	if (found === undefined) throw new Error(`no fault "${what}"`);
	return found;
};
