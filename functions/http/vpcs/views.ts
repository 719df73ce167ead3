import * as z from 'zod';
import { ConnectionId } from '../../domain/model/ids.ts';
import { RouteTableId } from '../../domain/model/route-table.ts';
import { Silence } from '../../domain/model/router-answer.ts';
import { RouterFacts, Vpc } from '../../domain/model/vpc.ts';
import { entityFields } from '../chain/entity-fields.ts';

export const VpcView = Vpc.pick({
	...entityFields,
	name: true,
	cidr: true,
	routerInstanceId: true,
	publicIps: true,
	networks: true,
	remoteAccessVpn: true,
	routeTableIds: true,
	vpnGatewayId: true,
	generation: true,
	appliedGeneration: true,
	silentSince: true,
}).extend({
	router: RouterFacts.pick({ flavor: true, version: true, capabilities: true, boot: true, reportedAt: true }).optional(),
	silence: Silence.pick({ code: true, detail: true }).optional(),
	/** Former routers that have yet to be cleaned. */
	retired: z.array(z.object({ instanceId: z.string() })).optional(),
	/** By connection, the route tables that lead what it reaches to the router. */
	routes: z.record(ConnectionId, z.array(RouteTableId)),
	/** Whether routes are made: only in the tables of `routeTableIds`. */
	routing: z.object({ managed: z.boolean() }),
});
export type VpcView = z.infer<typeof VpcView>;

/** A VPC as the API shows it: its row, and of its routes the tables that have them. */
export const vpcView = ({ routes = {}, ...vpc }: Vpc): VpcView =>
	VpcView.parse({
		...vpc,
		routes: Object.fromEntries(Object.entries(routes).map(([id, tables]) => [id, Object.keys(tables)])),
		routing: { managed: vpc.routeTableIds.length > 0 },
	});
