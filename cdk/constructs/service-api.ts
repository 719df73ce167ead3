import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod, HttpNoneAuthorizer, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '../../functions/http/routes.ts';
import { fallbackHandler } from '../grants.ts';
import type { ServiceFunction } from './service-function.ts';

type Props = {
	issuer: string;
	audience: string;
	/** By the name of the handler's file. */
	functions: Record<string, ServiceFunction>;
	name: string;
	/** Requests a second in all, and how many may come at once. */
	throttling: { rate: number; burst: number };
};

/** The HTTP API: one route per row of the route table, with a JWT authorizer unless the route is for anyone. */
export class ServiceApi extends Construct {
	readonly api: HttpApi;

	constructor(scope: Construct, id: string, { issuer, audience, functions, name, throttling }: Props) {
		super(scope, id);
		this.api = new HttpApi(this, 'Http', { apiName: name });
		const authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [audience] });
		const integrations = new Map<string, HttpLambdaIntegration>();
		const integrationOf = (handler: string) => {
			const known = integrations.get(handler);
			if (known !== undefined) return known;
			const lambda = functions[handler]?.lambda;
			if (lambda === undefined) throw new Error(`no function for the handler ${handler}`);
			const integration = new HttpLambdaIntegration(handler, lambda);
			integrations.set(handler, integration);
			return integration;
		};
		for (const { method, path, handler, who } of routes) {
			this.api.addRoutes({
				path,
				methods: [HttpMethod[method]],
				integration: integrationOf(handler),
				authorizer: who === 'anyone' ? new HttpNoneAuthorizer() : authorizer,
			});
		}
		const fallback = new HttpRoute(this, 'NotFound', {
			httpApi: this.api,
			routeKey: HttpRouteKey.DEFAULT,
			integration: integrationOf(fallbackHandler),
			authorizer: new HttpNoneAuthorizer(),
		});
		const open = 'It describes the API, or says that there is no such route; it shows nothing of any account.';
		for (const construct of [fallback, ...this.api.node.findAll()]) {
			if (construct instanceof HttpRoute && (construct === fallback || construct.path === '/v1/openapi.json')) {
				Validations.of(construct).acknowledge({ id: 'AwsSolutions-APIG4', reason: open });
			}
		}
		const stage = this.api.defaultStage?.node.defaultChild as CfnStage;
		stage.defaultRouteSettings = { throttlingBurstLimit: throttling.burst, throttlingRateLimit: throttling.rate };
		this.logAccess(stage);
	}

	private logAccess(stage: CfnStage): void {
		const logs = new LogGroup(this, 'Access', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
		const fields = ['requestId', 'requestTime', 'routeKey', 'status', 'responseLatency', 'ip', 'integrationErrorMessage'];
		const contexts: Record<string, string> = { ip: '$context.identity.sourceIp' };
		stage.accessLogSettings = {
			destinationArn: logs.logGroupArn,
			format: Stack.of(this).toJsonString(
				Object.fromEntries(fields.map((field) => [field, contexts[field] ?? `$context.${field}`])),
			),
		};
	}
}
