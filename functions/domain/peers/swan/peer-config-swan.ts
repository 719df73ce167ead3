import { hashWord } from '../../model/conn-lines.ts';
import type { EspPolicy, IkePolicy } from '../../model/crypto-suite.ts';
import { modpOf } from '../../rules/router-capabilities.ts';
import type { DeviceConfig, DeviceNames } from '../contract/peer-device.ts';
import { keyText, type PeerView } from '../contract/peer-view.ts';

/** strongSwan's spelling of a proposal. */
const ikeProposal = ({ encryption, hash, dhGroup }: IkePolicy): string => `${encryption}-${hash}-${modpOf[dhGroup]}`;
const espProposal = ({ encryption, hash, pfsGroup }: EspPolicy): string =>
	`${encryption}-${hash}${pfsGroup === null ? '' : `-${modpOf[pfsGroup]}`}`;

type ToBase64 = (text: string) => string;
const secret = (view: PeerView, toBase64: ToBase64): string =>
	view.psk === undefined ? `"${keyText(view)}"` : `0s${toBase64(keyText(view))}`;
const firewall = ({ localSubnets, remoteSubnet, mss }: PeerView, flag: '-I' | '-D'): string[] =>
	localSubnets.flatMap((cidr) => [
		// What is translated never meets the tunnel's policy.
		`iptables -t nat ${flag} POSTROUTING -s ${cidr} -d ${remoteSubnet} -j ACCEPT`,
		`iptables -t mangle ${flag} FORWARD -s ${cidr} -d ${remoteSubnet} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${mss}`,
		`iptables -t mangle ${flag} FORWARD -s ${remoteSubnet} -d ${cidr} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${mss}`,
	]);
