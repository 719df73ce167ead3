import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentsOf } from './deploy/documents-of.ts';
import { type LocalDynamoDb, startDynamoDb } from './dynamodb/start-dynamodb.ts';
import { hostRoutes } from './ec2/host-routes.ts';
import { type LocalRouteTables, localRouteTables } from './ec2/route-tables.ts';
import { startEc2 } from './ec2/start-ec2.ts';
import type { Authority } from './iam/authority.ts';
import type { Authorize } from './iam/authorizer.ts';
import { type Door, openDoor } from './iam/door.ts';
import type { Keyring } from './iam/keyring.ts';
import { dynamoDbNeeds } from './iam/needs/dynamodb.ts';
import { ec2Needs } from './iam/needs/ec2.ts';
import { snsNeeds } from './iam/needs/sns.ts';
import { sqsNeeds } from './iam/needs/sqs.ts';
import { ssmNeeds } from './iam/needs/ssm.ts';
import { dynamoDbProtocol, ec2Protocol, snsProtocol, sqsProtocol, ssmProtocol } from './iam/protocols.ts';
import { routerAccess } from './iam/router-access.ts';
import type { RouterFleet } from './routers/router-fleet.ts';
import { servedVpcs } from './routers/served-vpcs.ts';
import { type Outbox, openOutbox } from './sns/outbox.ts';
import { type LocalSns, startSns } from './sns/start-sns.ts';
import { type LocalSqs, startSqs } from './sqs/start-sqs.ts';
import { parameterStore, putsOfAccount } from './ssm/parameter-store.ts';
import { runCommand } from './ssm/run-command.ts';
import { secretReferences } from './ssm/secret-references.ts';
import { startSsm } from './ssm/start-ssm.ts';
import { arnOf, awsAccount, physicalName, type Resolve, region, type Stack, tableNamed } from './stack.ts';

type Options = {
	stack: Stack;
	dir: string;
	fleet: RouterFleet;
	authority: Authority;
	authorize: Authorize;
	keys: Keyring;
};

/** The stand-ins for AWS, each behind a door that checks its calls against the caller's role. */
export type StandIns = {
	/** The doors; functions know nothing else. */
	doors: Record<'dynamodb' | 'ec2' | 'sqs' | 'sns' | 'ssm', Door>;
	/** The queues, without the door. */
	sqs: LocalSqs;
	/** A client of DynamoDB, without the door. */
	rows: DynamoDBClient;
	resolve: Resolve;
	outbox: Outbox;
	/** What the link in a mail of SNS does. */
	confirm: LocalSns['confirm'];
	commands: ReturnType<typeof runCommand>;
	served: ReturnType<typeof servedVpcs>;
	routeTables: LocalRouteTables;
	stop(): Promise<void>;
};

export const startStandIns = async ({ stack, dir, fleet, authority, authorize, keys }: Options): Promise<StandIns> => {
	const doorTo = (to: string, rest: Pick<Parameters<typeof openDoor>[0], 'protocol' | 'needs'>) =>
		openDoor({ to, ...rest, keys, authorize });

	const dynamodb = await startOwnDynamoDb(dir);
	const rows = new DynamoDBClient({
		region,
		endpoint: dynamodb.url,
		credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
	});

	const sqs = await startSqs({ dir: join(dir, 'sqs'), region });
	const queueDoor = await doorTo(sqs.url, { protocol: sqsProtocol, needs: sqsNeeds });
	const resolve: Resolve = (resource) => stack.resolve(resource, (name) => `${queueDoor.url}/${awsAccount}/${name}`);

	const outbox = await openOutbox(join(dir, 'outbox.jsonl'));
	const sns = await startSns({ dir: join(dir, 'sns'), outbox, region });

	const earlierKey = stack.ofType('AWS::KMS::Key').map(arnOf)[0];
	const parameters = await parameterStore(join(dir, 'ssm'), { earlierKey, puts: putsOfAccount });
	const served = servedVpcs({ client: rows, vpcsTable: tableNamed(stack, 'Tables/vpcs') });
	const { refusedKeys } = routerAccess({ authority, authorize, parameters, accountOf: served.accountOf });
	const commands = runCommand({ documents: documentsOf(stack, resolve), parameters, ...fleet, refusedKeys });
	const secrets = await secretReferences(join(dir, 'ssm'), stack.ofType('AWS::SecretsManager::Secret').map(physicalName));
	const ssm = await startSsm({ parameters, secrets, commands });

	const { instanceOf } = fleet;
	const routeTables = localRouteTables({ file: join(dir, 'ec2', 'route-tables.json'), instanceOf, changed: hostRoutes(fleet) });
	const ec2 = await startEc2({ tables: routeTables, instanceOf, vpcOf: served.vpcOf });

	const doors = {
		dynamodb: await doorTo(dynamodb.url, { protocol: dynamoDbProtocol, needs: dynamoDbNeeds }),
		ec2: await doorTo(ec2.url, { protocol: ec2Protocol, needs: ec2Needs(routeTables) }),
		sqs: queueDoor,
		sns: await doorTo(sns.url, { protocol: snsProtocol, needs: snsNeeds }),
		ssm: await doorTo(ssm.url, {
			protocol: ssmProtocol,
			needs: ssmNeeds({ tagsOf: (id) => fleet.instanceOf(id).tags, keyOf: parameters.keyOf }),
		}),
	};
	return {
		doors,
		sqs,
		rows,
		resolve,
		outbox,
		confirm: sns.confirm,
		commands,
		served,
		routeTables,
		async stop() {
			rows.destroy();
			await Promise.all(Object.values(doors).map((one) => one.stop()));
			await Promise.all([sqs.stop(), sns.stop(), ssm.stop(), ec2.stop(), dynamodb.stop()]);
		},
	};
};

/** `DYNAMODB_ENDPOINT` names another one, which is already running. */
const startOwnDynamoDb = async (dir: string): Promise<Pick<LocalDynamoDb, 'url' | 'stop'>> => {
	const url = process.env['DYNAMODB_ENDPOINT'];
	return url === undefined ? startDynamoDb({ dir: join(dir, 'dynamodb') }) : { url, stop: async () => {} };
};
