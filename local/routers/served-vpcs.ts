import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Vpc } from '../../functions/domain/model/vpc.ts';
import { routerKey } from '../../functions/usecases/shared/router-key.ts';

type Outside = { client: DynamoDBClient; vpcsTable: string };
export type ServedVpc = Pick<Vpc, 'id' | 'accountId' | 'cidr' | 'publicIps'>;

/** What an operator would have made for each router, by the VPC that it serves: where it is, and the account that its role is tagged for. */
export const servedVpcs = ({ client, vpcsTable }: Outside) => {
	const accounts = new Map<string, string>();
	const read = async (id: string) => {
		const { Item } = await client.send(new GetItemCommand({ TableName: vpcsTable, Key: { id: { S: id } } }));
		return Item && unmarshall(Item);
	};
	const vpcOf = async (instanceId: string): Promise<ServedVpc | undefined> => {
		const owner = (await read(routerKey(instanceId)))?.['owner'] as string | undefined;
		return owner === undefined ? undefined : ((await read(owner)) as ServedVpc | undefined);
	};

	return {
		vpcOf,
		steerAccount: (instanceId: string, account: string) => void accounts.set(instanceId, account),
		accountOf: async (instanceId: string): Promise<string | undefined> =>
			accounts.get(instanceId) ?? (await vpcOf(instanceId))?.accountId,
	};
};
