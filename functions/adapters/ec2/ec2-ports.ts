import { EC2Client } from '@aws-sdk/client-ec2';
import type { Ports } from '../../ports.ts';
import { ec2Instances } from './ec2-instances.ts';
import { ec2RouteTables } from './ec2-route-tables.ts';

/** EC2 throttles changes of routes by account: the client tries again, ever later, for about ten seconds. */
const maxAttempts = 8;

export const ec2Ports = (): Pick<Ports, 'routeTables' | 'instances'> => {
	const client = new EC2Client({ maxAttempts });
	return { routeTables: ec2RouteTables(client), instances: ec2Instances(client) };
};
