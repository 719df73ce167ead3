import { finding } from '../contract/peer-finding.ts';
import type { Finding } from '../contract/peer-reading.ts';
import { at, lineOf, named } from './junos-nodes.ts';
import type { Policy } from './junos-policies.ts';
import type { JunosNode } from './junos-tree.ts';

/** The zone that allows ike, or else where the tunnel's policies go to. */
export const outsideByPolicies = (security: JunosNode, mine: readonly Policy[]): string | undefined => {
	const zones = [...new Set(mine.flatMap(({ from, to }) => [to, from]))];
	return zones.find((zone) => allowsIke(at(security, 'zones', 'security-zone', zone, 'host-inbound-traffic'))) ?? zones[0];
};

const allowsIke = (inbound: JunosNode | undefined): boolean => {
	const services = named(inbound, 'system-services');
	const except = services.some(([service, node]) => service === 'ike' && node.below.has('except'));
	return !except && services.some(([service]) => ['ike', 'all', 'any-service'].includes(service));
};

type Outside = {
	outside: string;
	externalInterface: string | undefined;
	gateway: JunosNode | undefined;
	gatewayName: string | undefined;
};

export const ikeAllowed = (security: JunosNode, { outside, externalInterface, gateway, gatewayName }: Outside): Finding[] => {
	// A gateway that is not there is told as such.
	if (gateway === undefined || gatewayName === undefined) return [];
	const zones = named(security, 'zones', 'security-zone');
	const hasInterfaces = zones.some(([, zone]) => named(zone, 'interfaces').length > 0);
	const line = lineOf(gateway, undefined, 'external-interface');
	const path = `set security ike gateway ${gatewayName} external-interface`;
	const toZone = named(security, 'zones', 'security-zone', outside, 'interfaces')
		.slice(0, 1)
		.map(([name]) => `${path} ${name}`);
	if (externalInterface === undefined)
		return [
			finding('interface', line, {
				message: `ike gateway ${gatewayName} has no external-interface`,
				expected: 'the interface to the internet, with its unit',
				commands: toZone,
			}),
		];
	if (hasInterfaces && !zones.some(([, zone]) => at(zone, 'interfaces', externalInterface) !== undefined))
		return [
			finding('interface', line, {
				message: `external-interface ${externalInterface} is in no zone`,
				expected: `an interface of zone ${outside}, with its unit`,
				commands: toZone,
			}),
		];
	const zone = at(security, 'zones', 'security-zone', outside);
	// What is set at an interface takes the place of all that its zone allows.
	const own = at(zone, 'interfaces', externalInterface, 'host-inbound-traffic');
	const inbound = own ?? at(zone, 'host-inbound-traffic');
	if (allowsIke(inbound)) return [];
	const takes = `set security zones security-zone ${outside}${own === undefined ? '' : ` interfaces ${externalInterface}`}`;
	return [
		finding('ike-not-allowed', lineOf(inbound, zone ?? gateway), {
			message: `${own === undefined ? `zone ${outside}` : `interface ${externalInterface}`} does not take ike in`,
			expected: 'host-inbound-traffic system-services ike',
			commands: [`${takes} host-inbound-traffic system-services ike`],
		}),
	];
};

/** An interface to the internet that is switched off, or its unit. */
export const switchedOff = (root: JunosNode, externalInterface: string | undefined): Finding[] => {
	const [name = '', unit = '0'] = externalInterface?.split('.') ?? [];
	const port = at(root, 'interfaces', name);
	const off = at(port, 'disable') ?? at(port, 'unit', unit, 'disable');
	if (off === undefined) return [];
	const path = at(port, 'disable') === undefined ? `interfaces ${name} unit ${unit}` : `interfaces ${name}`;
	return [
		finding('interface', off.line, {
			message: `external-interface ${externalInterface} is disabled`,
			expected: 'the interface to the internet without disable',
			commands: [`delete ${path} disable`],
		}),
	];
};
