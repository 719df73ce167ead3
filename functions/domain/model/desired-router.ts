import type { CryptoFloor } from './account.ts';
import type { CustomerGateway } from './customer-gateway.ts';
import type { Vpc } from './vpc.ts';
import type { VpnConnection } from './vpn-connection.ts';
import type { VpnGateway } from './vpn-gateway.ts';

export type DesiredConnection = { connection: VpnConnection; customerGateway: CustomerGateway };

/** Everything that one router should hold, read by key: the Vpc row and the rows of its slots. */
export type DesiredRouter = {
	vpc: Vpc;
	gateway?: VpnGateway;
	connections: DesiredConnection[];
	/** The path of this stage's secrets in Parameter Store, such as `/s2s/dev`. */
	pskPrefix: string;
	/** The floors of the account and of the deployment. */
	flooring: CryptoFloor[];
};
