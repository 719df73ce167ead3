import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Secret } from '../../domain/model/secret.ts';
import { nameOf } from '../../environment.ts';
import type { CursorKeys, Ports } from '../../ports.ts';

/** A secret of Secrets Manager, which Parameter Store reads by reference, so that no other client is in the bundle. Read once, when it is first needed. */
export const ssmCursorKeys = (client: SSMClient, secretName: () => string): CursorKeys => {
	let known: Promise<Secret> | undefined;
	const read = async (): Promise<Secret> => {
		const Name = `/aws/reference/secretsmanager/${secretName()}`;
		const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
		if (Parameter?.Value === undefined || Parameter.Value === '') throw new Error(`the secret ${secretName()} is empty`);
		return new Secret(Parameter.Value);
	};
	return {
		current() {
			known ??= read().catch((error: unknown) => {
				known = undefined;
				throw error;
			});
			return known;
		},
	};
};

export const cursorPorts = (): Pick<Ports, 'cursorKeys'> => ({
	cursorKeys: ssmCursorKeys(new SSMClient({}), () => nameOf('CURSOR_SECRET')),
});
