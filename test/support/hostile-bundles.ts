/** A bundle that ours never is, as a change to one of ours, and what the router says to it. */
export type Hostile = { what: string; change: (bundle: string) => string; refusal: RegExp };

const swap = (from: string | RegExp, to: string) => (bundle: string) => {
	const changed = bundle.replace(from, to);
	if (changed === bundle) throw new Error(`the bundle has no ${from}`);
	return changed;
};
const option = (line: string) => swap('| \tauto=add\n', `| \tauto=add\n| \t${line}\n`);
const id = 'vpnc-00000000000000002';

export const hostileBundles: readonly Hostile[] = [
	// Which one awk takes for the end of a line, and another for a character.
	{ what: 'a zero byte for a line break', change: swap('\nvpc ', '\0vpc '), refusal: /a zero byte/ },
	{ what: 'a program to run at each up', change: option('leftupdown=/tmp/x'), refusal: /the option leftupdown/ },
	{ what: 'an option of the daemon that is none of ours', change: option('failureshunt=passthrough'), refusal: /failureshunt/ },
	{ what: 'an option a second time', change: option('type=passthrough'), refusal: /the option type a second time/ },
	{
		what: 'a conn that passes everything in clear',
		change: swap('type=tunnel', 'type=passthrough'),
		refusal: /the option type=pass/,
	},
	{ what: 'a conn that starts at once', change: swap('auto=add', 'auto=start'), refusal: /the option auto=start/ },
	{ what: 'a conn by certificates', change: swap('authby=secret', 'authby=never'), refusal: /the option authby/ },
	{
		what: 'a conn without an option that the owner’s default then has',
		change: swap('| \tcompress=no\n', ''),
		refusal: /lacks the option compress/,
	},
	{ what: 'another conn included in one', change: option('also=owners-conn'), refusal: /the option also/ },
	{ what: 'an included file', change: swap('| \ttype=', '| include /etc/passwd\n| \ttype='), refusal: /the line include/ },
	{
		what: 'a config setup in a conn’s file',
		change: swap('| \ttype=', '| config setup\n| \ttype='),
		refusal: /the line config.setup/,
	},
	{ what: 'a defaults’ conn', change: swap(`| conn ${id}-1`, '| conn %default'), refusal: /the conn %default/ },
	{ what: 'a conn of the owner’s', change: swap(`| conn ${id}-1`, '| conn office'), refusal: /the conn office/ },
	{
		what: 'a conn of another connection',
		change: swap(`| conn ${id}-1`, '| conn vpnc-00000000000000003-1'),
		refusal: /the conn vpnc/,
	},
	{ what: 'a conn twice', change: swap(`| conn ${id}-2`, `| conn ${id}-1`), refusal: /the conn vpnc/ },
	{
		what: 'a pair without a conn',
		change: swap('pair 2 ', 'pair 2 10.9.0.0/24\npair 3 '),
		refusal: /the option rightsubnet|lacks the conn/,
	},
	{
		what: 'a setup line of the daemon',
		change: swap('setup ikev1-policy=accept', 'setup uniqueids=no'),
		refusal: /the setup line uniqueids/,
	},
	{
		what: 'a program in a setup line',
		change: swap('setup ikev1-policy=accept', 'setup dumpdir=/etc'),
		refusal: /the setup line dumpdir/,
	},
	{ what: 'the whole Internet behind a peer', change: swap(/10\.2\.0\.0\/24/g, '0.0.0.0/0'), refusal: /the block 0.0.0.0.0/ },
	{ what: 'half of the Internet behind a peer', change: swap(/10\.2\.0\.0\/24/g, '0.0.0.0/1'), refusal: /the block 0.0.0.0.1/ },
	{ what: 'the router itself behind a peer', change: swap(/10\.2\.0\.0\/24/g, '127.0.0.0/8'), refusal: /the block 127/ },
	{
		what: 'a subnet that is none of the pair’s',
		change: swap('rightsubnet=10.2.0.0/24', 'rightsubnet=10.9.0.0/16'),
		refusal: /the option rightsubnet/,
	},
	{ what: 'the whole Internet as the VPC', change: swap('vpc 10.1.0.0/16', 'vpc 0.0.0.0/0'), refusal: /the VPC 0/ },
	{ what: 'all connections as one', change: swap(new RegExp(id, 'g'), '*'), refusal: /the connection \?/ },
	{ what: 'a path as a connection', change: swap(new RegExp(id, 'g'), '../../../passwd'), refusal: /the connection \.\./ },
	{ what: 'a command as a connection', change: swap(new RegExp(id, 'g'), 'vpnc-$(reboot)'), refusal: /the connection vpnc-\?/ },
	{ what: 'a connection twice', change: swap(/vpnc-00000000000000003/g, id), refusal: /a second time/ },
	{ what: 'a command as a peer', change: swap(/peer=192\.0\.2\.2/, 'peer=`id`'), refusal: /the word peer/ },
	{ what: 'an option of iptables as a clamp', change: swap(/mss=\d+/, 'mss=1;-F'), refusal: /the word mss/ },
	{ what: 'a path as a key', change: swap(/psk=\S+/, 'psk=../../root:1'), refusal: /the word psk/ },
	{ what: 'a word that no connection has', change: swap(' natt=', ' run=/bin/sh natt='), refusal: /the word run/ },
	{
		what: 'a probe of a host that is behind no peer',
		change: swap(/( psk=\S+)/, '$1 probe=10.9.0.1'),
		refusal: /probe=10\.9\.0\.1/,
	},
	{ what: 'an option of ping as a probe', change: swap(/( psk=\S+)/, '$1 probe=-f'), refusal: /the word probe=-f/ },
	{
		what: 'two probes of one connection',
		change: swap(/( psk=\S+)/, '$1 probe=10.2.0.1 probe=10.2.0.2'),
		refusal: /the word probe a second time/,
	},
	{
		what: 'an identity with a line of its own',
		change: swap('rightid=192.0.2.2 ike=', 'rightid=x\rinclude ike='),
		refusal: /a character/,
	},
	{ what: 'lines behind its end', change: (bundle) => `${bundle}setup oe=off\n`, refusal: /behind its end/ },
	{ what: 'no end', change: swap(/\nend\n$/, '\n'), refusal: /has no end/ },
	{ what: 'another generation than it says', change: swap('generation 2', 'generation 9'), refusal: /another generation/ },
];
