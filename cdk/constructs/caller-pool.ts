import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnUserPoolGroup, FeaturePlan, Mfa, StringAttribute, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** Callers of a stack without an issuer of its own: no self sign-up, and an account claim that no user can write. */
export class CallerPool extends Construct {
	readonly issuer: string;
	readonly audience: string;

	constructor(scope: Construct, id: string) {
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
			removalPolicy: RemovalPolicy.RETAIN,
			deletionProtection: true,
		});
		new CfnUserPoolGroup(this, 'Admins', { userPoolId: pool.userPoolId, groupName: 'admin' });
		const client: UserPoolClient = pool.addClient('Client', {
			authFlows: { userSrp: true, adminUserPassword: true },
			disableOAuth: true,
			idTokenValidity: Duration.hours(1),
			writeAttributes: undefined,
			preventUserExistenceErrors: true,
		});
		// Without a list a client may write every attribute, the account too.
		(client.node.defaultChild as { writeAttributes?: string[] } & Construct).writeAttributes = ['email', 'name'];
		this.issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${pool.userPoolId}`;
		this.audience = client.userPoolClientId;
		Validations.of(pool).acknowledge(
			{ id: 'AwsSolutions-COG2', reason: 'Programs call the API too; operators turn MFA on for people.' },
			{ id: 'AwsSolutions-COG3', reason: 'Threat protection is a paid plan; users are made by the operator alone.' },
			{ id: 'AwsSolutions-COG8', reason: 'The plan with threat protection is the operator’s choice.' },
		);
	}
}
