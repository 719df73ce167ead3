import type { Token } from './junos-tokens.ts';

/**
 * The statements of JunOS 9.5 to 12.1 that a policy-based tunnel is made of, as the command references of Juniper name them.
 * `*` is a name of the user's; `value` takes the place of the one before, `values` adds to them.
 */
export type Words = { [word: string]: Words | 'value' | 'values' | 'flag' };

/** A property of this name, written out, would make the object look like a promise. */
const consequence = 'then';

const proposal: Words = {
	description: 'value',
	'authentication-method': 'value',
	'authentication-algorithm': 'value',
	'encryption-algorithm': 'value',
	'lifetime-seconds': 'value',
	'lifetime-kilobytes': 'value',
};
const hostInbound: Words = { 'system-services': { '*': { except: 'flag' } }, protocols: { '*': { except: 'flag' } } };
const addresses: Words = {
	address: { '*': { description: 'value', '*': 'flag' } },
	'address-set': { '*': { description: 'value', address: 'values', 'address-set': 'values' } },
};
/** What a rule of translation goes by; a part of them makes it one for some packets only. */
const ruleMatch: Words = {
	'source-address': 'values',
	'source-address-name': 'values',
	'destination-address': 'values',
	'destination-address-name': 'values',
	'source-port': 'values',
	'destination-port': 'values',
	protocol: 'values',
	application: 'values',
};
const zonePair: Words = { zone: 'values', interface: 'values', 'routing-instance': 'values' };

export const junosWords: Words = {
	version: 'value',
	interfaces: {
		'*': {
			description: 'value',
			disable: 'flag',
			unit: {
				'*': {
					description: 'value',
					disable: 'flag',
					family: { inet: { address: { '*': { primary: 'flag', preferred: 'flag' } } } },
				},
			},
		},
	},
	security: {
		ike: {
			proposal: { '*': { ...proposal, 'dh-group': 'value' } },
			policy: {
				'*': {
					mode: 'value',
					description: 'value',
					proposals: 'values',
					'proposal-set': 'value',
					'pre-shared-key': { 'ascii-text': 'value', hexadecimal: 'value' },
				},
			},
			gateway: {
				'*': {
					'ike-policy': 'value',
					address: 'values',
					'dead-peer-detection': { interval: 'value', threshold: 'value', 'always-send': 'flag' },
					'no-nat-traversal': 'flag',
					'nat-keepalive': 'value',
					'local-identity': { inet: 'value', hostname: 'value', 'user-at-hostname': 'value' },
					'remote-identity': { inet: 'value', hostname: 'value', 'user-at-hostname': 'value' },
					'external-interface': 'value',
					'local-address': 'value',
					'general-ikeid': 'flag',
					version: 'value',
				},
			},
		},
		ipsec: {
			proposal: { '*': { ...proposal, protocol: 'value' } },
			policy: {
				'*': {
					description: 'value',
					'perfect-forward-secrecy': { keys: 'value' },
					proposals: 'values',
					'proposal-set': 'value',
				},
			},
			vpn: {
				'*': {
					'bind-interface': 'value',
					'df-bit': 'value',
					'traffic-selector': { '*': { 'local-ip': 'value', 'remote-ip': 'value' } },
					'establish-tunnels': 'value',
					ike: {
						gateway: 'value',
						'ipsec-policy': 'value',
						'idle-time': 'value',
						'no-anti-replay': 'flag',
						'proxy-identity': { local: 'value', remote: 'value', service: 'value' },
					},
				},
			},
		},
		'address-book': { '*': { ...addresses, description: 'value', attach: { zone: 'values' } } },
		zones: {
			'security-zone': {
				'*': {
					description: 'value',
					screen: 'value',
					'tcp-rst': 'flag',
					'application-tracking': 'flag',
					'address-book': addresses,
					'host-inbound-traffic': hostInbound,
					interfaces: { '*': { 'host-inbound-traffic': hostInbound } },
				},
			},
		},
		policies: {
			'from-zone': {
				'*': {
					'to-zone': {
						'*': {
							policy: {
								'*': {
									description: 'value',
									match: { 'source-address': 'values', 'destination-address': 'values', application: 'values' },
									[consequence]: {
										permit: { tunnel: { 'ipsec-vpn': 'value', 'pair-policy': 'value' } },
										deny: 'flag',
										reject: 'flag',
										count: 'flag',
										log: { 'session-init': 'flag', 'session-close': 'flag' },
									},
								},
							},
						},
					},
				},
			},
			'default-policy': { 'permit-all': 'flag', 'deny-all': 'flag' },
		},
		nat: {
			source: {
				'rule-set': {
					'*': {
						from: zonePair,
						to: zonePair,
						rule: {
							'*': {
								match: ruleMatch,
								[consequence]: { 'source-nat': { off: 'flag', interface: 'flag', pool: { '*': 'flag' } } },
							},
						},
					},
				},
			},
			static: {
				'rule-set': {
					'*': {
						from: zonePair,
						rule: {
							'*': {
								match: ruleMatch,
								[consequence]: { 'static-nat': { prefix: { '*': 'flag', 'routing-instance': 'value' } } },
							},
						},
					},
				},
			},
		},
		flow: { 'tcp-mss': { 'ipsec-vpn': { mss: 'value' }, 'all-tcp': { mss: 'value' } } },
	},
};

/** What a part of a configuration stands below where nothing names its path, by the word that it begins with. */
const above: Record<string, string> = {
	ike: 'security',
	ipsec: 'security',
	zones: 'security',
	policies: 'security',
	nat: 'security',
	'address-book': 'security',
	flow: 'security',
	'security-zone': 'security zones',
	'from-zone': 'security policies',
	vpn: 'security ipsec',
	gateway: 'security ike',
};

export const assumedAbove = ([first]: readonly Token[], line: number): Token[] => {
	const path = first !== undefined && Object.hasOwn(above, first.text) ? (above[first.text] ?? '') : '';
	return path
		.split(' ')
		.filter(Boolean)
		.map((text) => ({ text, line, quoted: false }));
};
