import type { Secret } from '../domain/model/secret.ts';

/** Parameter Store, write only: nobody but the router reads a PSK. */
export type Secrets = {
	/** Returns the new version. */
	put(accountId: string, customerGatewayId: string, psk: Secret): Promise<number>;
	delete(accountId: string, customerGatewayId: string): Promise<void>;
};
