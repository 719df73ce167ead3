import { VpnGateway } from '../../domain/model/vpn-gateway.ts';
import { entityFields } from '../chain/entity-fields.ts';

export const VpnGatewayView = VpnGateway.pick({ ...entityFields, vpcId: true, publicIp: true });
