/** The names that IOS has for ports of UDP and TCP, as far as filters of a router use them. */
const named: Record<string, number> = {
	bgp: 179,
	bootpc: 68,
	bootps: 67,
	domain: 53,
	ftp: 21,
	isakmp: 500,
	'netbios-dgm': 138,
	'netbios-ns': 137,
	'non500-isakmp': 4_500,
	ntp: 123,
	pop3: 110,
	rip: 520,
	smtp: 25,
	snmp: 161,
	snmptrap: 162,
	syslog: 514,
	tacacs: 49,
	telnet: 23,
	tftp: 69,
	www: 80,
};

const numberOf = (word: string): number | undefined => (/^\d+$/.test(word) ? Number(word) : named[word.toLowerCase()]);

/** How many words a condition on ports takes; 0 where there is none. */
export const portWords = (words: readonly string[]): number => {
	const [first = ''] = words;
	if (/^range$/i.test(first)) return 3;
	if (/^(gt|lt|neq)$/i.test(first)) return 2;
	if (!/^eq$/i.test(first)) return 0;
	const others = words.slice(2).findIndex((word) => numberOf(word) === undefined);
	return others < 0 ? words.length : 2 + others;
};

/** Whether a port meets a condition, such as `range 500 4500`. */
export const portMeets = (condition: string, port: number): boolean => {
	const [word = '', ...rest] = condition.toLowerCase().split(' ');
	const [first = Number.NaN, last = Number.NaN] = rest.map((one) => numberOf(one) ?? Number.NaN);
	switch (word) {
		case 'eq':
			return rest.some((one) => numberOf(one) === port);
		case 'neq':
			return !Number.isNaN(first) && port !== first;
		case 'gt':
			return port > first;
		case 'lt':
			return port < first;
		default:
			return port >= first && port <= last;
	}
};
