import { basename, join } from 'node:path';
import type { Authority } from '../iam/authority.ts';
import type { Authorize } from '../iam/authorizer.ts';
import type { Keyring } from '../iam/keyring.ts';
import { arn } from '../iam/need.ts';
import { accountConcurrency } from '../lambda/concurrency.ts';
import { type LocalFunction, localFunction } from '../lambda/local-function.ts';
import { arnOf, constructOf, physicalName, type Resolve, type Stack } from '../stack.ts';

type Options = {
	resolve: Resolve;
	/** The folder of the synthesized app, which holds the bundles. */
	cdkOut: string;
	logDir: string;
	/** What AWS would add to the environment of every function. */
	environment: Record<string, string>;
	/** How many run at once, all together. */
	most: number;
	authority: Authority;
	authorize: Authorize;
	keys: Keyring;
};
type FunctionProperties = {
	Environment?: { Variables: Record<string, string> };
	Timeout: number;
	MemorySize: number;
	Role: string;
	LoggingConfig: { LogGroup: string };
};

/** The app's functions. */
export type Functions = {
	/** Throws for one that the app does not have. */
	byArn(arn: string): LocalFunction;
	stop(): Promise<void>;
};

/** Each of the app's functions: its bundle, environment, time limit, log and role. */
export const functionsOf = (
	stack: Stack,
	{ resolve, cdkOut, logDir, environment, most, authority, authorize, keys }: Options,
): Functions => {
	const concurrency = accountConcurrency(most);
	const functions = new Map(
		stack.ofType('AWS::Lambda::Function').map((resource): [string, LocalFunction] => {
			const properties = resolve(resource) as FunctionProperties;
			const name = physicalName(resource);
			const role = authority.role(properties.Role);
			const stream = arn('logs', `log-group:${properties.LoggingConfig.LogGroup}:log-stream:${name}`);
			return [
				arnOf(resource),
				localFunction({
					name,
					arn: arnOf(resource),
					assetDir: join(cdkOut, basename(String(resource.metadata['aws:asset:path']))),
					environment: { ...properties.Environment?.Variables, ...environment },
					timeoutSeconds: properties.Timeout,
					memoryMb: properties.MemorySize,
					logGroup: properties.LoggingConfig.LogGroup,
					logFile: join(logDir, `${name}.log`),
					concurrency,
					begin: () => keys.begin(role, constructOf(resource)),
					mayLog: ({ flow }, action) => authorize(role, [{ action: `logs:${action}`, resource: stream }], flow) === undefined,
				}),
			];
		}),
	);
	return {
		byArn(name) {
			const found = functions.get(name);
			if (found === undefined) throw new Error(`the app has no function ${name}`);
			return found;
		},
		async stop() {
			await Promise.all([...functions.values()].map((one) => one.stop()));
		},
	};
};
