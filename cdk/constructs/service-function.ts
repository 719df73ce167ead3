import { type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export type ServiceFunctionProps = {
	/** The file in `functions/handlers/`, without its ending. */
	handler: string;
	environment?: Record<string, string>;
	timeout: Duration;
	memorySize?: number;
	/** How many of the AWS account's concurrent executions are its own, and how many it has at most; undefined: what is left by others. */
	reserved?: number | undefined;
};

/** One Lambda of the service: its bundle, its log group, its role. */
export class ServiceFunction extends Construct {
	readonly lambda: NodejsFunction;

	constructor(
		scope: Construct,
		id: string,
		{ handler, environment = {}, timeout, memorySize = 512, reserved }: ServiceFunctionProps,
	) {
		super(scope, id);
		const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
		const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
		logGroup.grantWrite(role);
		this.lambda = new NodejsFunction(this, 'Function', {
			entry: `functions/handlers/${handler}.ts`,
			handler: 'handler',
			runtime: Runtime.NODEJS_24_X,
			architecture: Architecture.ARM_64,
			timeout,
			memorySize,
			...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
			role,
			logGroup,
			loggingFormat: LoggingFormat.JSON,
			environment: { ...environment, POWERTOOLS_SERVICE_NAME: 's2s-vpn' },
			bundling: {
				format: OutputFormat.ESM,
				mainFields: ['module', 'main'],
				bundleAwsSDK: true,
				minify: true,
				sourceMap: true,
				sourcesContent: false,
				// Some packages of the SDK are CommonJS and call require.
				banner: "import{createRequire as s2sRequire}from'node:module';const require=s2sRequire(import.meta.url);",
			},
		});
		Validations.of(this).acknowledge({
			id: 'AwsSolutions-L1',
			reason: 'nodejs24.x is the newest runtime; the rule has an older list.',
		});
	}

	deny(actions: readonly string[], resources: readonly string[]): void {
		this.lambda.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: [...actions], resources: [...resources] }));
	}

	/** Allows calls on the given resources. `why` is asked for with a wildcard in them. */
	allow(actions: readonly string[], resources: readonly string[], why?: string, conditions?: Record<string, unknown>): void {
		this.lambda.addToRolePolicy(
			new PolicyStatement({
				actions: [...actions],
				resources: [...resources],
				...(conditions === undefined ? {} : { conditions }),
			}),
		);
		if (why === undefined) return;
		for (const resource of resources) {
			Validations.of(this).acknowledge({
				id: `AwsSolutions::AwsSolutions-IAM5[Resource::${shownArn(this, resource)}]`,
				reason: why,
			});
		}
	}
}

/** As the findings of cdk-nag write an ARN: pseudo parameters in angle brackets. */
const shownArn = (scope: Construct, arn: string): string => {
	const resolved: unknown = Stack.of(scope).resolve(arn);
	if (typeof resolved === 'string') return resolved;
	const join = (resolved as { 'Fn::Join'?: [string, (string | { Ref: string })[]] })['Fn::Join'];
	if (join === undefined) throw new Error(`cannot show ${JSON.stringify(resolved)}`);
	return join[1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join(join[0]);
};
