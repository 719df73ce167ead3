import type { Node } from 'constructs';
import * as z from 'zod';
import { CryptoFloor } from '../functions/domain/account.ts';
import { Alerting } from '../functions/domain/alerting.ts';

/** Check functions at once. 10,000 routers are 200 checks an interval; where each of them has a silent router it takes its 20 s, of 30. */
export const checksAtOnce = 150;

/** What a deployment chooses, each as context: `cdk deploy -c stage=prod -c routerCheckInterval=15 …`. */
const Settings = z
	.object({
		stage: z
			.string()
			.regex(/^[a-z][a-z0-9-]{0,15}$/)
			.default('dev'),
		/** Seconds from one check of a tunnel to the next. */
		routerCheckInterval: z.coerce
			.number()
			.pipe(z.union([z.literal(10), z.literal(15), z.literal(20), z.literal(30), z.literal(60)]))
			.default(30),
		maxConnectionsPerGateway: z.coerce.number().int().min(1).max(40).default(4),
		cryptoFloor: z
			.string()
			.default('{}')
			.transform((text) => CryptoFloor.parse(JSON.parse(text))),
		alerting: z
			.string()
			.default('{}')
			.transform((text) => Alerting.parse(JSON.parse(text))),
		/** An OIDC issuer of one's own; without it the stack makes a Cognito user pool. */
		jwtIssuer: z.url().optional(),
		jwtAudience: z.string().min(1).optional(),
		accountClaim: z.string().min(1).optional(),
		groupsClaim: z.string().min(1).optional(),
		/** Where the links of an alert lead. */
		docsBaseUrl: z.string().default(''),
		/** Who hears of dead letters and of a monitor that stands still. */
		operatorEmail: z.email().optional(),
	})
	.refine(({ jwtIssuer, jwtAudience }) => (jwtIssuer === undefined) === (jwtAudience === undefined), {
		message: 'jwtIssuer and jwtAudience go together',
	});
export type Settings = z.infer<typeof Settings>;

export const settingsOf = (node: Node): Settings =>
	Settings.parse(
		Object.fromEntries(
			Object.keys(Settings.shape)
				.map((key) => [key, node.tryGetContext(key)] as const)
				.filter(([, value]) => value !== undefined),
		),
	);

/** Names of things that an account may have several stages of. The default stage has them plain. */
export const staged = (name: string, { stage }: Pick<Settings, 'stage'>, separator = '-'): string =>
	stage === 'dev' ? name : `${name}${separator}${stage}`;
