import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Secrets } from '../../ports.ts';

type Place = {
	/** The path of the stage's secrets. */
	prefix: string;
	/** The key that they are encrypted under; who only deletes is not told it. */
	keyId(): string;
};

/** Parameter Store refuses values with `{{`, and the router's secrets file takes base64 after `0s`: so the value is base64. */
export const ssmSecrets = (client: SSMClient, { prefix, keyId }: Place): Secrets => {
	const nameOf = (accountId: string, customerGatewayId: string) => `${prefix}/${accountId}/${customerGatewayId}`;
	return {
		async put(accountId, customerGatewayId, psk) {
			const { Version } = await client.send(
				new PutParameterCommand({
					Name: nameOf(accountId, customerGatewayId),
					Value: Buffer.from(psk.reveal(), 'utf8').toString('base64'),
					Type: 'SecureString',
					KeyId: keyId(),
					Overwrite: true,
				}),
			);
			if (Version === undefined) throw new Error('Parameter Store gave no version');
			return Version;
		},
		async delete(accountId, customerGatewayId) {
			try {
				await client.send(new DeleteParameterCommand({ Name: nameOf(accountId, customerGatewayId) }));
			} catch (error) {
				if (!(error instanceof ParameterNotFound)) throw error;
			}
		},
	};
};
