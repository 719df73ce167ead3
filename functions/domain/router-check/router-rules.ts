import { daemonVersion, isBelow } from '../rules/daemon-version.ts';
import type { CheckCode, Verdict } from './check-finding.ts';
import type { RouterState } from './router-state.ts';

/** What a rule may know beside what the router reads of itself. */
export type Asked = {
	/** Between these two instants the router read its clock; milliseconds. */
	from: number;
	until: number;
	accountId: string;
	/** The parameter that it was asked to read, and whose it is: of none where the VPC has no connection yet. */
	key: { name: string; customerGatewayId?: string };
};
type Rule = (state: RouterState, asked: Asked) => Verdict;

/** What is older, no dialect of ours was ever tried on. */
const oldest = { openswan: [2, 6, 38], libreswan: [3] } as const;
/** AWS refuses a request whose time is five minutes off; well before that, logs and events no longer fit together. */
const mostSkewSeconds = 60;
/** The default size of TCP segments leaves room for a path of 1476; the Internet takes no more than 1500 (AWS allows 9001 inside). */
const mtu = { least: 1_476, most: 1_500 };
const list = (words: readonly string[]): string => words.join(', ');

const sysctl = (lines: string): string =>
	`Put ${lines} into /etc/sysctl.d/90-s2s.conf and run “sysctl --system” as root on the router.`;

