import * as z from 'zod';
import { Ipv4 } from './cidr.ts';
import { entityFields } from './entity.ts';
import { AccountId, VpcId, VpnGatewayId } from './ids.ts';

export const VpnGateway = z.object({ id: VpnGatewayId, ...entityFields, vpcId: VpcId, publicIp: Ipv4 });
export type VpnGateway = z.infer<typeof VpnGateway>;

export const CreateVpnGateway = z.strictObject({ accountId: AccountId.optional(), vpcId: VpcId, publicIp: Ipv4.optional() });
export type CreateVpnGateway = z.infer<typeof CreateVpnGateway>;
