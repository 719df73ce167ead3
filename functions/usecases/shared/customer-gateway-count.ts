import type { Write } from '../../ports.ts';

/** A stage holds 10,000 keys in standard parameters: no account may take them all. */
export const mostCustomerGateways = 500;

export const countKey = (accountId: string): string => `count#${accountId}`;

export const countCustomerGateway = (accountId: string, by: 1 | -1): Write => ({
	count: 'customerGateways',
	key: countKey(accountId),
	by,
	most: mostCustomerGateways,
});
