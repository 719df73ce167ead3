import type { Node } from 'constructs';
import * as z from 'zod';
import { Alerting } from '../functions/domain/alerts/alerting.ts';
import { CryptoFloor } from '../functions/domain/model/account.ts';
import { PublicRemoteCidrs } from '../functions/domain/model/public-blocks.ts';
import { CheckIntervalSeconds, json } from '../functions/environment.ts';
import { issueInOperatorsWords } from '../functions/issue-in-words.ts';

/** 10,000 routers are 200 checks per interval, and a check with a silent router takes 20 of the 30 s. */
export const defaultChecksAtOnce = 150;

/** Names such as `/team/*`, without the slash. None of them may cover our own parameters. */
const ParameterNames = z
	.string()
	.transform((text) => text.split(',').flatMap((name) => name.trim().replace(/^\//, '') || []))
	.pipe(
		z.array(
			z
				.string()
				.regex(
					/^[A-Za-z0-9_.\-/]+\*?$/,
					'must be names or prefixes such as /team/*,AmazonCloudWatch-linux, without spaces in them',
				),
		),
	)
	.refine((names) => names.every((name) => !reachesOurs(name)), 'must not reach into /s2s/, where the pre-shared keys are');

const reachesOurs = (name: string): boolean => {
	const fixed = name.replace(/\*$/, '');
	return fixed.startsWith('s2s/') || (name.endsWith('*') && 's2s/'.startsWith(fixed));
};

const NumberFrom = (least: number, most: number) => {
	const error = `must be a number from ${least} to ${most}`;
	return z.coerce.number(error).refine((number) => number >= least && number <= most, error);
};
const WholeNumberFrom = (least: number, most: number) => {
	const error = `must be a whole number from ${least} to ${most}`;
	return z.coerce.number(error).refine((number) => Number.isInteger(number) && number >= least && number <= most, error);
};

const YesOrNo = z.union([z.boolean(), z.stringbool()], 'must be true or false');

const docsUrl = 'must be a URL such as https://docs.example.com/reasons';

/** The settings of a deployment, each given as context: `cdk deploy -c stage=prod -c routerCheckInterval=15 …`. */
const Settings = z
	.object({
		stage: z
			.string()
			.regex(/^[a-z][a-z0-9-]{0,15}$/, 'must be at most 16 small letters, digits and hyphens, and begin with a letter')
			.default('dev'),
		/** Seconds from one check of a tunnel to the next. */
		routerCheckInterval: CheckIntervalSeconds.default(30),
		maxConnectionsPerGateway: WholeNumberFrom(1, 40).default(4),
		/** What API Gateway lets through to the functions in all, in the long run and at once; beyond that it answers 429. */
		requestsPerSecond: NumberFrom(1, 10_000).default(100),
		requestBurst: WholeNumberFrom(1, 5_000).default(200),
		/** The quota of the AWS account for the routes of one route table. */
		routesPerTable: WholeNumberFrom(1, 1_000).default(50),
		cryptoFloor: json.pipe(CryptoFloor).prefault('{}'),
		publicRemoteCidrs: PublicRemoteCidrs.default('warn'),
		alerting: json.pipe(Alerting).prefault('{}'),
		/** An OIDC issuer of the deployment's own; without it the stack creates a Cognito user pool. */
		jwtIssuer: z.url('must be a URL such as https://issuer.example.com').optional(),
		jwtAudience: z.string().min(1).optional(),
		accountClaim: z.string().min(1).optional(),
		groupsClaim: z.string().min(1).optional(),
		/** The base URL of the links in alerts. */
		docsBaseUrl: z.union([z.literal(''), z.url(docsUrl)], docsUrl).default(''),
		/** Who gets the alarms: on dead letters, and on a monitor that has stopped or lags. */
		operatorEmail: z.email('must be an e-mail address such as ops@example.com').optional(),
		/**
		 * How many check functions may run at once, and at most as many of any other loop. Each needs one of the AWS account's concurrent
		 * executions, of which a new account has ten.
		 */
		checksAtOnce: WholeNumberFrom(2, 1_000).default(defaultChecksAtOnce),
		/**
		 * Sets apart the concurrent executions that the loops need, so that no number of requests takes them. Lambda refuses that where
		 * fewer than a hundred would be left for other functions.
		 */
		reserveForLoops: YesOrNo.default(false),
		/** Other parameters that routers may read besides their keys: names or prefixes (`/team/*`), separated by commas. */
		routerParameters: ParameterNames.default([]),
		/**
		 * Turns off deletion protection for tables, user pool and the stack that holds data, so that a failed creation removes everything
		 * it made and can be repeated. For the first deployment: protected resources survive the failure and block the next attempt.
		 */
		firstCreation: YesOrNo.default(false),
	})
	.refine(({ stage, operatorEmail }) => stage === 'dev' || operatorEmail !== undefined, {
		path: ['operatorEmail'],
		message: 'outside stage dev somebody has to get the alarms: set -c operatorEmail=<address>',
	})
	.refine(({ jwtIssuer, jwtAudience }) => (jwtIssuer === undefined) === (jwtAudience === undefined), {
		message: 'jwtIssuer and jwtAudience must be set together',
	});
export type Settings = z.infer<typeof Settings>;

/** What was given as context is no deployment: its message says what is wrong with it. */
export class SettingsRefused extends Error {}

/** What cdk itself puts into the context: feature flags, what it has looked up, and what its CLI was told to remember. */
const isOfCdk = (key: string): boolean => key.includes(':') || ['acknowledged-issue-numbers', 'cli-telemetry'].includes(key);

/** Whoever writes `-c stge=prod` would deploy another stage than the one that was meant. */
const refuseUnknown = (node: Node): void => {
	const names = Object.keys(Settings.shape);
	const unknown = Object.keys(node.getAllContext()).find((key) => !names.includes(key) && !isOfCdk(key));
	if (unknown !== undefined)
		throw new SettingsRefused(`${unknown} is no setting; the settings are ${names.join(', ')} (docs/deploy.md).`);
};

export const settingsOf = (node: Node): Settings => {
	refuseUnknown(node);
	const given = Object.keys(Settings.shape)
		.map((key) => [key, node.tryGetContext(key)] as const)
		.filter(([, value]) => value !== undefined);
	const { data, error } = Settings.safeParse(Object.fromEntries(given), { error: issueInOperatorsWords });
	if (error !== undefined) throw new SettingsRefused(z.prettifyError(error));
	return data;
};

/** For names that are unique in an AWS account across regions. The region comes last, since no stage's name ends like one. */
export const placed = (name: string, { stage }: Pick<Settings, 'stage'>, region: string): string => `${name}-${stage}-${region}`;

/**
 * The prefix of the names of accounts' topics. No name of one stage matches the pattern (`<prefix>*`) of another, whatever an
 * account is called: a stage's name has no underscore, and the default stage's prefix ends with a hyphen.
 */
export const alertTopics = ({ stage }: Pick<Settings, 'stage'>): string =>
	stage === 'dev' ? 's2s-alerts-' : `s2s-alerts_${stage}_`;

/** For names of which an account may have one per stage. The default stage has them without a suffix. */
export const staged = (name: string, { stage }: Pick<Settings, 'stage'>, separator = '-'): string =>
	stage === 'dev' ? name : `${name}${separator}${stage}`;

/** The name of the secret that cursors are authenticated with. */
export const cursorSecret = (settings: Pick<Settings, 'stage'>): string => staged('s2s-cursors', settings);
