import { awsManagedKey } from '../../ssm/parameter-store.ts';
import { referredSecret } from '../../ssm/secret-references.ts';
import { awsAccount, region } from '../../stack.ts';
import { arn, type Need } from '../need.ts';

type Tags = Readonly<Record<string, string>>;
type Input = {
	DocumentName: string;
	InstanceIds?: string[];
	Name: string;
	Names: string[];
	Type?: string;
	KeyId?: string;
	WithDecryption?: boolean;
};

/** These know no resources. */
const ofNothing = ['ListCommandInvocations', 'ListCommands', 'GetCommandInvocation', 'DescribeInstanceInformation'];

const parameterArn = (name: string): string => arn('ssm', `parameter/${name.replace(/:[^:/]*$/, '').replace(/^\//, '')}`);
const ofParameter = (action: string, name: string): Need => ({ action: `ssm:${action}`, resource: parameterArn(name) });

/**
 * What Parameter Store asks of a key in the caller's name: Encrypt for a standard parameter, GenerateDataKey only for an advanced one.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
const ofKey = (action: 'Encrypt' | 'Decrypt', keyId: string, name: string): Need => ({
	action: `kms:${action}`,
	resource: keyId.startsWith('arn:') ? keyId : arn('kms', keyId.startsWith('alias/') ? keyId : `key/${keyId}`),
	context: {
		'kms:EncryptionContext:PARAMETER_ARN': parameterArn(name),
		'kms:ViaService': `ssm.${region}.amazonaws.com`,
		'kms:CallerAccount': awsAccount,
	},
});

/** An instance of EC2 and one of elsewhere are resources of different services. Both keys show its tags. */
const instance = (id: string, tags: Tags): Need => ({
	action: 'ssm:SendCommand',
	resource: id.startsWith('mi-') ? arn('ssm', `managed-instance/${id}`) : arn('ec2', `instance/${id}`),
	context: Object.fromEntries(
		Object.entries(tags).flatMap(([key, value]) => [
			[`aws:ResourceTag/${key}`, value],
			[`ssm:resourceTag/${key}`, value],
		]),
	),
});

/** A router asks for its keys decrypted; of a parameter that is not there the key is not asked. */
export const readingNeeds = (name: string, keyId: string | undefined): Need[] => [
	ofParameter('GetParameters', name),
	...(keyId === undefined ? [] : [ofKey('Decrypt', keyId, name)]),
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssmNeeds =
	({ tagsOf, keyOf }: { tagsOf(instanceId: string): Tags; keyOf(parameter: string): string | undefined }) =>
	(operation: string, input: Input): Need[] | undefined => {
		if (ofNothing.includes(operation)) return [{ action: `ssm:${operation}`, resource: '*' }];
		if (operation === 'SendCommand') {
			const document = { action: 'ssm:SendCommand', resource: arn('ssm', `document/${input.DocumentName}`) };
			return [document, ...(input.InstanceIds ?? []).map((id) => instance(id, tagsOf(id)))];
		}
		if (operation === 'PutParameter') {
			const secure = input.Type === 'SecureString' ? [ofKey('Encrypt', input.KeyId ?? awsManagedKey, input.Name)] : [];
			return [ofParameter(operation, input.Name), ...secure];
		}
		if (operation === 'DeleteParameter') return [ofParameter(operation, input.Name)];
		if (operation === 'GetParameter' || operation === 'GetParameters') {
			const names = operation === 'GetParameter' ? [input.Name] : input.Names;
			return names.flatMap((name) => {
				const secret = referredSecret(name);
				if (secret !== undefined) {
					const value = { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', `secret:${secret}`) };
					return [ofParameter(operation, name), value];
				}
				const keyId = input.WithDecryption === true ? keyOf(name) : undefined;
				return [ofParameter(operation, name), ...(keyId === undefined ? [] : [ofKey('Decrypt', keyId, name)])];
			});
		}
		return undefined;
	};
