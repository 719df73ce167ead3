const kinds = [
	'GigabitEthernet',
	'FastEthernet',
	'TenGigabitEthernet',
	'Ethernet',
	'Serial',
	'Dialer',
	'Loopback',
	'Tunnel',
	'Vlan',
	'ATM',
	'Port-channel',
];
/** `gi0/0`, `Gig 0/0` and `GigabitEthernet0/0` are one interface. */
export const interfaceName = (words: readonly string[]): string => {
	const typed = words.join('');
	const [, kind = typed, place = ''] = /^([A-Za-z-]+)([\d/.:]*)$/.exec(typed) ?? [];
	return `${kinds.find((one) => one.toLowerCase().startsWith(kind.toLowerCase())) ?? kind}${place}`;
};
