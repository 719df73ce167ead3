import {
	type CommandInvocation,
	GetCommandInvocationCommand,
	ListCommandInvocationsCommand,
	SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ssmRouterShell } from '../../functions/adapters/ssm/ssm-router-shell.ts';
import { agentTooOld } from '../../functions/domain/model/router-answer.ts';
import { ssmClientThat } from '../support/ssm-client-that.ts';

// The fake clock drives the global timers only.
vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) }));

const deadlineMs = 20_000;
const report = 's2s/1 libreswan/4.10 daemon=1 busy=0 revision=3-0123456789abcdef fw=ok boot=1 caps=-\nend 0\n';
const ids = (count: number) => Array.from({ length: count }, (_, n) => `i-${n}`);
const throttle = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
const invocation = (instanceId: string, status: string, { details = status, output = '' } = {}): CommandInvocation => ({
	InstanceId: instanceId,
	Status: status as NonNullable<CommandInvocation['Status']>,
	StatusDetails: details,
	CommandPlugins: [{ Output: output }],
});

/** Systems Manager, as far as the shell calls it: what its list says so many milliseconds after SendCommand. */
const ssmWith = (
	list: (afterMs: number) => CommandInvocation[],
	whole: (instanceId: string) => object = () => ({}),
	pageSize = 50,
) => {
	const calls: string[] = [];
	const sent: unknown[] = [];
	let sentAt = 0;
	const send = async (command: unknown) => {
		if (command instanceof SendCommandCommand) {
			calls.push('send');
			sent.push(command.input);
			sentAt = Date.now();
			return { Command: { CommandId: 'c' } };
		}
		const after = Date.now() - sentAt;
		if (command instanceof ListCommandInvocationsCommand) {
			calls.push(`list ${after}`);
			const from = Number(command.input.NextToken ?? 0);
			const all = list(after);
			const page = { CommandInvocations: all.slice(from, from + pageSize) };
			return from + pageSize < all.length ? { ...page, NextToken: String(from + pageSize) } : page;
		}
		if (!(command instanceof GetCommandInvocationCommand)) throw new Error('no such call');
		calls.push(`get ${after}`);
		return whole(command.input.InstanceId ?? '');
	};
	const shell = ssmRouterShell(ssmClientThat(send), { apply: 'a', check: 'c', logs: 'l', inspect: 'i' });
	const inspect = async () => {
		const answer = shell.inspect('i-0', { key: '/s2s/dev/acme/cgw-1' }, deadlineMs);
		await vi.runAllTimersAsync();
		return answer;
	};
	const check = async (instanceIds: string[]) => {
		const answers = shell.check(instanceIds, deadlineMs);
		await vi.runAllTimersAsync();
		return answers;
	};
	return { calls, sent, check, inspect };
};

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

