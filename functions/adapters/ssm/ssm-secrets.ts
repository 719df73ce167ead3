import { setTimeout as pause } from 'node:timers/promises';
import {
	DeleteParameterCommand,
	ParameterLimitExceeded,
	ParameterNotFound,
	PutParameterCommand,
	type SSMClient,
} from '@aws-sdk/client-ssm';
import { type Secrets, SecretsBusy, SecretsFull } from '../../ports.ts';
import { isThrottle } from './run-command.ts';

type Place = {
	/** The path of the stage's secrets. */
	prefix: string;
	/** The key that they are encrypted under; who only deletes is not told it. */
	keyId(): string;
};

/** Each of the SDK's own tries is within a second. A request has 20 s. */
const patienceMs = 8_000;
const leastPauseMs = 500;

/** Again while it is throttled: the few calls a second are those of all accounts, and whoever uses them up is not to fail the others. */
const inTurn = async <T>(call: () => Promise<T>, end = Date.now() + patienceMs): Promise<T> => {
	try {
		return await call();
	} catch (error) {
		const pauseMs = leastPauseMs * (1 + Math.random());
		if (error instanceof ParameterLimitExceeded) throw new SecretsFull('Parameter Store is full', { cause: error });
		if (!isThrottle(error)) throw error;
		if (Date.now() + pauseMs >= end) throw new SecretsBusy('Parameter Store is throttled', { cause: error });
		await pause(pauseMs);
		return inTurn(call, end);
	}
};

/** Parameter Store refuses values with `{{`, and the router's secrets file takes base64 after `0s`: so the value is base64. */
export const ssmSecrets = (client: SSMClient, { prefix, keyId }: Place): Secrets => {
	const nameOf = (accountId: string, customerGatewayId: string) => `${prefix}/${accountId}/${customerGatewayId}`;
	return {
		async put(accountId, customerGatewayId, psk) {
			const command = new PutParameterCommand({
				Name: nameOf(accountId, customerGatewayId),
				Value: Buffer.from(psk.reveal(), 'utf8').toString('base64'),
				Type: 'SecureString',
				KeyId: keyId(),
				Overwrite: true,
			});
			const { Version } = await inTurn(() => client.send(command));
			if (Version === undefined) throw new Error('Parameter Store gave no version');
			return Version;
		},
		async delete(accountId, customerGatewayId) {
			try {
				await inTurn(() => client.send(new DeleteParameterCommand({ Name: nameOf(accountId, customerGatewayId) })));
			} catch (error) {
				if (!(error instanceof ParameterNotFound)) throw error;
			}
		},
	};
};
