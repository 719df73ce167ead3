import type { NativeAttributeValue } from '@aws-sdk/util-dynamodb';
import { Account } from '../../domain/model/account.ts';
import { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import { Vpc } from '../../domain/model/vpc.ts';
import { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { VpnGateway } from '../../domain/model/vpn-gateway.ts';
import { isDirty, isDue, shardOf } from '../../domain/monitoring/due.ts';
import type { Rows, TableName } from '../../ports.ts';

export type Item = Record<string, NativeAttributeValue>;

/** Typed by table, where TypeScript cannot follow the table's name to the row's type by itself. */
const schemas: { [T in TableName]: { parse(item: unknown): Rows[T] } } = {
	accounts: Account,
	vpcs: Vpc,
	vpnGateways: VpnGateway,
	customerGateways: CustomerGateway,
	connections: VpnConnection,
};

/** Sparse: a row that is not due or dirty lacks the attribute, and so is not in the index. */
const indexKeys = (table: TableName, row: Rows[TableName]): Record<string, string> => {
	if (table !== 'vpcs') return {};
	const vpc = row as Vpc;
	return {
		...(isDue(vpc) ? { dueShard: shardOf(vpc.id) } : {}),
		...(isDirty(vpc) ? { dirtyShard: shardOf(vpc.id) } : {}),
	};
};

export const itemOf = <T extends TableName>(table: T, row: Rows[T], rev: number): Item => ({
	...row,
	...indexKeys(table, row),
	rev,
});

/** Throws where the table holds what is no row of it: a defect, never shown as data. */
export const rowOf = <T extends TableName>(table: T, item: Item): Rows[T] => schemas[table].parse(item);

/** Markers share the owning table and have no attribute of any index. */
export const isMarker = (item: Item): boolean => (item['owner'] ?? item['counted']) !== undefined && item['rev'] === undefined;
