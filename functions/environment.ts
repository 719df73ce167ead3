import * as z from 'zod';
import { Alerting } from './domain/alerts/alerting.ts';
import { CryptoFloor } from './domain/model/account.ts';
import { PublicRemoteCidrs } from './domain/model/public-blocks.ts';

/** A text of JSON as what it says. */
export const json = z.string().transform((text, context): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		context.addIssue({ code: 'custom', message: 'must be JSON' });
		return z.NEVER;
	}
});

/** From one check of a tunnel to the next. */
export const CheckIntervalSeconds = z
	.unknown()
	.transform(Number)
	.pipe(z.literal([10, 15, 20, 30, 60]));

/** What the stack passes to every function; these names are the contract between the two. */
const Settings = z.object({
	STAGE: z.string().min(1),
	/** The path of the stage's secrets in Parameter Store, such as `/s2s/dev`. */
	PSK_PREFIX: z.string().regex(/^\/[A-Za-z0-9/_-]+[^/]$/),
	CHECK_INTERVAL_SECONDS: CheckIntervalSeconds,
	MAX_CONNECTIONS_PER_GATEWAY: z.coerce.number().int().min(1).max(40),
	ROUTES_PER_TABLE: z.coerce.number().int().min(1),
	CRYPTO_FLOOR: json.pipe(CryptoFloor),
	PUBLIC_REMOTE_CIDRS: PublicRemoteCidrs,
	ALERTING: json.pipe(Alerting),
	ACCOUNT_CLAIM: z.string().min(1),
	GROUPS_CLAIM: z.string().min(1),
	DOCS_BASE_URL: z.string(),
	/** The version of the scripts that the document `apply` installs. */
	ROUTER_SCRIPTS: z.string().regex(/^[0-9a-f]{8}$/),
});

/** The names of what a function touches. It is passed no others. */
export type TouchedName =
	| 'TABLE_ACCOUNTS'
	| 'TABLE_VPCS'
	| 'TABLE_VPN_GATEWAYS'
	| 'TABLE_CUSTOMER_GATEWAYS'
	| 'TABLE_CONNECTIONS'
	| 'TABLE_EVENTS'
	| 'TABLE_ALERT_SUBSCRIPTIONS'
	| 'TABLE_USAGE'
	| 'TABLE_CONTROL'
	| 'QUEUE_RECONCILE_URL'
	| 'QUEUE_CHECK_URL'
	| 'QUEUE_ALERT_URL'
	| 'DOCUMENT_APPLY'
	| 'DOCUMENT_CHECK'
	| 'DOCUMENT_LOGS'
	| 'DOCUMENT_INSPECT'
	| 'PSK_KEY_ID'
	| 'CURSOR_SECRET'
	| 'ALERT_TOPIC_PREFIX';
export type Settings = z.infer<typeof Settings>;

/** Throws, and so fails the function's start, where the stack left something out. Parsed once, so that compiling a parser for it would not pay. */
export const settings = (): Settings => Settings.parse(process.env, { jitless: true });

/** The name of something that this function touches. Throws where the stack has not passed it, since the function has no right to touch it then. */
export const nameOf = (name: TouchedName): string => {
	const value = process.env[name];
	if (value === undefined || value === '') throw new Error(`the stack passes no ${name} to this function`);
	return value;
};

/** Each name is looked up when it is first asked for. */
export const namesOf = <Key extends string>(names: Record<Key, TouchedName>): Record<Key, string> =>
	Object.defineProperties(
		{},
		Object.fromEntries(Object.entries<TouchedName>(names).map(([key, name]) => [key, { get: () => nameOf(name) }])),
	) as Record<Key, string>;

/** Which claims of a token name the account and the groups. */
export const claimNames = (): { account: string; groups: string } => {
	const { ACCOUNT_CLAIM, GROUPS_CLAIM } = settings();
	return { account: ACCOUNT_CLAIM, groups: GROUPS_CLAIM };
};
