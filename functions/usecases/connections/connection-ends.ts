import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { Secret } from '../../domain/model/secret.ts';
import { type PeerView, peerView } from '../../domain/peers/contract/peer-view.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible } from '../shared/load-visible.ts';

type Request = { caller: Caller; id: string; psk?: Secret };

/** A connection as its other end should have it. */
export const connectionEnds = async (
	{ store }: Ports,
	{ caller, id, psk }: Request,
): Promise<{ view: PeerView; customerGateway: CustomerGateway }> => {
	const connection = await loadVisible(store, caller, { table: 'connections', id });
	const [customerGateway, gateway, vpc] = await Promise.all([
		loadVisible(store, caller, { table: 'customerGateways', id: connection.customerGatewayId }),
		loadVisible(store, caller, { table: 'vpnGateways', id: connection.vpnGatewayId }),
		loadVisible(store, caller, { table: 'vpcs', id: connection.vpcId }),
	]);
	return { view: peerView(id, customerGateway, { vpc, gateway, psk }), customerGateway };
};
