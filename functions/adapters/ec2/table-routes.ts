import type { Route } from '@aws-sdk/client-ec2';
import type { TableRoute } from '../../domain/model/route-table.ts';

export const routesOf = (routes: readonly Route[] = []): TableRoute[] => routes.flatMap(routeOf);

/** A route to an instance names its interface too, which comes first here. */
const targets = [
	'NetworkInterfaceId',
	'GatewayId',
	'NatGatewayId',
	'TransitGatewayId',
	'VpcPeeringConnectionId',
	'EgressOnlyInternetGatewayId',
	'LocalGatewayId',
	'CarrierGatewayId',
	'CoreNetworkArn',
	'InstanceId',
] as const satisfies readonly (keyof Route)[];

/** Routes to IPv6 blocks and prefix lists are none of ours. */
const routeOf = (route: Route): TableRoute[] => {
	const { DestinationCidrBlock: cidr, Origin } = route;
	if (cidr === undefined) return [];
	const named = targets.find((name) => route[name] !== undefined);
	const target = (named && route[named]) ?? 'something unknown';
	return [{ cidr, target, propagated: Origin === 'EnableVgwRoutePropagation' }];
};
