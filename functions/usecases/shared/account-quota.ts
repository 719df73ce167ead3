import type { ProblemKind } from '../../domain/model/problem-kind.ts';
import type { Store, Write } from '../../ports.ts';
import { ProblemError } from './problem-error.ts';

type Quota = { most: number; problem: ProblemKind; what: string; wayOn: string };

/** A stage holds 10,000 keys in standard parameters, and its checks have one interval for all routers: no account may take them all. */
const quotas = {
	vpcs: { most: 100, problem: 'too-many-vpcs', what: 'VPCs', wayOn: 'delete one that has no VPN gateway' },
	customerGateways: {
		most: 500,
		problem: 'too-many-customer-gateways',
		what: 'customer gateways',
		wayOn: 'delete one that no connection uses',
	},
} as const satisfies Record<string, Quota>;
type Counted = keyof typeof quotas;

const keyOf = (accountId: string): string => `count#${accountId}`;

/** Goes into the transaction that makes or removes the row: it fails, and is decided anew, once the account has its most. */
export const countOne = (table: Counted, accountId: string, by: 1 | -1): Write => ({
	count: table,
	key: keyOf(accountId),
	by,
	most: quotas[table].most,
});

export const throwIfQuotaIsUsed = async (store: Store, table: Counted, accountId: string): Promise<void> => {
	const { most, problem, what, wayOn } = quotas[table];
	if ((await store.countOf(table, keyOf(accountId))) < most) return;
	throw new ProblemError(problem, `the account has ${most} ${what}, which is the limit; ${wayOn}`);
};