describe('a check through Systems Manager', () => {
	it.each([
		['Pending', 'Pending', 'unreachable'],
		['Delayed', 'Delayed', 'unreachable'],
		['InProgress', 'In Progress', 'still-running'],
		['TimedOut', 'Execution Timed Out', 'still-running'],
		['TimedOut', 'Delivery Timed Out', 'undeliverable'],
		['Failed', 'Undeliverable', 'undeliverable'],
		['Failed', 'Terminated', 'terminated'],
		['Cancelled', 'Cancelled', 'terminated'],
		['Failed', 'Failed', 'unreadable'],
		['Success', 'Success', 'unreadable'],
	])('maps status %s (%s) without a report to %s', async (status, details, code) => {
		const { check } = ssmWith(() => [invocation('i-0', status, { details })]);

		expect((await check(['i-0'])).get('i-0')).toMatchObject({ silence: { code } });
	});

	it('reads a report that has standard error output after it', async () => {
		const output = `${report}\n----------ERROR-------\nsh: warning: no locale\n`;
		const { check, calls } = ssmWith(() => [invocation('i-0', 'Success', { output })]);

		expect((await check(['i-0'])).get('i-0')).toHaveProperty('report');
		expect(calls).not.toContain('get 500');
	});

	it('fetches the complete report if it was cut to make room for standard error', async () => {
		const output = `${report.slice(0, 40)}\n---Output truncated---\n----------ERROR-------\nsh: warning\n`;
		const { check, calls } = ssmWith(
			() => [invocation('i-0', 'Success', { output })],
			() => ({ Status: 'Success', StatusDetails: 'Success', StandardOutputContent: report }),
		);

		expect((await check(['i-0'])).get('i-0')).toHaveProperty('report');
		expect(calls).toContain('get 500');
	});

	it('quotes standard error for an unreadable answer', async () => {
		const output = 'nothing\n----------ERROR-------\nthe daemon runs and its status cannot be read\n';
		const { check } = ssmWith(() => [invocation('i-0', 'Failed', { output })]);

		expect((await check(['i-0'])).get('i-0')).toEqual({
			silence: { code: 'unreadable', detail: expect.stringContaining('its status cannot be read') },
		});
	});

	it('recognizes a too old agent by the message of our scripts', async () => {
		const output = `\n----------ERROR-------\nscript.sh: 3: SSM_Report: ${agentTooOld}\n`;
		const { check } = ssmWith(() => [invocation('i-0', 'Failed', { output })]);

		expect((await check(['i-0'])).get('i-0')).toMatchObject({ silence: { code: 'agent-too-old' } });
	});

	it('names what our scripts miss on the router', async () => {
		const output = '\n----------ERROR-------\nsh: warning\nthis router lacks: flock timeout\n';
		const { check } = ssmWith(() => [invocation('i-0', 'Failed', { output })]);

		expect((await check(['i-0'])).get('i-0')).toEqual({ silence: { code: 'tool-missing', detail: 'it lacks flock timeout' } });
	});

	it('does not wait for an invocation that has failed', async () => {
		const { check, calls } = ssmWith(() => [invocation('i-0', 'TimedOut', { details: 'Execution Timed Out' })]);
		await check(['i-0']);

		expect(calls).toEqual(['send', 'list 500']);
	});

	it('reports an instance that is never listed as unreachable', async () => {
		expect((await ssmWith(() => []).check(['i-0'])).get('i-0')).toMatchObject({ silence: { code: 'unreachable' } });
	});

	it('makes two calls if all fifty answer soon, three if some are slow, and one more at the deadline if one is dead', async () => {
		const answering = (slowMs: number) => (after: number) =>
			ids(50).map((id, n) =>
				n === 0 && after < slowMs ? invocation(id, 'InProgress') : invocation(id, 'Success', { output: report }),
			);
		const callsWith = async (slowMs: number) => {
			const { check, calls } = ssmWith(answering(slowMs));
			await check(ids(50));
			return calls;
		};

		expect(await callsWith(0)).toEqual(['send', 'list 3500']);
		expect(await callsWith(4_000)).toEqual(['send', 'list 3500', 'list 8000']);
		expect(await callsWith(60_000)).toEqual(['send', 'list 3500', 'list 8000', 'list 20000']);
	});

	it('reads every page of a list', async () => {
		const { check, calls } = ssmWith(() => ids(50).map((id) => invocation(id, 'Success', { output: report })), undefined, 20);

		expect([...(await check(ids(50))).values()].every((answer) => 'report' in answer)).toBe(true);
		expect(calls).toEqual(['send', 'list 3500', 'list 3500', 'list 3500']);
	});

	it('fetches the complete report only once if the list cuts it off', async () => {
		const whole = report.replace('end 0', `${'#'.repeat(3_000)}\nend 0`);
		const { check, calls } = ssmWith(
			(after) => [
				invocation('i-0', 'Success', { output: whole.slice(0, 2_500) }),
				after < 1_200 ? invocation('i-1', 'InProgress') : invocation('i-1', 'Success', { output: report }),
			],
			() => ({ Status: 'Success', StatusDetails: 'Success', StandardOutputContent: report }),
		);
		const answers = await check(['i-0', 'i-1']);

		expect(answers.get('i-0')).toHaveProperty('report');
		expect(calls).toEqual(['send', 'list 500', 'get 500', 'list 1000', 'list 1500']);
	});

	it('keeps the answers it has if fetching one complete report is throttled, and fetches that one again', async () => {
		const list = () => [
			...ids(1).map((id) => invocation(id, 'Success', { output: '#'.repeat(2_500) })),
			...ids(50)
				.slice(1)
				.map((id) => invocation(id, 'Success', { output: report })),
		];
		let asked = 0;
		const once = ssmWith(list, () => {
			if (asked++ === 0) throw throttle();
			return { Status: 'Success', StatusDetails: 'Success', StandardOutputContent: report };
		});
		expect([...(await once.check(ids(50))).values()].every((answer) => 'report' in answer)).toBe(true);
		expect(once.calls).toEqual(['send', 'list 3500', 'get 3500', 'list 8000', 'get 8000']);

		const always = await ssmWith(list, () => {
			throw throttle();
		}).check(ids(50));
		expect(always.get('i-0')).toMatchObject({ silence: { code: 'throttled' } });
		expect([...always.values()].filter((answer) => 'report' in answer)).toHaveLength(49);
	});

	it('looks ever less often at a router that does not answer, and at last when its time is up', async () => {
		const { check, calls } = ssmWith(() => [invocation('i-0', 'InProgress')]);

		expect((await check(['i-0'])).get('i-0')).toMatchObject({ silence: { code: 'still-running' } });

		expect(calls.slice(0, 3)).toEqual(['send', 'list 500', 'list 1000']);
		expect(calls.slice(-3)).toEqual(['list 16000', 'list 18000', 'list 20000']);
		expect(calls).toHaveLength(21);
	});

	it.each([
		['is sent again where its call is throttled', 6_000, 'report'],
		['counts as throttled where it could not be sent in half of its time, and is not sent later', 60_000, 'silence'],
	])('%s', async (_what, throttledMs, said) => {
		const began = Date.now();
		const sends: number[] = [];
		const client = ssmClientThat(async (command) => {
			if (!(command instanceof SendCommandCommand))
				return { CommandInvocations: ids(50).map((id) => invocation(id, 'Success', { output: report })) };
			sends.push(Date.now() - began);
			if (Date.now() - began < throttledMs) throw throttle();
			return { Command: { CommandId: 'c' } };
		});
		const answers = ssmRouterShell(client, { apply: 'a', check: 'c', logs: 'l', inspect: 'i' }).check(ids(50), deadlineMs);
		await vi.runAllTimersAsync();

		expect([...(await answers).values()].filter((answer) => said in answer)).toHaveLength(50);
		expect(sends.length).toBeGreaterThan(3);
		expect(Math.max(...sends)).toBeLessThan(deadlineMs / 2);
	});

	it('is looked at once more where its last look was throttled', async () => {
		const { check } = ssmWith((after) => {
			if (after < 20_500) throw throttle();
			return ids(50).map((id) => invocation(id, 'Success', { output: report }));
		});

		expect([...(await check(ids(50))).values()].every((answer) => 'report' in answer)).toBe(true);
	});

	it('polls again after a throttled poll, and reports throttling if all polls were throttled', async () => {
		const answers = await ssmWith((after) => {
			if (after < 4_000) throw throttle();
			return ids(50).map((id) => invocation(id, 'Success', { output: report }));
		}).check(ids(50));
		expect([...answers.values()].every((answer) => 'report' in answer)).toBe(true);

		const refused = await ssmWith(() => {
			throw throttle();
		}).check(ids(50));
		expect([...refused.values()]).toEqual(Array(50).fill({ silence: expect.objectContaining({ code: 'throttled' }) }));
	});
});

