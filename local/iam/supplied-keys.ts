import { type Policy, UnknownPolicy } from './policy.ts';

/** What the calls of this platform say of themselves. */
const keys: readonly RegExp[] = [
	/^aws:(PrincipalTag|ResourceTag)\/.+$/i,
	/^aws:(PrincipalArn|PrincipalAccount|PrincipalIsAWSService|PrincipalServiceName|SecureTransport)$/i,
	/^aws:(SourceArn|SourceAccount|SourceOwner)$/i,
	/^(ssm|ec2):resourceTag\/.+$/i,
	/^kms:(EncryptionContext:PARAMETER_ARN|ViaService|CallerAccount)$/i,
	/^sns:(Protocol|Endpoint)$/i,
	/^dynamodb:EnclosingOperation$/i,
];

/** Stops at a policy that asks for a key which no call here carries: AWS would give it a value, and decide otherwise. */
export const supplied = (policy: Policy): Policy => {
	for (const { sid, resources, tests } of policy.statements) {
		const texts = [...resources.patterns, ...tests.flatMap(({ values }) => values)];
		const variables = texts.flatMap((text) => [...text.matchAll(/\$\{([^},*?$]+)[^}]*\}/g)].map(([, key = '']) => key.trim()));
		const unknown = [...tests.map(({ key }) => key), ...variables].find((key) => !keys.some((known) => known.test(key)));
		if (unknown !== undefined) throw new UnknownPolicy(`${policy.name}[${sid}]: no call here says its ${unknown}`);
	}
	return policy;
};
