import * as z from 'zod';
import { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import { Instant } from '../../domain/model/entity.ts';
import { entityFields } from '../chain/entity-fields.ts';

export const CustomerGatewayView = CustomerGateway.pick({
	...entityFields,
	name: true,
	gateway: true,
	remoteId: true,
	remoteCidrs: true,
	ike: true,
	esp: true,
	dpd: true,
	forceEncaps: true,
	pskVersion: true,
	pskUpdatedAt: true,
	connectionId: true,
}).extend({
	pskRotation: z.object({ previousVersion: z.int(), deadline: Instant }).optional(),
	pskRollback: z.object({ version: z.int(), at: Instant }).optional(),
	warnings: z.array(z.string()).optional(),
});

/** With the key that was made for the request, in its first answer alone. */
export const KeyedCustomerGatewayView = CustomerGatewayView.extend({
	psk: z.string().optional(),
	pskReturned: z.boolean().optional(),
});
