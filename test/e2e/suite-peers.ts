import type { Lab } from '../../local/lab/lab.ts';
import { type PeerSide, peerConfig } from '../../local/lab/peer-config.ts';
import type { Tunnel } from './router-under-test.ts';
import { espWord, ikeWord, type Suite } from './suite-list.ts';

/** So many tunnels at once: each has an address of the lab's peer and a subnet behind it. */
export const places = 16;
export const addressOf = (place: number): string => `192.0.2.${20 + place}`;
export const subnetOf = (place: number, host = '0/24'): string => `10.2.${20 + place}.${host}`;
const secretOf = (place: number): string => `the key of place ${place}`;
/** What idOf makes the place's connection from. */
export const numberOf = (place: number): number => 0x100 + place;
export const nameOf = (place: number): string => `place${place}`;

export const makePlaces = async (lab: Lab): Promise<void> => {
	const all = Array.from({ length: places }, (_, place) => place);
	const add = (address: string, device: string) => `ip addr add ${address} dev ${device}`;
	await lab.sh(
		'peer',
		all.map((place) => `${add(`${addressOf(place)}/24`, 'wan')}; ${add(subnetOf(place, '1/24'), 'lan')}`).join('; '),
	);
	await lab.sh('peer-host', all.map((place) => add(subnetOf(place, '10/24'), 'eth0')).join('; '));
};

export const tunnelAt = (place: number, { ike, esp }: Suite, more: Partial<Tunnel> = {}): Tunnel => ({
	n: numberOf(place),
	peer: addressOf(place),
	remoteCidrs: [subnetOf(place)],
	psk: secretOf(place),
	ike,
	esp,
	...more,
});

/** The peer's end of it. */
export const sideAt = (place: number, { ike, esp }: Suite, more: Partial<PeerSide> = {}): PeerSide => ({
	name: nameOf(place),
	local: addressOf(place),
	remote: '192.0.2.1',
	psk: secretOf(place),
	localSubnets: [subnetOf(place)],
	remoteSubnet: '10.1.0.0/16',
	version: ike.version === 'ikev2' ? 2 : 1,
	proposals: ikeWord(ike),
	espProposals: espWord(esp),
	...more,
});

/** A device that has never heard of the router. */
export const freshPeer = async (lab: Lab, sides: readonly PeerSide[]): Promise<void> => {
	await lab.killPeer('peer');
	await lab.configurePeer('peer', peerConfig(...sides));
	await lab.startPeer('peer');
};

export const reconfigure = (lab: Lab, sides: readonly PeerSide[]): Promise<void> =>
	lab.configurePeer('peer', peerConfig(...sides));

/** The peer begins at these places, side by side, after it forgot what it had with the router there; it goes on trying by itself. */
export const peerBegins = (lab: Lab, at: readonly number[], seconds = 20): Promise<string> => {
	const begin = (place: number) =>
		`(swanctl --terminate --ike ${nameOf(place)} --force; swanctl --initiate --ike ${nameOf(place)} --child net0 --timeout ${seconds}) >/dev/null 2>&1 &`;
	return lab.sh('peer', `${at.map(begin).join(' ')} wait`);
};

/** The places at which a packet from the host behind the router comes back from the one behind the peer. */
export const answeringPlaces = async (lab: Lab, at: readonly number[]): Promise<number[]> => {
	const ask = (place: number) => `ping -c 3 -i 0.3 -W 2 -w 6 ${subnetOf(place, '10')} >/dev/null && echo ${place} &`;
	const { stdout } = await lab.exec('host', ['sh', '-c', `${at.map(ask).join(' ')} wait`]);
	return stdout.split('\n').filter(Boolean).map(Number);
};

/** What the peer says was negotiated at each place: phase 1, and phase 2 as installed. */
export const peersView = async (lab: Lab): Promise<Map<number, { ike: string; esp: string }>> => {
	const listed = await lab.sh('peer', 'swanctl --list-sas');
	const blocks = listed.split(/^(?=\S)/m).map((block) => ({
		place: Number(/^place(\d+): .*ESTABLISHED/.exec(block)?.[1] ?? -1),
		ike: /^ {2}([A-Z0-9]\S*\/PRF_\S+)$/m.exec(block)?.[1] ?? '',
		esp: /^ {2}net0: .*INSTALLED.* ESP:(\S+)$/m.exec(block)?.[1] ?? '',
	}));
	return new Map(blocks.filter(({ place, esp }) => place >= 0 && esp !== '').map(({ place, ...view }) => [place, view]));
};

/** What the router's daemon says was negotiated, by the names of its conns. */
export const routersView = async (lab: Lab): Promise<Map<string, { ike: string; esp: string }>> => {
	const status = await lab.sh('router', 'ipsec whack --status');
	const newest = (kind: string) =>
		new Map(
			[...status.matchAll(new RegExp(`"(vpnc-[^"]+)": +${kind} algorithm newest: (\\S+?)(?:;|$)`, 'gm'))].map(
				([, conn = '', is = '']) => [conn, is],
			),
		);
	const ike = newest('IKEv[12]');
	return new Map([...newest('ESP')].map(([conn, esp]) => [conn, { ike: ike.get(conn) ?? '', esp }]));
};
