import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { routerKey } from '../../functions/usecases/shared/router-key.ts';

type Outside = { client: DynamoDBClient; vpcsTable: string };

/** The account that each router's role is tagged for: by default that of the VPC which it serves, as an operator would tag it. */
export const routerAccounts = ({ client, vpcsTable }: Outside) => {
	const steered = new Map<string, string>();
	const read = async (id: string) =>
		(await client.send(new GetItemCommand({ TableName: vpcsTable, Key: { id: { S: id } } }))).Item;

	return {
		steer: (instanceId: string, account: string) => void steered.set(instanceId, account),
		async of(instanceId: string): Promise<string | undefined> {
			const known = steered.get(instanceId);
			if (known !== undefined) return known;
			const vpcId = (await read(routerKey(instanceId)))?.['owner']?.S;
			return vpcId === undefined ? undefined : (await read(vpcId))?.['accountId']?.S;
		},
	};
};
