import { finding } from '../contract/peer-finding.ts';
import type { Finding } from '../contract/peer-reading.ts';
import { at, type Named, named, wordOf } from './junos-nodes.ts';
import type { JunosNode } from './junos-tree.ts';

/** What a bound VPN proposes as its subnets. */
const proposed = (vpn: JunosNode): string => {
	const selectors = named(vpn, 'traffic-selector').map(
		([name, node]) =>
			`traffic-selector ${name} of ${wordOf(node, 'local-ip') ?? 'nothing'} to ${wordOf(node, 'remote-ip') ?? 'nothing'}`,
	);
	const identity = at(vpn, 'ike', 'proxy-identity');
	if (selectors.length > 0) return selectors.slice(0, 10).join(', ');
	return identity === undefined
		? '0.0.0.0/0 for both sides'
		: `proxy-identity ${wordOf(identity, 'local') ?? '0.0.0.0/0'} to ${wordOf(identity, 'remote') ?? '0.0.0.0/0'}`;
};

/** A VPN that is bound to a tunnel interface: routes decide what goes through it, and policies name no VPN. */
export const routeBased = ([name, vpn]: Named): Finding | undefined => {
	const tunnel = wordOf(vpn, 'bind-interface');
	if (tunnel === undefined) return undefined;
	return finding('route-based', at(vpn, 'bind-interface')?.line ?? vpn.line, {
		message: `ipsec vpn ${name} is bound to ${tunnel}: it is route-based, so routes decide what goes through it, which is not compared, and it proposes ${proposed(vpn)}`,
		expected:
			'a policy-based tunnel (GET …/peer-config has all of it), or one traffic-selector or proxy-identity for each subnet pair of the connection, with a route to it',
		commands: [],
	});
};
