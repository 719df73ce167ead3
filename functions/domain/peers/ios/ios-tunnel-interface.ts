import { Ipv4 } from '../../model/cidr.ts';
import { finding } from '../contract/peer-finding.ts';
import type { DeviceTunnel } from '../contract/peer-reading.ts';
import type { IosConfig, IosInterface } from './ios-config.ts';
import { deviceKey } from './ios-keys.ts';
import { phase1Of } from './ios-phases.ts';

const tunnelOf = (config: IosConfig, { name, line, values }: IosInterface): DeviceTunnel => {
	const destination = values.get('tunnel destination');
	const typed = destination?.words[0];
	const peers =
		typed === undefined ? [] : Ipv4.safeParse(typed).success ? [typed] : (config.hosts.get(typed.toLowerCase()) ?? []);
	const profile = values.get('tunnel protection ipsec profile');
	const { offers, faults } = phase1Of(config, line, { isShared: true });
	return {
		name,
		line,
		group: name,
		inUse: !values.has('shutdown'),
		peerAddress: {
			value: peers[0],
			found: typed ?? 'nothing',
			line: destination?.line ?? line,
			set: (wanted) => [`interface ${name}`, ` tunnel destination ${wanted}`],
		},
		peers,
		keyFor: (address) => deviceKey(config, address),
		ikeVersion: { value: undefined, found: 'not said', line, set: () => [] },
		phase1: offers,
		phase2: [],
		pfsGroup: undefined,
		routeBased: finding('route-based', profile?.line ?? line, {
			message: `interface ${name} is a tunnel of its own: it is route-based, so routes decide what goes through it, and it proposes 0.0.0.0/0 for both sides`,
			expected: 'a crypto map with an access list of the subnet pairs: GET …/peer-config has all of it',
			commands: [],
		}),
		pairs: [],
		unreadPairs: 0,
		addPair: () => [],
		faults,
		inTheWay: () => [],
		notCompared: [],
	};
};

/** Interfaces whose packets are encrypted as they are, without a crypto map. */
export const tunnelInterfaces = (config: IosConfig): DeviceTunnel[] =>
	config.interfaces.filter(({ values }) => values.has('tunnel protection ipsec profile')).map((one) => tunnelOf(config, one));
