import { resolve } from 'node:path';
import { StartFailure } from './start-failure.ts';

export type StartOptions = {
	dir: string;
	port: number;
	routersFile: string | undefined;
	/** As an account has it: 1,000, or 10 where it is new. */
	mostFunctions: number;
	/** Without the demo. */
	empty: boolean;
};

/**
 * What `npm start` was asked for; scripts/start.sh has refused other arguments before it installed anything, and says what each of
 * these is. Throws StartFailure for what it cannot be.
 */
export const startOptions = (argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions => {
	const number = (name: string, otherwise: number, { least, most }: { least: number; most: number }): number => {
		const text = env[name] || String(otherwise);
		if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
		throw new StartFailure(`${name} is ${text}, and has to be a number from ${least} to ${most}.`, 2);
	};
	return {
		dir: resolve(env['LOCAL_DIR'] || '.local'),
		port: number('PORT', 8_787, { least: 0, most: 65_535 }),
		routersFile: env['ROUTERS'] || undefined,
		mostFunctions: number('CONCURRENCY', 1_000, { least: 1, most: 1_000_000 }),
		empty: argv.includes('--empty'),
	};
};
