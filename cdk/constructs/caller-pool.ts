import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnUserPoolGroup, ClientAttributes, FeaturePlan, Mfa, StringAttribute, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/**
 * Callers of a stack without an issuer of its own: no self sign-up, and an account claim that every token carries and no user can
 * write. A caller has no AWS credentials and may be a program, so plain passwords (over TLS) are accepted as well as SRP.
 */
export class CallerPool extends Construct {
	readonly poolId: string;
	readonly issuer: string;
	readonly audience: string;

	constructor(scope: Construct, id: string, { firstCreation }: Pick<Settings, 'firstCreation'>) {
		super(scope, id);
		const pool = new UserPool(this, 'Pool', {
			selfSignUpEnabled: false,
			signInAliases: { email: true },
			customAttributes: { account: new StringAttribute({ mutable: true, maxLen: 64 }) },
			passwordPolicy: {
				minLength: 12,
				requireDigits: true,
				requireLowercase: true,
				requireUppercase: true,
				requireSymbols: true,
			},
			mfa: Mfa.OPTIONAL,
			mfaSecondFactor: { otp: true, sms: false },
			featurePlan: FeaturePlan.ESSENTIALS,
			removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
			deletionProtection: !firstCreation,
		});
		new CfnUserPoolGroup(this, 'Admins', { userPoolId: pool.userPoolId, groupName: 'admin' });
		const mine = new ClientAttributes().withStandardAttributes({ email: true, fullname: true });
		const client = pool.addClient('Client', {
			authFlows: { userSrp: true, userPassword: true, adminUserPassword: true },
			disableOAuth: true,
			idTokenValidity: Duration.hours(1),
			// A client without these lists reads no custom attribute, so that tokens would not name the account, and writes all of them.
			readAttributes: mine.withStandardAttributes({ emailVerified: true }).withCustomAttributes('account'),
			writeAttributes: mine,
			preventUserExistenceErrors: true,
		});
		this.poolId = pool.userPoolId;
		this.issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${pool.userPoolId}`;
		this.audience = client.userPoolClientId;
		Validations.of(pool).acknowledge(
			{ id: 'AwsSolutions-COG2', reason: 'Programs call the API too; operators turn MFA on for people.' },
			{ id: 'AwsSolutions-COG3', reason: 'Threat protection is a paid plan; users are made by the operator alone.' },
			{ id: 'AwsSolutions-COG8', reason: 'The plan with threat protection is the operator’s choice.' },
		);
	}
}
