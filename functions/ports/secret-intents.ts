/** An intent to write or delete a PSK: made first and removed last, so that the tick cleans up after a crash in between. */
export type SecretIntent = { id: string; accountId: string; customerGatewayId: string; madeAt: string };

export type SecretIntents = {
	put(intent: SecretIntent): Promise<void>;
	remove(id: string): Promise<void>;
	/** The intents that were made before then. */
	madeBefore(madeAt: string): Promise<SecretIntent[]>;
};