describe('a look at what a router is made of', () => {
	const ended = (status: string, more: object = {}) =>
		ssmWith(
			() => [],
			() => ({ Status: status, StatusDetails: status, ...more }),
		);

	it('asks for one key by the document of its own, and is what the router prints', async () => {
		const { inspect, sent } = ended('Success', { StandardOutputContent: 'all of it' });

		expect(await inspect()).toEqual({ text: 'all of it' });
		expect(sent).toMatchObject([{ DocumentName: 'i', InstanceIds: ['i-0'], Parameters: { Key: ['/s2s/dev/acme/cgw-1'] } }]);
	});

	it('takes twenty calls of a router that does not end it, and no longer than its time', async () => {
		const { inspect, calls } = ended('InProgress');
		const began = Date.now();

		await inspect();

		expect(Date.now() - began).toBe(deadlineMs);
		expect(calls.filter((call) => call.startsWith('get'))).toHaveLength(20);
	});

	it.each([
		['an agent that is too old', 'Failed', { StandardErrorContent: `sh: SSM_Key: ${agentTooOld}` }, 'agent-too-old'],
		['one that has not ended in time', 'InProgress', {}, 'still-running'],
		['one that failed', 'Failed', {}, 'unreachable'],
	])('is a silence of %s', async (_what, status, more, code) => {
		expect(await ended(status, more).inspect()).toMatchObject({ silence: { code } });
	});
});