/** A script that stops at an error goes on after this: it may be run where there is nothing to do. */
const evenIfNot = (command: string): string => `${command} || :`;
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** /etc/swanctl/conf.d/<prefix>.conf. Exchanges of several subnets at once want `max_ikev1_exchanges` in strongswan.conf. */
export const swanctlConfig = (view: PeerView, { prefix }: DeviceNames, toBase64: ToBase64): DeviceConfig => {
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
		`    secret = ${secret(view, toBase64)}`,
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

type Family = 'strongswan-ipsec' | 'libreswan' | 'openswan';

/** Adds a rule of iptables unless it is there, so that the text may be pasted twice. */
const ruleFunction = 'rule() { t=$1 c=$2; shift 2; iptables -t "$t" -C "$c" "$@" 2>/dev/null || iptables -t "$t" -I "$c" "$@"; }';
const asRule = (command: string): string => command.replace(/^iptables -t (\S+) -I /, 'rule $1 ');

/** Libreswan 4 and later may drop IKEv1 unless told otherwise; 3.x does not know the option. */
const acceptIkev1 = (file: string): string[] => [
	'case "$(ipsec --version)" in *Libreswan\\ [4-9]*)',
	`  printf 'config setup\\n\\tikev1-policy=accept\\n' >>${file} ;;`,
	'esac',
];

/** The file by which the daemon's own takes ours in, where no line of it does yet; its last line may want its end. */
const included = (prefix: string, suffix: 'conf' | 'secrets'): string => {
	const own = `/etc/ipsec.${suffix}`;
	const add = `sed -i '$a\\' ${own}; echo 'include /etc/ipsec.d/${prefix}.${suffix}' >>${own}`;
	return `grep -qE '^include /etc/ipsec.d/(\\*|${prefix})[.]${suffix}' ${own} || { ${add}; }`;
};

/**
 * A script for root that writes ipsec.conf of the three families that have one: they differ in how a proposal is written and
 * in what makes it strict.
 */
export const ipsecConfig = (
	view: PeerView,
	{ prefix }: DeviceNames,
	{ family, toBase64 }: { family: Family; toBase64: ToBase64 },
): DeviceConfig => {
	const { ike, localId, localSubnets, remoteAddress } = view;
	const strongswan = family === 'strongswan-ipsec';
	const conf = `/etc/ipsec.d/${prefix}.conf`;
	const secrets = `/etc/ipsec.d/${prefix}.secrets`;
	const names = localSubnets.map((_, index) => `${prefix}-${index + 1}`);
	// A daemon that runs takes a new conn of the others by its name only.
	const load = strongswan
		? [
				'ipsec status >/dev/null 2>&1 || ipsec start',
				// It takes a moment before the daemon listens.
				'for n in 1 2 3 4 5 6 7 8 9; do ipsec rereadsecrets >/dev/null 2>&1 && break; sleep 1; done',
				'ipsec update',
			]
		: [
				'ipsec whack --status >/dev/null 2>&1 || ipsec setup start',
				'ipsec auto --rereadsecrets',
				...names.map((name) => `ipsec auto --replace ${name}`),
				// To wait for a peer that is away would keep the others down; the daemon goes on by itself.
				...names.map((name) => evenIfNot(`ipsec auto --asynchronous --up ${name}`)),
			];
	const config = [
		`# As root: writes ${conf} and ${secrets}, and touches no other tunnel.`,
		`cat >${conf} <<'END'`,
		...localSubnets.flatMap((cidr, index) => connLines(view, { name: `${prefix}-${index + 1}`, cidr, family })),
		'END',
		`rm -f ${secrets}`,
		`(umask 077 && cat >${secrets}) <<'END'`,
		`${localId} ${remoteAddress} : PSK ${secret(view, toBase64)}`,
		'END',
		...(family === 'libreswan' && ike.version === 'ikev1' ? acceptIkev1(conf) : []),
		included(prefix, 'conf'),
		included(prefix, 'secrets'),
		ruleFunction,
		...firewall(view, '-I').map(asRule),
		...load,
	];
	const remove = [
		...names.map((name) => evenIfNot(strongswan ? `ipsec down ${name}` : `ipsec auto --delete ${name}`)),
		`rm -f ${conf} ${secrets}`,
		...['conf', 'secrets'].map((suffix) => `sed -i '\\#^include /etc/ipsec.d/${prefix}[.]${suffix}$#d' /etc/ipsec.${suffix}`),
		...(strongswan ? ['ipsec rereadsecrets', 'ipsec update'] : ['ipsec auto --rereadsecrets']).map(evenIfNot),
		...firewall(view, '-D').map(evenIfNot),
	];
	return {
		config: text(config),
		verify: text([strongswan ? 'ipsec statusall' : 'ipsec auto --status', 'ip -s xfrm state']),
		remove: text(remove),
	};
};

const connLines = (
	{ ike, esp, dpd, localAddress = '%defaultroute', localId, remoteAddress, remoteSubnet, forceEncaps }: PeerView,
	{ name, cidr, family }: { name: string; cidr: string; family: Family },
): string[] => {
	const pfs = esp.pfsGroup === null ? '' : `;${modpOf[esp.pfsGroup]}`;
	const strict = family === 'openswan' ? '!' : '';
	// The default margins, nine minutes and more, are as long as a short lifetime.
	const margin = `${Math.floor(Math.min(ike.lifetimeSeconds, esp.lifetimeSeconds) / 10)}s`;
	const suite =
		family === 'strongswan-ipsec'
			? [
					`\tike=${ikeProposal(ike)}!`,
					`\tesp=${espProposal(esp)}!`,
					`\tkeyexchange=${ike.version}`,
					'\tmobike=no',
					`\tforceencaps=${forceEncaps ? 'yes' : 'no'}`,
					`\tlifetime=${esp.lifetimeSeconds}s`,
					`\tmargintime=${margin}`,
				]
			: [
					`\tike=${ike.encryption}-${hashWord[ike.hash]};${modpOf[ike.dhGroup]}${strict}`,
					`\tphase2alg=${esp.encryption}-${hashWord[esp.hash]}${strict}${pfs}`,
					`\tpfs=${esp.pfsGroup === null ? 'no' : 'yes'}`,
					`\tikev2=${ike.version === 'ikev2' ? 'insist' : 'no'}`,
					family === 'openswan'
						? `\tforceencaps=${forceEncaps ? 'yes' : 'no'}`
						: `\tencapsulation=${forceEncaps ? 'yes' : 'auto'}`,
					`\tsalifetime=${esp.lifetimeSeconds}s`,
					`\trekeymargin=${margin}`,
				];
	return [
		`conn ${name}`,
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
};
