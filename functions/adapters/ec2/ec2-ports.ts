import { EC2Client } from '@aws-sdk/client-ec2';
import type { Ports } from '../../ports.ts';
import { ec2Instances } from './ec2-instances.ts';
import { ec2RouteTables } from './ec2-route-tables.ts';

/**
 * EC2 throttles by AWS account. Who changes routes tries again, ever later, for half a minute. A request is answered without what EC2 does
 * not tell at once: those of one caller could hold all the functions that may run.
 */
const attempts = { request: 2, change: 8 };

export const ec2Ports = (by: keyof typeof attempts = 'request'): Pick<Ports, 'routeTables' | 'instances'> => {
	const maxAttempts = attempts[by];
	const client = new EC2Client({ maxAttempts });
	return { routeTables: ec2RouteTables(client), instances: ec2Instances(client) };
};
