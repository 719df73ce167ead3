import type { Secrets } from '../../../functions/ports.ts';

/** Keeps every version of every key, as Parameter Store does, for the routers to read. */
export const recordingSecrets = (secrets: Secrets) => {
	const kept = new Map<string, string[]>();
	const nameOf = (accountId: string, customerGatewayId: string) => `${accountId}/${customerGatewayId}`;
	const recording: Secrets = {
		async put(accountId, customerGatewayId, psk) {
			const name = nameOf(accountId, customerGatewayId);
			kept.set(name, [...(kept.get(name) ?? []), psk.reveal()]);
			return secrets.put(accountId, customerGatewayId, psk);
		},
		async delete(accountId, customerGatewayId) {
			kept.delete(nameOf(accountId, customerGatewayId));
			return secrets.delete(accountId, customerGatewayId);
		},
	};
	return {
		secrets: recording,
		/** By account and customer gateway, such as `acme/cgw-1`. */
		kept,
		read: (name: string, version: number): string | undefined => kept.get(name)?.[version - 1],
	};
};
export type ParameterStore = ReturnType<typeof recordingSecrets>;
