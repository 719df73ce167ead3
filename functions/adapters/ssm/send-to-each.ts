import { setTimeout as pause } from 'node:timers/promises';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Silence } from '../../domain/model/router-answer.ts';
import {
	type Command,
	isDenied,
	isMalformedInstance,
	isThrottle,
	isUnknownInstance,
	type KnownInstance,
	knownInstances,
	sendCommand,
} from './run-command.ts';
import { silent, throttledCall } from './silences.ts';

export type Sent = {
	/** One command, or several where the call had to be divided. */
	commands: { commandId: string; instanceIds: readonly string[] }[];
	/** The instances that got none, and why. */
	silent: Map<string, { silence: Silence }>;
};

export type TellRefused = (commands: number) => void;

/** So many instances are singled out in one call: where more are refused it is not theirs alone, and each answers for itself next time. */
const mostSingledOut = 8;
const leastPauseMs = 500;

/**
 * Sends a command to all instances that can take it. SendCommand is one call for all of them: it is refused whole where one is untagged,
 * mistyped, stopped or gone, so it is divided until the bad ones stand alone. Throws what is a fault of ours. `tellRefused` learns how
 * many commands were refused for another reason than an instance that is away, or a throttle.
 */
export const sendToEach = async (client: SSMClient, command: Command, tellRefused: TellRefused = () => {}): Promise<Sent> => {
	const sent: Sent = { commands: [], silent: new Map() };
	const refused = new Map<string, unknown>();

	const send = async (instanceIds: readonly string[]): Promise<void> => {
		try {
			sent.commands.push({ commandId: await sendCommand(client, { ...command, instanceIds }), instanceIds });
		} catch (error) {
			if (isThrottle(error)) for (const id of instanceIds) sent.silent.set(id, throttledCall);
			else if (!isInstancesFault(error)) {
				tellRefused(1);
				throw error;
			} else if (instanceIds.length === 1 || refused.size >= mostSingledOut) for (const id of instanceIds) refused.set(id, error);
			else {
				const half = Math.ceil(instanceIds.length / 2);
				await send(instanceIds.slice(0, half));
				await send(instanceIds.slice(half));
			}
		}
	};
	await send(command.instanceIds);
	const denied = [...refused.values()].filter(isDenied).length;
	if (denied > 0) tellRefused(denied);
	if (refused.size > 0) {
		const wellFormed = [...refused].filter(([, error]) => !isMalformedInstance(error)).map(([id]) => id);
		const known = await knownOf(client, wellFormed);
		for (const [id, error] of refused) sent.silent.set(id, silent('not-managed', refusalOf(error, known.get(id))));
	}
	return sent;
};

/**
 * The same, and again for those that were throttled, until `end`: the calls a second are those of the whole AWS account, and whoever uses
 * them up is not to make routers silent.
 */
export const sendUntil = async (client: SSMClient, command: Command, end: number, tellRefused?: TellRefused): Promise<Sent> => {
	const sent = await sendToEach(client, command, tellRefused);
	const isThrottled = (id: string) => sent.silent.get(id)?.silence.code === 'throttled';
	const instanceIds = command.instanceIds.filter(isThrottled);
	const pauseMs = leastPauseMs * (1 + 2 * Math.random());
	if (instanceIds.length === 0 || Date.now() + pauseMs >= end) return sent;
	await pause(pauseMs);
	const later = await sendUntil(client, { ...command, instanceIds }, end, tellRefused);
	const ofOthers = [...sent.silent].filter(([id]) => !isThrottled(id));
	return { commands: [...sent.commands, ...later.commands], silent: new Map([...ofOthers, ...later.silent]) };
};

/** A denial names one resource: where that is the document, it is our own role that lacks something. */
const isInstancesFault = (error: unknown): boolean =>
	isUnknownInstance(error) ||
	isMalformedInstance(error) ||
	(isDenied(error) && !/:document\//.test(error instanceof Error ? error.message : ''));

/** It only makes a refusal clearer, so that what fails here is not said twice. */
const knownOf = async (client: SSMClient, instanceIds: readonly string[]): Promise<Map<string, KnownInstance>> => {
	if (instanceIds.length === 0) return new Map();
	try {
		return await knownInstances(client, instanceIds);
	} catch (error) {
		if (isThrottle(error) || isDenied(error) || isUnknownInstance(error)) return new Map();
		throw error;
	}
};

/** A denial tells an untagged instance from one that never was only by what Systems Manager knows of it. */
const refusalOf = (error: unknown, known: KnownInstance | undefined): string => {
	if (isDenied(error)) {
		return known === undefined
			? 'no such instance is known here: its id is mistyped, it was terminated, or it is not tagged s2s:router=true'
			: 'it is not tagged s2s:router=true';
	}
	if (isMalformedInstance(error)) return 'its id is none that Systems Manager has: correct it';
	if (known === undefined) return 'Systems Manager does not know the instance: no agent of it has registered';
	return known.online
		? 'Systems Manager takes no commands for the instance: it is being stopped or terminated'
		: 'the instance is stopped or terminated: its agent has lost the connection';
};
