import type { DeviceConfig, SwanNames } from '../contract/peer-device.ts';
import { keyRemark, type PeerView } from '../contract/peer-view.ts';
import { espProposal, ikeProposal } from './strongswan-proposals.ts';
import { evenIfNot, firewall, keyWord, type ToBase64, text } from './swan-script.ts';

/** /etc/swanctl/conf.d/<prefix>.conf. Exchanges of several subnets at once want `max_ikev1_exchanges` in strongswan.conf. */
export const swanctlConfig = (view: PeerView, { prefix }: SwanNames, toBase64: ToBase64): DeviceConfig => {
	const { ike, esp, dpd, localAddress = '%any', localId, localSubnets, remoteAddress, remoteSubnet, forceEncaps } = view;
	const id = localId.replace(/^@/, '');
	const child = (cidr: string, index: number) => [
		`      net${index + 1} {`,
		`        local_ts = ${cidr}`,
		`        remote_ts = ${remoteSubnet}`,
		`        esp_proposals = ${espProposal(esp)}`,
		`        rekey_time = ${Math.floor(esp.lifetimeSeconds * 0.9)}s`,
		`        life_time = ${esp.lifetimeSeconds}s`,
		'        start_action = trap',
		...(dpd.enabled ? ['        dpd_action = restart'] : []),
		'      }',
	];
	const config = [
		`# /etc/swanctl/conf.d/${prefix}.conf; in /etc/strongswan.conf: charon { max_ikev1_exchanges = ${Math.max(3, localSubnets.length + 2)} }`,
		...keyRemark(view, '# '),
		'connections {',
		`  ${prefix} {`,
		`    version = ${ike.version === 'ikev1' ? 1 : 2}`,
		`    local_addrs = ${localAddress}`,
		`    remote_addrs = ${remoteAddress}`,
		`    proposals = ${ikeProposal(ike)}`,
		`    ${ike.version === 'ikev1' ? 'reauth_time' : 'rekey_time'} = ${Math.floor(ike.lifetimeSeconds * 0.9)}s`,
		...(dpd.enabled
			? [`    dpd_delay = ${dpd.delaySeconds}s`, ...(ike.version === 'ikev1' ? [`    dpd_timeout = ${dpd.timeoutSeconds}s`] : [])]
			: []),
		`    encap = ${forceEncaps ? 'yes' : 'no'}`,
		'    local {',
		'      auth = psk',
		`      id = ${id}`,
		'    }',
		'    remote {',
		'      auth = psk',
		`      id = ${remoteAddress}`,
		'    }',
		'    children {',
		...localSubnets.flatMap(child),
		'    }',
		'  }',
		'}',
		'secrets {',
		`  ike-${prefix} {`,
		`    id-1 = ${id}`,
		`    id-2 = ${remoteAddress}`,
		`    secret = ${keyWord(view, toBase64)}`,
		'  }',
		'}',
		'',
		'# Then, as root:',
		...['swanctl --load-all', ...firewall(view, '-I')].map((line) => `# ${line}`),
	];
	const remove = [
		evenIfNot(`swanctl --terminate --ike ${prefix}`),
		`rm -f /etc/swanctl/conf.d/${prefix}.conf`,
		evenIfNot('swanctl --load-all'),
		...firewall(view, '-D').map(evenIfNot),
	];
	return {
		config: text(config),
		verify: text(['swanctl --list-conns', 'swanctl --list-sas', 'ip -s xfrm state']),
		remove: text(remove),
	};
};
