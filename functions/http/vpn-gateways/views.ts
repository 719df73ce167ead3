import { VpnGateway } from '../../domain/model/vpn-gateway.ts';

export const VpnGatewayView = VpnGateway.omit({ rev: true });
