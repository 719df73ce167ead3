import type { Node } from 'constructs';
import * as z from 'zod';
import { Alerting } from '../functions/domain/alerts/alerting.ts';
import { CryptoFloor } from '../functions/domain/model/account.ts';
import { json } from '../functions/environment.ts';

/** 10,000 routers are 200 checks an interval; where each of them has a silent router it takes its 20 s, of 30. */
export const defaultChecksAtOnce = 150;

/** `/team/*` and the like, without the slash. None of them may reach into our own space. */
const ParameterNames = z
	.string()
	.transform((text) => text.split(',').flatMap((name) => name.trim().replace(/^\//, '') || []))
	.pipe(z.array(z.string().regex(/^[A-Za-z0-9_.\-/]+\*?$/)))
	.refine((names) => names.every((name) => !reachesOurs(name)), { message: 'routerParameters reaches into /s2s/' });

const reachesOurs = (name: string): boolean => {
	const fixed = name.replace(/\*$/, '');
	return fixed.startsWith('s2s/') || (name.endsWith('*') && 's2s/'.startsWith(fixed));
};

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
		cryptoFloor: json.pipe(CryptoFloor).prefault('{}'),
		alerting: json.pipe(Alerting).prefault('{}'),
		/** An OIDC issuer of one's own; without it the stack makes a Cognito user pool. */
		jwtIssuer: z.url().optional(),
		jwtAudience: z.string().min(1).optional(),
		accountClaim: z.string().min(1).optional(),
		groupsClaim: z.string().min(1).optional(),
		/** Where the links of an alert lead. */
		docsBaseUrl: z.union([z.literal(''), z.url()]).default(''),
		/** Who hears of dead letters and of a monitor that stands still. */
		operatorEmail: z.email().optional(),
		/**
		 * Check functions at once, and no more of any other loop. Each needs one of the account's concurrent executions, of which a new
		 * account has ten.
		 */
		checksAtOnce: z.coerce.number().int().min(2).max(1_000).default(defaultChecksAtOnce),
		/** Parameters of the operator's own that routers may read besides their keys: names or beginnings (`/team/*`), with commas between. */
		routerParameters: ParameterNames.default([]),
		/**
		 * Leaves tables, user pool and the stack that holds data without deletion protection, so that a creation that fails takes back
		 * all that it made and can be tried again. For the first deployment: what is protected outlives the failure, and is in the way.
		 */
		firstCreation: z.union([z.boolean(), z.stringbool()]).default(false),
	})
	.refine(({ stage, operatorEmail }) => stage === 'dev' || operatorEmail !== undefined, {
		path: ['operatorEmail'],
		message: 'outside stage dev somebody has to hear of the alarms: say who with -c operatorEmail=<address>',
	})
	.refine(({ jwtIssuer, jwtAudience }) => (jwtIssuer === undefined) === (jwtAudience === undefined), {
		message: 'jwtIssuer and jwtAudience go together',
	});
export type Settings = z.infer<typeof Settings>;

export const settingsOf = (node: Node): Settings => {
	const given = Object.keys(Settings.shape)
		.map((key) => [key, node.tryGetContext(key)] as const)
		.filter(([, value]) => value !== undefined);
	const { data, error } = Settings.safeParse(Object.fromEntries(given));
	if (error !== undefined) throw new Error(z.prettifyError(error));
	return data;
};

/** Names of things that an AWS account has once for all its regions. The region is the last: no stage's name ends like one. */
export const placed = (name: string, { stage }: Pick<Settings, 'stage'>, region: string): string => `${name}-${stage}-${region}`;

/**
 * What the names of accounts' topics begin with. No stage's names match what another stage may reach (`<beginning>*`), whatever
 * an account is called: a stage's name has no underscore, and the default stage's topics go on with a hyphen.
 */
export const alertTopics = ({ stage }: Pick<Settings, 'stage'>): string =>
	stage === 'dev' ? 's2s-alerts-' : `s2s-alerts_${stage}_`;

/** Names of things that an account may have several stages of. The default stage has them plain. */
export const staged = (name: string, { stage }: Pick<Settings, 'stage'>, separator = '-'): string =>
	stage === 'dev' ? name : `${name}${separator}${stage}`;
