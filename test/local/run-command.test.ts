import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RouterDriver, RouterOffline, type RouterRun } from '../../local/routers/driver.ts';
import { goneInstance, type Instance, routerInstance } from '../../local/routers/instance.ts';
import { joinedOutput } from '../../local/ssm/agent.ts';
import { documentOf, mostBytes } from '../../local/ssm/document.ts';
import { runCommand } from '../../local/ssm/run-command.ts';

const aContent = ({ pattern = '^[a-z]+$', script = 'true' } = {}) => ({
	schemaVersion: '2.2',
	description: 'Says a word',
	parameters: {
		Word: { type: 'String', description: 'The word', interpolationType: 'ENV_VAR', allowedPattern: pattern, maxChars: 60_000 },
	},
	mainSteps: [{ action: 'aws:runShellScript', name: 'say', inputs: { timeoutSeconds: '10', runCommand: script.split('\n') } }],
});

type Given = {
	content?: object;
	instances?: Record<string, Partial<Instance>>;
	ran?: Partial<RouterRun>;
	/** Its agent takes no command. */
	offline?: boolean;
};

/** Run Command over routers that all end alike; `programs` is what they were given. */
const ssmWith = ({ content = aContent(), instances = {}, ran = {}, offline = false }: Given = {}) => {
	const programs: string[] = [];
	const driver: RouterDriver = {
		run: async (program) => {
			if (offline) throw new RouterOffline();
			programs.push(program);
			return { code: 0, stdout: '', stderr: '', ...ran };
		},
		stop: async () => {},
	};
	const commands = runCommand({
		documents: new Map([['Say', documentOf('Say', content)]]),
		parameters: { read: () => [] },
		refusedKeys: async () => new Map(),
		instanceOf: (id) => (instances[id] === undefined ? goneInstance : { ...routerInstance, ...instances[id] }),
		driverOf: async () => driver,
	});
	const send = async (ids: string[], { word = 'hello', ...more }: Record<string, unknown> = {}) => {
		const answer = (await commands.call('SendCommand', {
			DocumentName: 'Say',
			InstanceIds: ids,
			Parameters: { Word: [word] },
			...more,
		})) as { Command: { CommandId: string } };
		return answer.Command.CommandId;
	};
	const ended = async (CommandId: string, { seconds = 1 } = {}) => {
		await vi.advanceTimersByTimeAsync(seconds * 1_000);
		const { CommandInvocations } = commands.call('ListCommandInvocations', { CommandId, Details: true }) as {
			CommandInvocations: { InstanceId: string; StatusDetails: string; CommandPlugins: [{ Output: string }] }[];
		};
		return CommandInvocations.map(({ StatusDetails, CommandPlugins: [{ Output }] }) => ({
			status: StatusDetails,
			output: Output,
		}));
	};
	const describe = (ids: string[]) =>
		commands.call('DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: ids }] });
	return { send, ended, describe, programs, commands };
};

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

describe('a document of Run Command', () => {
	it.each([
		['a repeat beyond 1000', '^[a-z]{1,24000}$', 'invalid repeat count'],
		['a look-ahead', '^(?=h)[a-z]+$', 'invalid or unsupported Perl syntax'],
		['a back-reference', '^(l)\\1$', 'invalid escape sequence'],
	])('fails on every instance if a pattern has %s, since the agent compiles RE2', async (_what, pattern, why) => {
		const { send, ended, programs } = ssmWith({ content: aContent({ pattern }), instances: { 'i-1': {}, 'i-2': {} } });

		const invocations = await ended(await send(['i-1', 'i-2']));

		expect(invocations.map(({ status }) => status)).toEqual(['Failed', 'Failed']);
		for (const { output } of invocations) expect(output).toContain(why);
		expect(programs).toEqual([]);
	});

	it('does not run if a value does not match its pattern', async () => {
		const { send, ended, programs } = ssmWith({ instances: { 'i-1': {} } });

		expect(await ended(await send(['i-1'], { word: 'a;b' }))).toMatchObject([{ status: 'Failed' }]);
		expect(programs).toEqual([]);
	});

	it('passes a value as an environment variable', async () => {
		const { send, ended, programs } = ssmWith({ instances: { 'i-1': {} } });

		expect(await ended(await send(['i-1']))).toEqual([{ status: 'Success', output: '' }]);
		expect(programs[0]).toContain("SSM_Word='hello'");
	});

	it.each(['3.3.2745.9', '3.2.9999.0', '2.9999.0.0'])('runs without variables on agent %s', async (agent) => {
		const { send, ended, programs } = ssmWith({ instances: { 'i-1': { agent } } });
		await ended(await send(['i-1']));

		expect(programs).toHaveLength(1);
		expect(programs[0]).not.toContain('SSM_Word');
	});

	it.each(['3.3.2746.0', '3.3.2746.1', '3.4.0.0', '4.0.0.0'])('runs with its variables on agent %s', async (agent) => {
		const { send, ended, programs } = ssmWith({ instances: { 'i-1': { agent } } });
		await ended(await send(['i-1']));

		expect(programs[0]).toContain('SSM_Word');
	});

	it('is refused beyond 64 kB of JSON', () => {
		const quotes = (count: number) => aContent({ script: '"'.repeat(count) });
		const around = JSON.stringify(quotes(0)).length;
		const fits = Math.floor((mostBytes - around) / 2);

		expect(documentOf('Say', quotes(fits)).bytes).toBeLessThanOrEqual(mostBytes);
		expect(() => documentOf('Say', quotes(fits + 1))).toThrow('bytes');
	});

	it('is refused beyond 64 kB together with its parameters', async () => {
		const content = aContent({ script: 'x'.repeat(40_000) });
		const room = mostBytes - JSON.stringify(content).length - JSON.stringify({ Word: [''] }).length;
		const { send } = ssmWith({ content, instances: { 'i-1': {} } });

		await expect(send(['i-1'], { word: 'w'.repeat(room) })).resolves.toBeDefined();
		await expect(send(['i-1'], { word: 'w'.repeat(room + 1) })).rejects.toMatchObject({ type: 'MaxDocumentSizeExceeded' });
	});

	it('is refused with a value longer than maxChars', async () => {
		const { send } = ssmWith({ instances: { 'i-1': {} } });

		await expect(send(['i-1'], { word: 'w'.repeat(60_001) })).rejects.toMatchObject({ type: 'InvalidParameters' });
	});

	it('is refused if it has an element that the stand-in does not know', () => {
		expect(() => documentOf('Say', { ...aContent(), outputs: [] })).toThrow('outputs');
	});
});

describe('SendCommand', () => {
	it.each<[string, Partial<Instance>]>([
		['stopped', { state: 'stopped' }],
		['terminated', { state: 'terminated' }],
		['without an agent', { agent: 'none' }],
	])('fails as a whole if one instance is %s', async (_what, instance) => {
		const { send, programs } = ssmWith({ instances: { 'i-1': {}, 'i-2': instance } });

		await expect(send(['i-1', 'i-2'])).rejects.toMatchObject({ type: 'InvalidInstanceId' });
		expect(programs).toEqual([]);
	});

	it('fails as a whole if one id is none that a managed node has', async () => {
		const { send, programs } = ssmWith({ instances: { 'i-1': {}, 'mi-0a1b2c3d': {} } });

		await expect(send(['i-1', 'mi-0a1b2c3d'])).rejects.toMatchObject({ type: 'ValidationException' });
		expect(programs).toEqual([]);
	});

	it('waits for an agent as long as requested, then reports that it was not delivered', async () => {
		const { send, ended } = ssmWith({ instances: { 'i-1': {} }, offline: true });
		const command = await send(['i-1'], { TimeoutSeconds: 30 });

		expect(await ended(command, { seconds: 29 })).toMatchObject([{ status: 'InProgress' }]);
		expect(await ended(command, { seconds: 2 })).toMatchObject([{ status: 'DeliveryTimedOut' }]);
	});

	it('is listed only a moment later', async () => {
		const { send, ended } = ssmWith({ instances: { 'i-1': {} } });

		expect(await ended(await send(['i-1']), { seconds: 0 })).toEqual([]);
	});

	it('refuses an instance that is named twice', async () => {
		const { send } = ssmWith({ instances: { 'i-1': {} } });

		await expect(send(['i-1', 'i-1'])).rejects.toMatchObject({ type: 'DuplicateInstanceId' });
	});

	it('refuses to wait less than 30 s for an agent', async () => {
		const { send } = ssmWith({ instances: { 'i-1': {} } });

		await expect(send(['i-1'], { TimeoutSeconds: 29 })).rejects.toMatchObject({ type: 'ValidationException' });
	});
});

describe('DescribeInstanceInformation', () => {
	it('still lists instances that were stopped or terminated, but none without an agent', () => {
		const { describe } = ssmWith({
			instances: { 'i-1': {}, 'i-2': { state: 'terminated' }, 'i-3': { state: 'stopped' }, 'i-4': { agent: 'none' } },
		});

		expect(describe(['i-1', 'i-2', 'i-3', 'i-4', 'i-5'])).toMatchObject({
			InstanceInformationList: [
				{ InstanceId: 'i-1', PingStatus: 'Online' },
				{ InstanceId: 'i-2', PingStatus: 'ConnectionLost' },
				{ InstanceId: 'i-3', PingStatus: 'ConnectionLost' },
			],
		});
	});
});

describe('the output of a listed invocation', () => {
	const title = '\n----------ERROR-------\n';

	it('is standard output alone if there is no standard error', () => {
		expect(joinedOutput('said', '')).toBe('said');
	});

	it('has standard error after it, under its title', () => {
		expect(joinedOutput('said', 'oh')).toBe(`said${title}oh`);
	});

	it('is cut to 2,500 bytes, keeping standard error', () => {
		const joined = joinedOutput('s'.repeat(3_000), 'oh');

		expect(joined).toHaveLength(2_500);
		expect(joined.endsWith(`s\n---Output truncated---${title}oh`)).toBe(true);
	});

	it('has standard error cut if that is the long part', () => {
		const joined = joinedOutput('said', 'e'.repeat(3_000));

		expect(joined).toHaveLength(2_500);
		expect(joined.startsWith(`said${title}e`)).toBe(true);
		expect(joined.endsWith('e\n---Error truncated----')).toBe(true);
	});

	it('has both cut if both are long', () => {
		const joined = joinedOutput('s'.repeat(3_000), 'e'.repeat(3_000));

		expect(joined.length).toBeLessThanOrEqual(2_500);
		expect(joined).toContain(`s\n---Output truncated---${title}e`);
	});

	it('is there for a failed script too', async () => {
		const { send, ended } = ssmWith({ instances: { 'i-1': {} }, ran: { code: 1, stdout: 'said', stderr: 'oh' } });

		expect(await ended(await send(['i-1']))).toEqual([{ status: 'Failed', output: `said${title}oh` }]);
	});
});
