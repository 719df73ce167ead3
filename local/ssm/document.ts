import * as z from 'zod';
import { SsmError } from './ssm-error.ts';

const Parameter = z.strictObject({
	type: z.literal('String'),
	description: z.string(),
	interpolationType: z.literal('ENV_VAR'),
	default: z.string().optional(),
	allowedPattern: z.string().optional(),
	maxChars: z.int().positive().optional(),
});
export type DocumentParameter = z.infer<typeof Parameter>;

/** The parts of schema 2.2 that the stand-in knows; it refuses a document with any other. */
const Content = z.strictObject({
	schemaVersion: z.literal('2.2'),
	description: z.string(),
	parameters: z.record(z.string().regex(/^[a-zA-Z0-9]+$/), Parameter).optional(),
	mainSteps: z.tuple([
		z.strictObject({
			action: z.literal('aws:runShellScript'),
			name: z.string().regex(/^[a-zA-Z0-9_]+$/),
			inputs: z.strictObject({ timeoutSeconds: z.string().regex(/^\d+$/), runCommand: z.array(z.string()) }),
		}),
	]),
});

export type Document = {
	name: string;
	script: string;
	timeoutSeconds: number;
	parameters: Record<string, DocumentParameter>;
	/** Of its content as JSON, as Systems Manager stores it. */
	bytes: number;
};

/** "The content and the input parameters at run time": CreateDocument and SendCommand, API reference. */
export const mostBytes = 64 * 1_024;

/** What CreateDocument makes of a content. Throws where it is too large, or has what the stand-in does not know. */
export const documentOf = (name: string, given: unknown): Document => {
	const { mainSteps, parameters = {} } = Content.parse(given);
	const [{ inputs }] = mainSteps;
	const bytes = Buffer.byteLength(JSON.stringify(given));
	if (bytes > mostBytes) throw new SsmError('MaxDocumentSizeExceeded', `${name} has ${bytes} bytes`);
	return {
		name,
		script: inputs.runCommand.join('\n'),
		timeoutSeconds: Number(inputs.timeoutSeconds),
		parameters,
		bytes,
	};
};

/** The values of a command's parameters, the defaults among them. Throws as SendCommand refuses them. */
export const parameterValues = (document: Document, given: Record<string, string[]>): Record<string, string> => {
	const { parameters, bytes, name } = document;
	const unknown = Object.keys(given).find((key) => parameters[key] === undefined);
	if (unknown !== undefined) throw new SsmError('InvalidParameters', `${unknown} is not a parameter of ${name}`);
	const values = Object.fromEntries(
		Object.entries(parameters).map(([key, parameter]) => {
			const value = given[key]?.[0] ?? parameter.default;
			if (value === undefined || (given[key]?.length ?? 1) !== 1)
				throw new SsmError('InvalidParameters', `${key} takes one value`);
			if (value.length > (parameter.maxChars ?? Number.POSITIVE_INFINITY))
				throw new SsmError('InvalidParameters', `${key} has ${value.length} characters, more than ${parameter.maxChars}`);
			return [key, value];
		}),
	);
	const together = bytes + Buffer.byteLength(JSON.stringify(given));
	if (together > mostBytes) throw new SsmError('MaxDocumentSizeExceeded', `${name} and its parameters have ${together} bytes`);
	return values;
};
