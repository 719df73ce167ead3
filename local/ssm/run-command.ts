import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type RouterDriver, RouterOffline } from '../routers/driver.ts';
import { type Instance, isManaged } from '../routers/instance.ts';
import { remoteProgram } from '../routers/remote-program.ts';
import { joinedOutput, prepare } from './agent.ts';
import { type Document, parameterValues } from './document.ts';
import type { ParameterStore } from './parameter-store.ts';
import { SsmError } from './ssm-error.ts';

type Invocation = {
	instanceId: string;
	status: 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut';
	details: string;
	stdout: string;
	stderr: string;
	/** The first list after SendCommand is often empty. */
	listedFrom: number;
};
type Command = {
	id: string;
	document: string;
	parameters: Record<string, string[]>;
	requestedAt: string;
	invocations: Invocation[];
};

/** AWS: 50 ids a call and invocations a page; 24,000 and 8,000 characters of one invocation. */
const mostInstances = 50;
const keptOutput = 24_000;
const keptErrors = 8_000;
const listDelayMs = 150;
/** Of what begins so there is no other length. */
const managedNode = /^mi-\w{17}$/;
const keptCommands = 2_000;

type Outside = {
	documents: ReadonlyMap<string, Document>;
	parameters: Pick<ParameterStore, 'read'>;
	instanceOf(instanceId: string): Instance;
	driverOf(instanceId: string): Promise<RouterDriver | undefined>;
	/** Which of these parameters the instance's own role may not read, and how AWS says so. */
	refusedKeys(instanceId: string, names: readonly string[]): Promise<ReadonlyMap<string, string>>;
};

