import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import { SsmError } from './ssm-error.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html */
const prefix = '/aws/reference/secretsmanager/';

/** The secret of Secrets Manager that a parameter's name refers to. */
export const referredSecret = (name: string): string | undefined =>
	name.startsWith(prefix) ? name.slice(prefix.length) : undefined;

export type SecretReferences = { call(operation: string, input: Record<string, unknown>): Promise<object> | undefined };

/** The stacks' secrets, generated once and kept on disk in a file for its owner alone, as Parameter Store reads them by reference. */
export const secretReferences = async (dir: string, names: readonly string[]): Promise<SecretReferences> => {
	const file = join(dir, 'secrets.json');
	const secrets = await readJson<Record<string, string>>(file, {});
	const missing = names.filter((name) => secrets[name] === undefined);
	for (const name of missing) secrets[name] = randomBytes(48).toString('base64url');
	if (missing.length > 0) await writeDurably(file, JSON.stringify(secrets));

	const get = async (name: string, secret: string, decrypted: unknown): Promise<object> => {
		if (decrypted !== true)
			throw new SsmError('ValidationException', 'WithDecryption flag must be True for retrieving a Secret Manager secret.');
		const Value = secrets[secret];
		if (Value === undefined) throw new SsmError('ParameterNotFound');
		return { Parameter: { Name: name, Type: 'SecureString', Value, Version: 0 } };
	};
	return {
		call(operation, { Name: name, WithDecryption: decrypted }) {
			if (operation !== 'GetParameter' || typeof name !== 'string') return undefined;
			const secret = referredSecret(name);
			return secret === undefined ? undefined : get(name, secret, decrypted);
		},
	};
};