const clockVerdict: Rule = ({ time }, { from, until }) => {
	if (!Number.isSafeInteger(time) || time <= 0) return { found: 'the router told no time', mend: clockMend };
	const ahead = Math.max(0, time - Math.ceil(until / 1_000));
	const behind = Math.max(0, Math.floor(from / 1_000) - time);
	const off = Math.max(ahead, behind);
	const found = off === 0 ? 'in step with ours' : `${off} s ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
	return off <= mostSkewSeconds ? { found } : { found, mend: clockMend };
};
const clockMend =
	'Have the router’s clock kept: install and start chrony (“systemctl enable --now chrony”, on Amazon Linux chronyd), which finds Amazon’s time source 169.254.169.123 by itself or by “server 169.254.169.123 prefer iburst” in its configuration.';

const keyVerdict: Rule = ({ key, region }, { key: { name, customerGatewayId }, accountId }) => {
	const [outcome, ...rest] = key.split(' ');
	const said = rest.join(' ');
	const where = region === '' ? '' : ` in ${region}`;
	if (outcome === 'read') return { found: `reads ${name}${where}` };
	if (outcome === 'absent' && customerGatewayId === undefined)
		return { found: `may read the keys of the account ${accountId}${where}; there is none yet` };
	if (outcome === 'absent')
		return {
			found: `Parameter Store has no ${name}${where}`,
			mend: `Set the pre-shared key again by PATCH /v1/vpn-customer-gateways/${customerGatewayId} with psk.`,
		};
	if (outcome === 'no-aws') return { found: 'not tried: the router has no aws', mend: 'Mend aws-cli first, and check again.' };
	const found = `aws cannot read ${name}${where}: ${said}`;
	if (/specify a region/i.test(said))
		return {
			found,
			mend: 'Name the region in /root/.aws/config of the router (“[default]” and “region = …”), or update its Systems Manager agent, which names it to our scripts.',
		};
	if (/credentials/i.test(said))
		return {
			found,
			mend: 'Give the instance a role: “aws ec2 associate-iam-instance-profile --instance-id … --iam-instance-profile Name=…”.',
		};
	if (/AccessDenied|not authorized/i.test(said))
		return {
			found,
			mend: `Attach the policy of the stack’s output RouterPolicyArn to the role of the instance, and tag the role (not the instance) s2s-account=${accountId} with “aws iam tag-role”.`,
		};
	return {
		found,
		mend: 'Let the router reach Systems Manager and KMS over HTTPS: by its default route, or by interface endpoints of the VPC for ssm and kms whose security group lets it in.',
	};
};

/** Each looks at one thing of the router itself. */
export const routerRules = {
	tools: ({ lacking, system }) =>
		lacking.length === 0
			? { found: `all there${system === '' ? '' : ` (${system})`}` }
			: {
					found: `it lacks ${list(lacking)}`,
					mend: 'Install what is missing: on Debian “apt-get install -y libreswan iptables iproute2 util-linux coreutils diffutils gzip gawk sed grep sysvinit-utils”, on Amazon Linux “dnf install -y libreswan iptables-nft iproute util-linux diffutils gzip gawk sed grep procps-ng”.',
				},
	'aws-cli': ({ aws }) =>
		aws
			? { found: 'there' }
			: {
					found: 'the router has no aws (the AWS CLI), with which it fetches the keys',
					mend: 'Install it: on Debian “apt-get install -y awscli”, on Amazon Linux “dnf install -y awscli-2”.',
				},
	'key-access': keyVerdict,
	clock: clockVerdict,
	daemon: ({ daemon }) => {
		if (daemon === undefined)
			return {
				found: 'there is no Openswan or Libreswan: “ipsec --version” names neither',
				mend: 'Install Libreswan: on Debian “apt-get install -y libreswan”, on Amazon Linux “dnf install -y libreswan”; remove strongSwan first, which has an ipsec of its own.',
			};
		const least = oldest[daemon.flavor];
		const found = `${daemon.flavor} ${daemon.version}`;
		return isBelow(daemonVersion(daemon), least)
			? {
					found: `${found}, which is older than ${least.join('.')}`,
					mend: 'Update the daemon’s package, and restart it with “systemctl restart ipsec”.',
				}
			: { found };
	},
	'daemon-running': ({ running }) =>
		running
			? { found: 'it answers' }
			: {
					found: 'the IPsec daemon does not answer “ipsec whack --status”',
					mend: 'Start it with “systemctl start ipsec” and read why it does not stay up with “journalctl -u ipsec”; an error in /etc/ipsec.conf is named by “ipsec addconn --checkconfig”.',
				},
	'daemon-at-boot': ({ atBoot }) =>
		atBoot === 'disabled' || atBoot.startsWith('masked')
			? {
					found: `after a reboot the daemon does not start by itself (${atBoot})`,
					mend: `Run “${atBoot === 'disabled' ? '' : 'systemctl unmask ipsec && '}systemctl enable ipsec” as root on the router.`,
				}
			: {
					found: atBoot === 'unknown' || atBoot === '' ? 'nothing says; heal starts it after a reboot' : `it starts (${atBoot})`,
				},
	timer: ({ timer, healing }) => {
		if (timer === 'none')
			return {
				found: 'nothing can run heal each 15 s: there is no systemd, and no cron that runs and reads /etc/cron.d',
				mend: 'Install and start cron (“apt-get install -y cron”, “dnf install -y cronie && systemctl enable --now crond”), or have something of your own run /opt/s2s/heal.sh each 15 s and say so with an empty file /etc/s2s-timer.',
			};
		if (healing === '0')
			return {
				found: `the timer for heal is not active (${timer})`,
				mend: 'Run “systemctl enable --now s2s-heal.timer” on the router; where that is unknown there, POST /v1/vpcs/{id}/reapply installs it again.',
			};
		return { found: timer };
	},
	kernel: ({ kernel }) =>
		kernel.length === 0
			? { found: 'IPsec and the tables of iptables can be read' }
			: {
					found: `the kernel has no ${list(kernel)} that can be read`,
					mend: 'Boot a kernel with CONFIG_XFRM_USER and CONFIG_INET_ESP and with the raw, mangle and filter tables of iptables (those of Debian and Amazon Linux have them), outside of a container, and load what is a module: “modprobe -a xfrm_user esp4 iptable_raw iptable_mangle iptable_filter”.',
				},
	'ip-forward': ({ forwarding }) =>
		forwarding
			? { found: 'on' }
			: { found: 'net.ipv4.ip_forward is 0: it forwards nothing', mend: sysctl('“net.ipv4.ip_forward=1”') },
	'rp-filter': ({ strict }) =>
		strict.length === 0
			? { found: 'not strict on any interface' }
			: {
					found: `strict on ${list(strict)}: what comes out of a tunnel can be dropped`,
					mend: sysctl('“net.ipv4.conf.all.rp_filter=2” and “net.ipv4.conf.default.rp_filter=2”'),
				},
	redirects: ({ redirects }) =>
		redirects.length === 0
			? { found: 'neither sent nor taken' }
			: {
					found: `sent or taken on ${list(redirects)}: hosts can be told a way past the tunnel`,
					mend: sysctl(
						'“net.ipv4.conf.all.send_redirects=0”, “net.ipv4.conf.all.accept_redirects=0” and the same of default and of each interface named',
					),
				},
	mtu: ({ wan }) => {
		if (wan === undefined || !Number.isSafeInteger(wan.mtu))
			return {
				found: 'the router has no route to the outside',
				mend: 'Give the router a default route: let its interface get one by DHCP (“ip route”), and look at default-route.',
			};
		const found = `${wan.mtu} on ${wan.name}`;
		if (wan.mtu >= mtu.least && wan.mtu <= mtu.most) return { found };
		const why = wan.mtu > mtu.most ? 'more than the Internet carries' : `less than the ${mtu.least} that tunnels are made for`;
		return {
			found: `${found}: ${why}`,
			mend: `Run “ip link set dev ${wan.name} mtu 1500”, and have it stay: “MTUBytes=1500” under [Link] and “UseMTU=no” under [DHCPv4] of systemd-networkd, or “supersede interface-mtu 1500;” in dhclient.conf.`,
		};
	},
} as const satisfies Partial<Record<CheckCode, Rule>>;
