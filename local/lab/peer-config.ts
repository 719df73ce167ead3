export type PeerSide = {
	/** The connection's name there, where the device has several. */
	name?: string;
	local: string;
	remote: string;
	psk: string;
	/** The subnets behind the peer: one child each. */
	localSubnets: readonly string[];
	remoteSubnet: string;
	version?: 1 | 2;
	/** strongSwan's spelling: `aes128-sha1-modp1536`. */
	proposals?: string;
	espProposals?: string;
	localId?: string;
	remoteId?: string;
	startAction?: 'none' | 'trap' | 'start';
	encap?: boolean;
	dpdDelaySeconds?: number;
};

const connection = (side: PeerSide): string => {
	const child = (subnet: string, index: number) => `
        net${index} {
          local_ts = ${subnet}
          remote_ts = ${side.remoteSubnet}
          esp_proposals = ${side.espProposals ?? 'aes128-sha1'}
          start_action = ${side.startAction ?? 'none'}
          dpd_action = clear
        }`;
	return `
  ${side.name ?? 's2s'} {
    version = ${side.version ?? 1}
    local_addrs = ${side.local}
    remote_addrs = ${side.remote}
    proposals = ${side.proposals ?? 'aes128-sha1-modp1536'}
    dpd_delay = ${side.dpdDelaySeconds ?? 0}s
    encap = ${side.encap ? 'yes' : 'no'}
    local { auth = psk
      id = ${side.localId ?? side.local} }
    remote { auth = psk
      id = ${side.remoteId ?? side.remote} }
    children {${side.localSubnets.map(child).join('')}
    }
  }`;
};

const secret = (side: PeerSide): string => `
  ike-${side.name ?? 's2s'} {
    id-1 = ${side.localId ?? side.local}
    id-2 = ${side.remoteId ?? side.remote}
    secret = 0s${Buffer.from(side.psk).toString('base64')}
  }`;

/** swanctl.conf of a strongSwan peer, one child a subnet, strict about its proposals. */
export const peerConfig = (...sides: readonly PeerSide[]): string =>
	`connections {${sides.map(connection).join('')}
}
secrets {${sides.map(secret).join('')}
}
`;
