import type { Secret } from '../domain/model/secret.ts';

/** It takes no more for the moment, and has stored nothing. */
export class SecretsBusy extends Error {}
/** It has as many as it takes, and has stored nothing. */
export class SecretsFull extends Error {}

/** Parameter Store, write only: nobody but the router reads a PSK. */
export type Secrets = {
	/** Returns the new version. Throws SecretsBusy where it is throttled for longer than a request may wait, and SecretsFull where a new one is one too many. */
	put(accountId: string, customerGatewayId: string, psk: Secret): Promise<number>;
	delete(accountId: string, customerGatewayId: string): Promise<void>;
};
