import type { TokenNames } from '../api/issuer.ts';
import type { Resolve, Stack } from '../stack.ts';

/** The issuer and audience of the app's authorizer, and the claims that its functions read. */
export const tokenNamesOf = (stack: Stack, resolve: Resolve): TokenNames => {
	const [authorizer] = stack.ofType('AWS::ApiGatewayV2::Authorizer').map(resolve) as {
		JwtConfiguration: { Issuer: string; Audience: string[] };
	}[];
	const variables = stack
		.ofType('AWS::Lambda::Function')
		.map((one) => (resolve(one)['Environment'] as { Variables: Record<string, string> } | undefined)?.Variables)
		.find((one) => one?.['ACCOUNT_CLAIM'] !== undefined);
	return {
		issuer: authorizer?.JwtConfiguration.Issuer ?? '',
		audience: authorizer?.JwtConfiguration.Audience[0] ?? '',
		accountClaim: variables?.['ACCOUNT_CLAIM'] ?? '',
		groupsClaim: variables?.['GROUPS_CLAIM'] ?? '',
	};
};
