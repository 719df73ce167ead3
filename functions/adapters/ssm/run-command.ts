import {
	type CommandInvocation,
	GetCommandInvocationCommand,
	InvalidInstanceId,
	InvocationDoesNotExist,
	paginateDescribeInstanceInformation,
	paginateListCommandInvocations,
	SendCommandCommand,
	type SSMClient,
} from '@aws-sdk/client-ssm';
import { commandOutput } from './command-output.ts';

/** In place of a status: our call for it was. */
export const throttledStatus = 'Throttled';

/** What has become of a command on one instance; `output` is whole up to 24,000 characters. */
export type Invocation = { status: string } & ({ ended: false } | { ended: true; output: string; errors: string });

export type Command = { document: string; instanceIds: readonly string[]; parameters: Record<string, string> };

/** Run Command refuses more than 50 instance ids a call. */
export const mostInstances = 50;
/** CommandInvocationStatus: every other one is an end. */
const underWay = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);
const throttles = new Set(['ThrottlingException', 'RequestLimitExceeded', 'TooManyUpdates', 'RateExceeded']);

export const isThrottle = (error: unknown): boolean => error instanceof Error && throttles.has(error.name);
export const isUnknownInstance = (error: unknown): boolean => error instanceof InvalidInstanceId;
export const isDenied = (error: unknown): boolean => error instanceof Error && error.name === 'AccessDeniedException';

/** Run Command holds each id against a pattern before it looks for it. */
export const isMalformedInstance = (error: unknown): boolean =>
	error instanceof Error && error.name === 'ValidationException' && /'instanceIds'/.test(error.message);

/** Returns the command's id. Throws for the whole call where one instance is unknown (InvalidInstanceId), not ours (AccessDeniedException), or none at all (ValidationException). */
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

export type KnownInstance = { online: boolean };

/** Those of the instances that Systems Manager knows; it lists an instance for a while after it was terminated. */
export const knownInstances = async (client: SSMClient, instanceIds: readonly string[]): Promise<Map<string, KnownInstance>> => {
	const known = new Map<string, KnownInstance>();
	const pages = paginateDescribeInstanceInformation(
		{ client },
		{ Filters: [{ Key: 'InstanceIds', Values: [...instanceIds] }], MaxResults: mostInstances },
	);
	for await (const { InstanceInformationList = [] } of pages) {
		for (const { InstanceId, PingStatus } of InstanceInformationList) {
			if (InstanceId !== undefined) known.set(InstanceId, { online: PingStatus === 'Online' });
		}
	}
	return known;
};

/**
 * The invocations of a command, but for those known already. Right after SendCommand the list may be empty. One whose whole output
 * is not to be had now has not ended as far as we know.
 */
export const listInvocations = async (
	client: SSMClient,
	commandId: string,
	known: { has(instanceId: string): boolean },
): Promise<Map<string, Invocation>> => {
	const found: CommandInvocation[] = [];
	const pages = paginateListCommandInvocations({ client }, { CommandId: commandId, Details: true, MaxResults: mostInstances });
	for await (const { CommandInvocations = [] } of pages) found.push(...CommandInvocations);
	const invocations = new Map<string, Invocation>();
	for (const { InstanceId: instanceId, Status, StatusDetails, CommandPlugins } of found) {
		if (instanceId === undefined || known.has(instanceId)) continue;
		const { output, errors, cut } = commandOutput(CommandPlugins?.[0]?.Output ?? '');
		const listed = invocationOf({ Status, StatusDetails }, { output, errors });
		const invocation = listed.ended && cut ? await getUnlessThrottled(client, commandId, instanceId) : listed;
		if (invocation !== undefined) invocations.set(instanceId, invocation);
	}
	return invocations;
};

const getUnlessThrottled = async (...of: Parameters<typeof getInvocation>): Promise<Invocation | undefined> => {
	try {
		return await getInvocation(...of);
	} catch (error) {
		if (!isThrottle(error)) throw error;
		return { status: throttledStatus, ended: false };
	}
};

/** One invocation whole, or undefined while it is not there yet. */
export const getInvocation = async (
	client: SSMClient,
	commandId: string,
	instanceId: string,
): Promise<Invocation | undefined> => {
	try {
		const answer = await client.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
		return invocationOf(answer, { output: answer.StandardOutputContent ?? '', errors: answer.StandardErrorContent ?? '' });
	} catch (error) {
		if (error instanceof InvocationDoesNotExist) return undefined;
		throw error;
	}
};

type Statuses = { Status?: string | undefined; StatusDetails?: string | undefined };

/** `StatusDetails` tells a delivery timeout from one of the script; the words are joined as the SDK's enumeration has them. */
const invocationOf = ({ Status = '', StatusDetails }: Statuses, said: { output: string; errors: string }): Invocation => {
	const status = (StatusDetails === undefined || StatusDetails === '' ? Status : StatusDetails).replaceAll(' ', '');
	return underWay.has(Status) ? { status, ended: false } : { status, ended: true, ...said };
};
