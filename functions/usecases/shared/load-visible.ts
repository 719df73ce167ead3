import type { Rows, Store, TableName } from '../../ports.ts';
import { type Caller, isVisible } from './caller.ts';
import { ProblemError } from './problem-error.ts';

const names: Record<TableName, string> = {
	accounts: 'account',
	vpcs: 'VPC',
	vpnGateways: 'VPN gateway',
	customerGateways: 'customer gateway',
	connections: 'VPN connection',
};

export const notFound = (table: TableName, id: string, pointer?: string): ProblemError => {
	const detail = `there is no ${names[table]} ${id}`;
	return new ProblemError('not-found', detail, pointer === undefined ? [] : [{ pointer, detail }]);
};

/** Throws the same problem whether the row does not exist or the caller may not see it. */
export const loadVisible = async <T extends TableName>(
	store: Pick<Store, 'get'>,
	caller: Caller,
	{ table, id, pointer }: { table: T; id: string; pointer?: string },
): Promise<Rows[T]> => {
	const row = await store.get(table, id);
	if (row === undefined || !isVisible(caller, row)) throw notFound(table, id, pointer);
	return row;
};
