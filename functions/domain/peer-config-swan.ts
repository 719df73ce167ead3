import { hashWord } from './conn-lines.ts';
import type { EspPolicy, IkePolicy } from './crypto-suite.ts';
import type { DeviceConfig, DeviceNames } from './peer-device.ts';
import { keyPlaceholder, type PeerView } from './peer-view.ts';
import { modpOf } from './router-capabilities.ts';

/** strongSwan's spelling of a proposal. */
const ikeProposal = ({ encryption, hash, dhGroup }: IkePolicy): string => `${encryption}-${hash}-${modpOf[dhGroup]}`;
const espProposal = ({ encryption, hash, pfsGroup }: EspPolicy): string =>
	`${encryption}-${hash}${pfsGroup === null ? '' : `-${modpOf[pfsGroup]}`}`;

type ToBase64 = (text: string) => string;
const secret = (psk: string | undefined, toBase64: ToBase64): string =>
	psk === undefined ? `"${keyPlaceholder}"` : `0s${toBase64(psk)}`;
const firewall = ({ localSubnets, remoteSubnet, mss }: PeerView, flag: '-I' | '-D'): string[] =>
	localSubnets.flatMap((cidr) => [
		// What is translated never meets the tunnel's policy.
		`iptables -t nat ${flag} POSTROUTING -s ${cidr} -d ${remoteSubnet} -j ACCEPT`,
		`iptables -t mangle ${flag} FORWARD -s ${cidr} -d ${remoteSubnet} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${mss}`,
		`iptables -t mangle ${flag} FORWARD -s ${remoteSubnet} -d ${cidr} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${mss}`,
	]);
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** /etc/swanctl/conf.d/<prefix>.conf. Exchanges of several subnets at once want `max_ikev1_exchanges` in strongswan.conf. */
export const swanctlConfig = (view: PeerView, { prefix }: DeviceNames, toBase64: ToBase64): DeviceConfig => {
	const { ike, esp, dpd, localAddress = '%any', localId, localSubnets, remoteAddress, remoteSubnet, forceEncaps, psk } = view;
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
		`    secret = ${secret(psk, toBase64)}`,
		'  }',
		'}',
		'',
		'# Then, as root:',
		...['swanctl --load-all', ...firewall(view, '-I')].map((line) => `# ${line}`),
	];
	const remove = [
		`swanctl --terminate --ike ${prefix}`,
		`rm /etc/swanctl/conf.d/${prefix}.conf`,
		'swanctl --load-all',
		...firewall(view, '-D'),
	];
	return {
		config: text(config),
		verify: text(['swanctl --list-conns', 'swanctl --list-sas', 'ip -s xfrm state']),
		remove: text(remove),
	};
};

type Family = 'strongswan-ipsec' | 'libreswan' | 'openswan';

/** ipsec.conf of the three families that have one: they differ in how a proposal is written and in what makes it strict. */
export const ipsecConfig = (
	view: PeerView,
	{ prefix }: DeviceNames,
	{ family, toBase64 }: { family: Family; toBase64: ToBase64 },
): DeviceConfig => {
	const {
		ike,
		esp,
		dpd,
		localAddress = '%defaultroute',
		localId,
		localSubnets,
		remoteAddress,
		remoteSubnet,
		forceEncaps,
		psk,
	} = view;
	const strongswan = family === 'strongswan-ipsec';
	const pfs = esp.pfsGroup === null ? '' : `;${modpOf[esp.pfsGroup]}`;
	const strict = family === 'openswan' ? '!' : '';
	const suite = strongswan
		? [
				`\tike=${ikeProposal(ike)}!`,
				`\tesp=${espProposal(esp)}!`,
				`\tkeyexchange=${ike.version}`,
				'\tmobike=no',
				`\tforceencaps=${forceEncaps ? 'yes' : 'no'}`,
				`\tlifetime=${esp.lifetimeSeconds}s`,
			]
		: [
				`\tike=${ike.encryption}-${hashWord[ike.hash]};${modpOf[ike.dhGroup]}${strict}`,
				`\tphase2alg=${esp.encryption}-${hashWord[esp.hash]}${strict}${pfs}`,
				`\tpfs=${esp.pfsGroup === null ? 'no' : 'yes'}`,
				`\tikev2=${ike.version === 'ikev2' ? 'insist' : 'no'}`,
				family === 'openswan' ? `\tforceencaps=${forceEncaps ? 'yes' : 'no'}` : `\tencapsulation=${forceEncaps ? 'yes' : 'auto'}`,
				`\tsalifetime=${esp.lifetimeSeconds}s`,
			];
	const conn = (cidr: string, index: number) => [
		`conn ${prefix}-${index + 1}`,
		'\ttype=tunnel',
		'\tauthby=secret',
		'\tauto=start',
		`\tleft=${localAddress}`,
		`\tleftid=${localId}`,
		`\tleftsubnet=${cidr}`,
		`\tright=${remoteAddress}`,
		`\trightid=${remoteAddress}`,
		`\trightsubnet=${remoteSubnet}`,
		...suite,
		`\tikelifetime=${ike.lifetimeSeconds}s`,
		...(dpd.enabled ? [`\tdpddelay=${dpd.delaySeconds}`, `\tdpdtimeout=${dpd.timeoutSeconds}`, '\tdpdaction=restart'] : []),
	];
	const names = localSubnets.map((_, index) => `${prefix}-${index + 1}`);
	// A daemon that runs takes a new conn of the others by its name only.
	const load = strongswan
		? ['ipsec rereadsecrets', 'ipsec update']
		: ['ipsec auto --rereadsecrets', ...names.flatMap((name) => [`ipsec auto --add ${name}`, `ipsec auto --up ${name}`])];
	const config = [
		`# /etc/ipsec.d/${prefix}.conf, included by /etc/ipsec.conf`,
		...localSubnets.flatMap(conn),
		'',
		`# /etc/ipsec.d/${prefix}.secrets, included by /etc/ipsec.secrets, readable by root alone`,
		`# ${localId} ${remoteAddress} : PSK ${secret(psk, toBase64)}`,
		'',
		'# Then, as root:',
		...[...firewall(view, '-I'), ...load].map((line) => `# ${line}`),
	];
	const remove = [
		...names.map((name) => (strongswan ? `ipsec down ${name}` : `ipsec auto --delete ${name}`)),
		`rm /etc/ipsec.d/${prefix}.conf /etc/ipsec.d/${prefix}.secrets`,
		...firewall(view, '-D'),
	];
	return {
		config: text(config),
		verify: text([strongswan ? 'ipsec statusall' : 'ipsec auto --status', 'ip -s xfrm state']),
		remove: text(remove),
	};
};
