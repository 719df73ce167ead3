import type { DeviceConfig } from '../contract/peer-device.ts';
import { keyRemark, type PeerView } from '../contract/peer-view.ts';
import { evenIfNot, firewall, keyWord, type ToBase64, text } from './swan-script.ts';

/** Adds a rule of iptables unless it is there, so that the text may be pasted twice. */
const ruleFunction = 'rule() { t=$1 c=$2; shift 2; iptables -t "$t" -C "$c" "$@" 2>/dev/null || iptables -t "$t" -I "$c" "$@"; }';
const asRule = (command: string): string => command.replace(/^iptables -t (\S+) -I /, 'rule $1 ');

/** The file by which the daemon's own takes ours in, where no line of it does yet; its last line may want its end. */
const included = (prefix: string, suffix: 'conf' | 'secrets'): string => {
	const own = `/etc/ipsec.${suffix}`;
	const add = `sed -i '$a\\' ${own}; echo 'include /etc/ipsec.d/${prefix}.${suffix}' >>${own}`;
	return `grep -qE '^include /etc/ipsec.d/(\\*|${prefix})[.]${suffix}' ${own} || { ${add}; }`;
};

/** What differs between the daemons that have an `ipsec.conf`. */
export type IpsecDaemon = {
	/** The options of a conn that say its suite, in the daemon's own words. */
	suite(view: PeerView): string[];
	/** What has to be changed in the setup of the daemon itself, and its undoing. */
	setup(view: PeerView): { change: readonly string[]; undo: readonly string[] };
	load(conns: readonly string[]): string[];
	unload(conn: string): string;
	reread: string[];
	status: string;
};

/** The default margins, nine minutes and more, are as long as a short lifetime. */
export const rekeyMargin = ({ ike, esp }: PeerView): string =>
	`${Math.floor(Math.min(ike.lifetimeSeconds, esp.lifetimeSeconds) / 10)}s`;

const connLines = (view: PeerView, { suite }: IpsecDaemon, { name, cidr }: { name: string; cidr: string }): string[] => {
	const { ike, dpd, localAddress = '%defaultroute', localId, remoteAddress, remoteSubnet } = view;
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
		...suite(view).map((option) => `\t${option}`),
		`\tikelifetime=${ike.lifetimeSeconds}s`,
		...(dpd.enabled ? [`\tdpddelay=${dpd.delaySeconds}`, `\tdpdtimeout=${dpd.timeoutSeconds}`, '\tdpdaction=restart'] : []),
	];
};

/** A script for root that writes the daemon's two files and has it take them in. */
export const ipsecScript = (
	view: PeerView,
	daemon: IpsecDaemon,
	{ prefix, toBase64 }: { prefix: string; toBase64: ToBase64 },
): DeviceConfig => {
	const { localId, localSubnets, remoteAddress } = view;
	const conf = `/etc/ipsec.d/${prefix}.conf`;
	const secrets = `/etc/ipsec.d/${prefix}.secrets`;
	const conns = localSubnets.map((cidr, index) => ({ name: `${prefix}-${index + 1}`, cidr }));
	const names = conns.map(({ name }) => name);
	const setup = daemon.setup(view);
	const config = [
		`# As root: writes ${conf} and ${secrets}${setup.change.length === 0 ? ', and touches no other tunnel' : ''}.`,
		...keyRemark(view, '# '),
		`cat >${conf} <<'END'`,
		...conns.flatMap((conn) => connLines(view, daemon, conn)),
		'END',
		`rm -f ${secrets}`,
		`(umask 077 && cat >${secrets}) <<'END'`,
		`${localId} ${remoteAddress} : PSK ${keyWord(view, toBase64)}`,
		'END',
		...setup.change,
		included(prefix, 'conf'),
		included(prefix, 'secrets'),
		ruleFunction,
		...firewall(view, '-I').map(asRule),
		...daemon.load(names),
	];
	const remove = [
		...names.map((name) => evenIfNot(daemon.unload(name))),
		`rm -f ${conf} ${secrets}`,
		...['conf', 'secrets'].map((suffix) => `sed -i '\\#^include /etc/ipsec.d/${prefix}[.]${suffix}$#d' /etc/ipsec.${suffix}`),
		...setup.undo,
		...daemon.reread.map(evenIfNot),
		...firewall(view, '-D').map(evenIfNot),
	];
	return { config: text(config), verify: text([daemon.status, 'ip -s xfrm state']), remove: text(remove) };
};
