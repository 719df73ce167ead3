import * as z from 'zod';
import { VpcId } from '../../domain/model/ids.ts';
import { RouterCheck } from '../../domain/router-check/router-check.ts';
import type { Route } from '../chain/route.ts';

export const routerCheckRoutes = [
	{
		id: 'checkRouter',
		method: 'POST',
		path: '/v1/vpcs/{id}/router-check',
		handler: 'api-router-check',
		who: 'admin',
		summary:
			'Checks all that the router of a VPC needs, on it and in EC2: each is ok, or the answer says how to mend it. Changes nothing',
		status: 200,
		touches: {
			tables: { vpcs: ['GetItem'], vpnGateways: ['GetItem'] },
			documents: ['inspect'],
			routes: ['DescribeInstances', 'DescribeRouteTables', 'DescribeSecurityGroups', 'DescribeNetworkAcls'],
		},
		params: z.object({ id: VpcId }),
		reply: RouterCheck,
		keepsNothing: true,
	},
] as const satisfies readonly Route[];
