/** Both ends, from which a text may go on in the fifth line. */
const whole = 'conn a\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tauthby=secret\n';

/** Files that the text may include, in a folder of their own. */
export const included: Readonly<Record<string, string>> = {
	'good.conf': 'conn also\n\tpfs=no\n',
	'bad/one.conf': '# fine\n',
	'bad/two.conf': 'conn b\n\tnosuch=1\n',
};

type Configuration = {
	what: string;
	text: string;
	/** The line at which the text is refused, or the file below the folder and its line; 0 where the checker tells none. */
	refused?: number | string;
	/** Whether the conn `a` of an accepted text is loaded when it is added. */
	loaded?: boolean;
};

const accepted = (what: string, text: string, loaded = true): Configuration => ({ what, text, loaded });
const refused = (what: string, text: string, line: number | string): Configuration => ({ what, text, refused: line });
/** A setting of a conn that is whole otherwise. */
const taken = (setting: string, loaded = true) => accepted(JSON.stringify(setting), `${whole}\t${setting}\n`, loaded);
const not = (setting: string, line = 5) => refused(JSON.stringify(setting), `${whole}\t${setting}\n`, line);

/** What `addconn` of Libreswan 4.10, as Debian builds it, makes of a configuration. FOLDER stands for where it lies. */
export const configurations: readonly Configuration[] = [
	accepted('both ends', whole),
	accepted(
		'blanks for a tab, and lines of blanks and remarks',
		whole.replaceAll('\t', '   ').replace('right', '\n\t# a remark\n  right'),
	),
	accepted('no end of the last line', whole.trimEnd()),
	accepted('a version', `version 2.0\n${whole}`),
	accepted('an include of nothing', `include FOLDER/no*.conf\ninclude FOLDER/none.conf\n${whole}`),
	accepted('an include', `include FOLDER/good.conf\n${whole}\talso=also\n`),
	accepted('a conn twice', whole + whole),
	accepted('defaults', `conn %default\n\tpfs=yes\n${whole}\tpfs=no\n`),
	accepted(
		'settings of the daemon',
		`config setup\n\tikev1-policy=accept\n\tprotostack=netkey\n\tinterfaces=%defaultroute\n${whole}`,
	),
	...[
		'auto=add # a remark',
		'AUTO=Add',
		'auto=',
		'leftid="a b"',
		'leftid={a b}',
		'x-note=any words',
		'forceencaps=yes',
		'pfs=off',
	].map((one) => taken(one)),
	...[
		'ikelifetime=86400',
		'ikelifetime=1h',
		'ikelifetime=10x',
		'rekeyfuzz=50%',
		'keyingtries=%forever',
		'leftsubnet=10.1.0.5/16',
	].map((one) => taken(one)),
	...['ike=aes128-sha1;modp1536', 'phase2alg=aes128-sha1;modp1536'].map((one) => taken(`ikev2=no\n\t${one}`)),
	...['ike=aes128-sha1;modp1024', 'ike=rot13-sha1;modp1536', 'ike=aes128-sha1;modp1536!', 'phase2alg=aes128-sha1;modp1024'].map(
		(one) => taken(`ikev2=no\n\t${one}`, false),
	),
	...['left=192.0.2.9', 'pfs=yes\n\tpfs=no', 'leftid=@a\n\tleftid=@a', 'leftsubnet=10.1.0.0/33', 'leftsubnet=banana'].map((one) =>
		taken(one, false),
	),
	...['authby=banana', 'also=missing', 'leftprotoport=banana', 'leftsourceip=10.1.0.300'].map((one) => taken(one, false)),
	accepted('no left end', 'conn a\n\tright=192.0.2.2\n', false),
	accepted('ends of lines as on Windows, which belong to the name', whole.replaceAll('\n', '\r\n'), false),
	...[
		'nosuch=yes',
		'oe=off',
		'auto=mabye',
		'keyexchange=ikev1',
		'ikev2=perhaps',
		'rekeyfuzz=50',
		'leftid=a b',
		'auto=add #remark',
		'= x',
	].map((one) => not(one)),
	...['auto', 'pfs=', 'left right'].map((one) => not(one, 6)),
	refused('a setting that is not indented', `${whole}auto=add\n`, 5),
	refused('a setting of no section', `\tauto=add\n${whole}`, 1),
	refused('an include that is indented', `${whole}\tinclude FOLDER/good.conf\n`, 5),
	refused('an include among settings, which ends the conn', `${whole}include FOLDER/good.conf\n\tpfs=no\n`, 6),
	refused('a conn without a name', 'conn\n\tauto=add\n', 2),
	refused('a conn of two names', 'conn a b\n', 1),
	refused('a version that is not the first', `${whole}version 2.0\n`, 5),
	refused('words of no meaning', `${whole}garbage\n`, 5),
	refused('a key of Openswan', 'config setup\n\tnat_traversal=yes\n', 2),
	refused('a value that the daemon has none of', 'config setup\n\tikev1-policy=sure\n', 2),
	refused('a setting of a conn for the daemon', 'config setup\n\tsalifetime=1h\n', 0),
	refused('an error in a file of a folder that is included', `include FOLDER/bad/*.conf\n${whole}`, 'bad/two.conf:2'),
];
