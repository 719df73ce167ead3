import type { Secret } from '../../domain/model/secret.ts';
import { type Ports, type SecretIntent, SecretsBusy, SecretsFull } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem-error.ts';
import { spendShare } from './share-of-minute.ts';

/** Parameter Store takes three new values a second for the whole AWS account. */
const most = 100;

/**
 * Stores a key, and before it the intent by which one that no row comes to name is removed. Throws where the account has given its customer
 * gateways too many keys within the minute, or all accounts together have.
 */
export const giveKey = async (
	ports: Ports,
	caller: Caller,
	{ intent, psk }: { intent: Omit<SecretIntent, 'madeAt'>; psk: Secret },
): Promise<number> => {
	const { secrets, secretIntents, clock } = ports;
	const { id, accountId, customerGatewayId } = intent;
	const done = `given its customer gateways ${most} pre-shared keys`;
	await spendShare(ports, caller, { accountId, counted: 'keys', most, done });
	await secretIntents.put({ ...intent, madeAt: clock().toISOString() });
	try {
		return await secrets.put(accountId, customerGatewayId, psk);
	} catch (error) {
		if (!(error instanceof SecretsBusy || error instanceof SecretsFull)) throw error;
		await secretIntents.remove(id);
		if (error instanceof SecretsFull)
			throw new ProblemError(
				'too-many-customer-gateways',
				'the customer gateways of all accounts together have reached the limit of this deployment; delete one, or ask its operator',
			);
		throw new ProblemError('too-many-requests', 'Parameter Store takes no more keys at this moment; ask again in a few seconds');
	}
};

/** Removes a key that no row names, and its intent. Where Parameter Store takes no call at the moment both stay: the tick goes on by the intent. */
export const removeKey = async (
	{ secrets, secretIntents, log }: Pick<Ports, 'secrets' | 'secretIntents' | 'log'>,
	{ id, accountId, customerGatewayId }: Omit<SecretIntent, 'madeAt'>,
): Promise<'removed' | 'busy'> => {
	try {
		await secrets.delete(accountId, customerGatewayId);
	} catch (error) {
		if (!(error instanceof SecretsBusy)) throw error;
		log.warn('secret of no customer gateway is deleted later', { customerGatewayId });
		return 'busy';
	}
	await secretIntents.remove(id);
	return 'removed';
};