/** Run Command: the documents' real scripts on the routers, with the limits and habits of AWS. */
export const runCommand = ({ documents, parameters, instanceOf, driverOf, refusedKeys }: Outside) => {
	const commands = new Map<string, Command>();

	const execute = async (
		invocation: Invocation,
		document: Document,
		run: { values: Record<string, string>; deliverySeconds: number },
	) => {
		const end = (status: Invocation['status'], details: string, output = { stdout: '', stderr: '' }) => {
			Object.assign(invocation, {
				status,
				details,
				stdout: output.stdout.slice(0, keptOutput),
				stderr: output.stderr.slice(0, keptErrors),
			});
		};
		try {
			const driver = await driverOf(invocation.instanceId);
			if (driver === undefined) throw new RouterOffline();
			invocation.status = 'InProgress';
			invocation.details = 'InProgress';
			const prepared = prepare(document, run.values, instanceOf(invocation.instanceId));
			if ('error' in prepared) return end('Failed', 'Failed', { stdout: '', stderr: prepared.error });
			const { variables } = prepared;
			const named = secretsOf(variables);
			const refused = await refusedKeys(invocation.instanceId, named);
			const read = parameters.read(named.filter((name) => !refused.has(name)));
			const program = remoteProgram({ script: document.script, variables, parameters: read, refused });
			const ran = await driver.run(program, document.timeoutSeconds * 1_000);
			if (ran.code === 124) end('TimedOut', 'ExecutionTimedOut', ran);
			else end(ran.code === 0 ? 'Success' : 'Failed', ran.code === 0 ? 'Success' : 'Failed', ran);
		} catch (error) {
			if (!(error instanceof RouterOffline)) {
				end('Failed', 'Failed', { stdout: '', stderr: error instanceof Error ? error.message : String(error) });
				return;
			}
			await new Promise((resolve) => setTimeout(resolve, run.deliverySeconds * 1_000));
			end('TimedOut', 'DeliveryTimedOut');
		}
	};

	const send = async (input: Record<string, unknown>): Promise<object> => {
		const document = documents.get(String(input['DocumentName']));
		if (document === undefined)
			throw new SsmError('InvalidDocument', `Document with name ${input['DocumentName']} does not exist.`);
		const instanceIds = (input['InstanceIds'] as string[] | undefined) ?? [];
		if (instanceIds.length > mostInstances) throw new SsmError('ValidationException', 'at most 50 instance ids');
		if (!instanceIds.every((id) => !id.startsWith('mi-') || managedNode.test(id)))
			throw new SsmError(
				'ValidationException',
				`Value '[${instanceIds.join(', ')}]' at 'instanceIds' failed to satisfy constraint`,
			);
		if (new Set(instanceIds).size < instanceIds.length) throw new SsmError('DuplicateInstanceId');
		const timeoutSeconds = Number(input['TimeoutSeconds'] ?? 3_600);
		if (timeoutSeconds < 30) throw new SsmError('ValidationException', 'timeoutSeconds must be at least 30');
		if (!instanceIds.every((id) => isManaged(instanceOf(id)))) throw new SsmError('InvalidInstanceId');
		const given = (input['Parameters'] as Record<string, string[]> | undefined) ?? {};
		const values = parameterValues(document, given);
		const now = Date.now();
		const command: Command = {
			id: randomUUID(),
			document: document.name,
			parameters: given,
			requestedAt: new Date(now).toISOString(),
			invocations: instanceIds.map((instanceId) => ({
				instanceId,
				status: 'Pending',
				details: 'Pending',
				stdout: '',
				stderr: '',
				listedFrom: now + listDelayMs,
			})),
		};
		commands.set(command.id, command);
		for (const old of [...commands.keys()].slice(0, Math.max(0, commands.size - keptCommands))) commands.delete(old);
		for (const invocation of command.invocations) void execute(invocation, document, { values, deliverySeconds: timeoutSeconds });
		return { Command: { CommandId: command.id, DocumentName: document.name, Status: 'Pending', StatusDetails: 'Pending' } };
	};

	const list = (input: Record<string, unknown>): object => {
		withinPage(input, 1);
		const command = commands.get(String(input['CommandId']));
		if (command === undefined) throw new SsmError('InvalidCommandId');
		const shown = command.invocations.filter(({ listedFrom }) => Date.now() >= listedFrom);
		return {
			CommandInvocations: shown.map(({ instanceId, status, details, stdout, stderr }) => ({
				CommandId: command.id,
				InstanceId: instanceId,
				DocumentName: command.document,
				Status: status,
				StatusDetails: details,
				...(input['Details'] === true ? { CommandPlugins: [{ Output: joinedOutput(stdout, stderr) }] } : {}),
			})),
		};
	};

	const get = (input: Record<string, unknown>): object => {
		const command = commands.get(String(input['CommandId']));
		const invocation = command?.invocations.find(({ instanceId }) => instanceId === input['InstanceId']);
		if (invocation === undefined || Date.now() < invocation.listedFrom) throw new SsmError('InvocationDoesNotExist');
		const { instanceId, status, details, stdout, stderr } = invocation;
		return {
			CommandId: command?.id,
			InstanceId: instanceId,
			Status: status,
			StatusDetails: details,
			StandardOutputContent: stdout,
			StandardErrorContent: stderr,
		};
	};

	/** An instance that was stopped or terminated a while ago is still listed, as one whose connection is lost. */
	const describe = (input: Record<string, unknown>): object => {
		withinPage(input, 5);
		const filters = (input['Filters'] as { Key: string; Values: string[] }[] | undefined) ?? [];
		const ids = filters.find(({ Key }) => Key === 'InstanceIds')?.Values ?? [];
		const listed = ids.flatMap((id) => {
			const { state, agent } = instanceOf(id);
			if (agent === 'none') return [];
			return [{ InstanceId: id, PingStatus: state === 'running' ? 'Online' : 'ConnectionLost', AgentVersion: agent }];
		});
		return { InstanceInformationList: listed };
	};

	return {
		call(operation: string, input: Record<string, unknown>): Promise<object> | object | undefined {
			if (operation === 'SendCommand') return send(input);
			if (operation === 'ListCommandInvocations') return list(input);
			if (operation === 'GetCommandInvocation') return get(input);
			if (operation === 'DescribeInstanceInformation') return describe(input);
			return undefined;
		},
		/** What AWS would show of the commands that were run. */
		history: () => [...commands.values()],
	};
};

const withinPage = ({ MaxResults: most }: Record<string, unknown>, least: number): void => {
	if (most !== undefined && (Number(most) < least || Number(most) > mostInstances))
		throw new SsmError('ValidationException', `maxResults must be ${least} to ${mostInstances}`);
};

/** What the router will ask for: the secrets that a bundle names, or the key that it is to try. */
const secretsOf = ({ SSM_Bundle: bundle, SSM_Key: key }: Record<string, string>): string[] => {
	if (key !== undefined) return [key];
	if (bundle === undefined) return [];
	const text = gunzipSync(Buffer.from(bundle, 'base64')).toString();
	return [...text.matchAll(/^connection .* psk=(\S+)/gm)].map(([, name = '']) => name);
};
