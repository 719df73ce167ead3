import { RE2JS } from 're2js';
import { type Instance, knowsVariables } from '../routers/instance.ts';
import type { Document } from './document.ts';

/** What the agent makes of a command before it runs anything: the script's variables, or the error it ends with. */
export type Prepared = { variables: Record<string, string> } | { error: string };

/**
 * As amazon-ssm-agent does it (docparser/paramvalidator/allowedregexparamvalidator): every pattern is compiled as RE2, which has no
 * repeat beyond 1000, no look-around and no back-reference. An agent that does not know `ENV_VAR` runs the script without variables.
 */
export const prepare = ({ parameters }: Document, values: Record<string, string>, { agent }: Instance): Prepared => {
	for (const [name, { allowedPattern }] of Object.entries(parameters)) {
		if (allowedPattern === undefined) continue;
		const value = values[name] ?? '';
		const pattern = compiled(allowedPattern);
		if (pattern instanceof Error)
			return refused(name, `encountered error while compiling allowed pattern - internal error: ${pattern.message}`);
		if (!pattern.matcher(value).find())
			return refused(name, `parameter value /${value}/ does not match the allowed pattern /${allowedPattern}/`);
	}
	if (!knowsVariables(agent)) return { variables: {} };
	return { variables: Object.fromEntries(Object.entries(values).map(([name, value]) => [`SSM_${name}`, value])) };
};

const refused = (name: string, why: string): Prepared => ({
	error: `all errors during param validation errors: error thrown in 'AllowedRegexParamValidator' while validating parameter /${name}/: ${why}`,
});

const compiled = (pattern: string): RE2JS | Error => {
	try {
		return RE2JS.compile(pattern);
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
};

const errorTitle = '\n----------ERROR-------\n';
const outputCut = '\n---Output truncated---';
const errorCut = '\n---Error truncated----';

/** How much of both streams ListCommandInvocations has (iohandler.go, MaximumPluginOutputSize). */
const listedBytes = 2_500;

/** Both streams as the agent joins them in one (iohandler.go, TruncateOutput): bytes count, whatever characters they cut. */
export const joinedOutput = (stdout: string, stderr: string): string => {
	const [output, errors] = [Buffer.from(stdout), Buffer.from(stderr)];
	const title = errors.length > 0 ? errorTitle : '';
	const space = listedBytes - title.length;
	if (output.length + errors.length < space) return stdout + title + stderr;
	const half = Math.floor(space / 2);
	if (output.length > half && errors.length > half) {
		const each = Math.floor((space - errorCut.length - outputCut.length) / 2);
		return `${output.subarray(0, each)}${outputCut}${title}${errors.subarray(0, each)}${errorCut}`;
	}
	if (output.length <= half) return `${output}${title}${errors.subarray(0, space - errorCut.length - output.length)}${errorCut}`;
	return `${output.subarray(0, space - outputCut.length - errors.length)}${outputCut}${title}${errors}`;
};
