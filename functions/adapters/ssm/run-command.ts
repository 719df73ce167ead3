import {
	type CommandInvocation,
	DescribeInstanceInformationCommand,
	GetCommandInvocationCommand,
	InvalidInstanceId,
	InvocationDoesNotExist,
	ListCommandInvocationsCommand,
	SendCommandCommand,
	type SSMClient,
} from '@aws-sdk/client-ssm';

/** What became of a command on one instance; `output` is whole up to 24,000 characters. */
export type Ended = { status: string; output: string; errors: string };

export type Command = { document: string; instanceIds: readonly string[]; parameters: Record<string, string> };

/** Run Command refuses more than 50 instance ids a call. */
export const mostInstances = 50;
/** ListCommandInvocations cuts an output off here; GetCommandInvocation gives 24,000 characters. */
const listedOutput = 2_500;
const ended = new Set(['Success', 'Cancelled', 'TimedOut', 'Failed', 'Undeliverable', 'Terminated', 'DeliveryTimedOut']);
const throttles = new Set(['ThrottlingException', 'RequestLimitExceeded', 'TooManyUpdates', 'RateExceeded']);

export const isThrottle = (error: unknown): boolean => error instanceof Error && throttles.has(error.name);
export const isUnknownInstance = (error: unknown): boolean => error instanceof InvalidInstanceId;

/** Returns the command's id. Throws InvalidInstanceId for the whole call where one instance is unknown. */
export const sendCommand = async (client: SSMClient, { document, instanceIds, parameters }: Command): Promise<string> => {
	const { Command } = await client.send(
		new SendCommandCommand({
			DocumentName: document,
			DocumentVersion: '$LATEST',
			InstanceIds: [...instanceIds],
			Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
			// How long the command may wait for the instance's agent: 30 s is the least.
			TimeoutSeconds: 30,
			MaxConcurrency: '50',
			MaxErrors: '100%',
		}),
	);
	if (Command?.CommandId === undefined) throw new Error('Systems Manager gave no command id');
	return Command.CommandId;
};

/** Those of the instances that Systems Manager knows. */
export const managedInstances = async (client: SSMClient, instanceIds: readonly string[]): Promise<Set<string>> => {
	const known = new Set<string>();
	let NextToken: string | undefined;
	do {
		const page = await client.send(
			new DescribeInstanceInformationCommand({
				Filters: [{ Key: 'InstanceIds', Values: [...instanceIds] }],
				MaxResults: mostInstances,
				...(NextToken === undefined ? {} : { NextToken }),
			}),
		);
		for (const { InstanceId } of page.InstanceInformationList ?? []) if (InstanceId !== undefined) known.add(InstanceId);
		NextToken = page.NextToken;
	} while (NextToken !== undefined);
	return known;
};

/** The invocations of a command that have ended. Right after SendCommand the list may be empty. */
export const endedInvocations = async (client: SSMClient, commandId: string): Promise<Map<string, Ended>> => {
	const found: CommandInvocation[] = [];
	let NextToken: string | undefined;
	do {
		const page = await client.send(
			new ListCommandInvocationsCommand({
				CommandId: commandId,
				Details: true,
				MaxResults: mostInstances,
				...(NextToken === undefined ? {} : { NextToken }),
			}),
		);
		found.push(...(page.CommandInvocations ?? []));
		NextToken = page.NextToken;
	} while (NextToken !== undefined);
	const results = new Map<string, Ended>();
	for (const invocation of found) {
		const status = detailOf(invocation.StatusDetails, invocation.Status);
		if (invocation.InstanceId === undefined || !ended.has(status)) continue;
		const output = invocation.CommandPlugins?.[0]?.Output ?? '';
		if (output.length < listedOutput) results.set(invocation.InstanceId, { status, output, errors: '' });
		else {
			const whole = await endedInvocation(client, commandId, invocation.InstanceId);
			if (whole !== undefined) results.set(invocation.InstanceId, whole);
		}
	}
	return results;
};

/** One invocation whole, or undefined while it runs, or is not there yet. */
export const endedInvocation = async (client: SSMClient, commandId: string, instanceId: string): Promise<Ended | undefined> => {
	try {
		const answer = await client.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
		const status = detailOf(answer.StatusDetails, answer.Status);
		if (!ended.has(status)) return undefined;
		return { status, output: answer.StandardOutputContent ?? '', errors: answer.StandardErrorContent ?? '' };
	} catch (error) {
		if (error instanceof InvocationDoesNotExist) return undefined;
		throw error;
	}
};

/** `StatusDetails` tells a delivery timeout from one of the script; the words are joined as the SDK's enumeration has them. */
const detailOf = (details: string | undefined, status: string | undefined): string =>
	(details === undefined || details === '' ? (status ?? '') : details).replaceAll(' ', '');
