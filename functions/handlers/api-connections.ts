import { dynamodbPorts } from '../adapters/dynamodb/dynamodb-ports.ts';
import { ec2Ports } from '../adapters/ec2/ec2-ports.ts';
import { lambdaPorts } from '../adapters/lambda-ports.ts';
import { sqsPorts } from '../adapters/sqs/sqs-ports.ts';
import { cursorPorts } from '../adapters/ssm/ssm-cursor-keys.ts';
import { requestLogContext } from '../adapters/system/powertools-log.ts';
import { claimNames } from '../environment.ts';
import { apiHandler } from '../http/chain/api-handler.ts';
import { connectionOperations, muteOperations } from '../http/connections/operations.ts';
import { connectionRoutes, muteRoutes } from '../http/connections/routes.ts';
import { eventOperations } from '../http/events/operations.ts';
import { eventRoutes } from '../http/events/routes.ts';
import { peerConfigOperations } from '../http/peer-configs/operations.ts';
import { peerConfigRoutes } from '../http/peer-configs/routes.ts';

/** Everything about a connection that needs no answer from its router. */
export const handler = apiHandler(
	[...connectionRoutes, ...muteRoutes, ...eventRoutes, ...peerConfigRoutes],
	{ ...connectionOperations, ...muteOperations, ...eventOperations, ...peerConfigOperations },
	{
		ports: lambdaPorts(dynamodbPorts(), sqsPorts(), ec2Ports(), cursorPorts()),
		claims: claimNames(),
		logContext: requestLogContext(),
	},
);
