import type { Lab } from '../../local/lab/lab.ts';
import { configurePeer, type RouterUnderTest, type Tunnel } from './router-under-test.ts';

type Scene = { lab: Lab; router: RouterUnderTest; tunnel: Tunnel };
export type PairFault = {
	what: string;
	begin(scene: Scene): Promise<unknown>;
	/** How long it lasts before `end`. */
	seconds?: number;
	end?(scene: Scene): Promise<unknown>;
	/** What the next one should not find. */
	restore?(scene: Scene): Promise<unknown>;
	/** As long as no rule on the router can know: the dead-peer time, and a look. */
	blindSeconds?: number;
	/** So much later than others. */
	lateSeconds?: number;
	/** What the check names at some time. */
	reason?: string;
	/** So many pairs keep their SAs. */
	untouched?: number;
	/** The pair that stays down. */
	down?: number;
};

const onRouter =
	(text: string) =>
	({ lab }: Scene) =>
		lab.sh('router', text);
/** The tests' dead-peer time of 9 s, since what was heard last. */
const deadPeer = 9 + 4;
let generation = 1;
/** What the control plane does about a report of drift. */
const reapply = ({ router, tunnel }: Scene) => router.apply(++generation, [tunnel]);
const setup = '/usr/libexec/ipsec/setup';
const withoutFifth = (tunnel: Tunnel): Tunnel => ({ ...tunnel, remoteCidrs: tunnel.remoteCidrs.filter((_, n) => n !== 4) });

export const pairFaults: readonly PairFault[] = [
	{
		what: 'peer crash',
		begin: ({ lab }) => lab.killPeer('peer'),
		seconds: 30,
		end: ({ lab }) => lab.startPeer('peer'),
		blindSeconds: deadPeer,
	},
	{
		what: 'graceful restart',
		async begin({ lab }) {
			await lab.stopPeer('peer');
			await lab.startPeer('peer');
		},
	},
	{
		what: "peer's delete",
		begin: ({ lab }) => lab.sh('peer', 'swanctl --terminate --ike s2s --timeout 5 >/dev/null 2>&1 || true'),
	},
	{ what: 'daemon killed', begin: ({ lab }) => lab.killRouterDaemon() },
	{
		what: 'killed with its supervisor',
		// As an init script that believes its pid file.
		begin: onRouter(
			`[ -e ${setup}.real ] || mv ${setup} ${setup}.real; printf '#!/bin/sh\\n[ "$1" != start ] || { echo already active; exit 0; }\\nexec ${setup}.real "$@"\\n' >${setup}; chmod 755 ${setup}; kill -9 $(pidof pluto)`,
		),
		restore: onRouter(`mv ${setup}.real ${setup}`),
		reason: 'daemon-down',
	},
	{ what: 'stopped in good order', begin: ({ lab }) => lab.stopRouterDaemon() },
	{ what: 'hung', begin: onRouter('kill -STOP $(pidof pluto)'), lateSeconds: 30 },
	{
		what: 'not able to start',
		begin: onRouter('echo "nonsense=1" >>/etc/ipsec.conf; kill -9 $(pidof pluto)'),
		seconds: 40,
		end: onRouter('sed -i /nonsense/d /etc/ipsec.conf'),
		reason: 'foreign-config',
	},
	{
		what: 'path cut',
		begin: ({ lab }) => lab.sh('wan', 'ip link set peer down'),
		seconds: 30,
		end: ({ lab }) => lab.sh('wan', 'ip link set peer up'),
		blindSeconds: deadPeer,
	},
	{ what: 'state flush', begin: onRouter('ip xfrm state flush') },
	{ what: 'policy flush', begin: onRouter('ip xfrm policy flush') },
	{
		what: 'wiped files',
		begin: onRouter(
			'rm -rf /etc/ipsec.d/s2s*; cp /lab/stock/ipsec.conf /etc/ipsec.conf; cp /lab/stock/ipsec.secrets /etc/ipsec.secrets',
		),
		seconds: 20,
		end: reapply,
		untouched: 10,
	},
	{
		what: 'conn deleted by hand',
		begin: ({ lab, tunnel }) => lab.sh('router', `ipsec auto --delete vpnc-${String(tunnel.n).padStart(17, '0')}-5`),
		seconds: 35,
		end: reapply,
		reason: 'config-not-applied',
		untouched: 9,
	},
	{
		what: 'one subnet gone',
		async begin({ lab, tunnel }) {
			await configurePeer(lab, 'peer', withoutFifth(tunnel));
			await lab.sh('peer', 'swanctl --terminate --child net4 --timeout 5 >/dev/null 2>&1 || true');
		},
		down: 4,
		lateSeconds: 30,
		restore: ({ lab, tunnel }) => configurePeer(lab, 'peer', tunnel),
	},
];
