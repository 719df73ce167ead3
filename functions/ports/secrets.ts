import type { Secret } from '../domain/model/secret.ts';

/** It takes no more for the moment, and has stored nothing. */
export class SecretsBusy extends Error {}

/** Parameter Store, write only: nobody but the router reads a PSK. */
export type Secrets = {
	/** Returns the new version. Throws SecretsBusy where it is throttled for longer than a request may wait. */
	put(accountId: string, customerGatewayId: string, psk: Secret): Promise<number>;
	delete(accountId: string, customerGatewayId: string): Promise<void>;
};
