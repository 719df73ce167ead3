import * as z from 'zod';
import { printable } from './text.ts';

const hex17 = '[0-9a-f]{17}';

/** Every id is a prefix that names its kind and 17 hexadecimal digits, as AWS writes its own. */
export const idPrefix = {
	vpnGateway: 'vgw',
	customerGateway: 'cgw',
	connection: 'vpnc',
	alertSubscription: 'sub',
} as const;
export type IdKind = keyof typeof idPrefix;

const id = (kind: IdKind) =>
	z.string().regex(new RegExp(`^${idPrefix[kind]}-${hex17}$`), `must look like ${idPrefix[kind]}-0123456789abcdef0`);

export const VpnGatewayId = id('vpnGateway');
export const CustomerGatewayId = id('customerGateway');
export const ConnectionId = id('connection');
export const AlertSubscriptionId = id('alertSubscription');

/** AWS VPC ids have 8 or 17 digits. */
export const VpcId = z.string().regex(/^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, 'must be an AWS VPC id, such as vpc-0a1b2c3d');

/**
 * An EC2 instance (`i-…`) or a managed node registered with Systems Manager (`mi-…`), as Run Command takes them: it refuses a call for
 * fifty because of one.
 */
export const RouterInstanceId = z
	.string()
	.regex(
		/^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/,
		'must be an EC2 instance id (i-…) or a managed node id (mi-… with 17 digits)',
	);
/** In a row, which is read with those of others. */
export const KnownRouterId = z.string().regex(/^m?i-[0-9a-f]{8,17}$/);

/** It becomes part of a parameter's path and a topic's name, hence the alphabet. */
export const AccountId = z
	.string({ error: ({ input }) => (input === undefined ? undefined : 'must be a text') })
	.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, - or _, and begin with a letter or digit');

export const NetworkId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, - or _');

/** Who a token is for, as its issuer calls them. It stands in events. */
export const Subject = z.string('must be a text').min(1).max(255).regex(printable, 'must be printable characters');
