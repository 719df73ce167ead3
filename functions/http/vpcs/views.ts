import * as z from 'zod';
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
});
