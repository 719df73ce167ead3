import { DescribeInstanceInformationCommand, InvalidInstanceId, SendCommandCommand } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sendToEach } from '../../functions/adapters/ssm/send-to-each.ts';
import { ssmClientThat } from '../support/ssm-client-that.ts';

type Kind = 'untagged' | 'mistyped' | 'stopped' | 'unregistered' | 'terminating' | 'malformed';
const kinds: readonly Kind[] = ['untagged', 'mistyped', 'stopped', 'unregistered', 'terminating', 'malformed'];
const ids = (count: number) => Array.from({ length: count }, (_, n) => `i-${String(n).padStart(17, '0')}`);
const denied = (resource: string) =>
	Object.assign(
		new Error(`User: arn:aws:sts::1:assumed-role/r is not authorized to perform: ssm:SendCommand on resource: ${resource}`),
		{
			name: 'AccessDeniedException',
		},
	);
const malformed = (instanceIds: readonly string[]) =>
	Object.assign(
		new Error(
			`1 validation error detected: Value '[${instanceIds.join(', ')}]' at 'instanceIds' failed to satisfy constraint: Member must satisfy regular expression pattern: (^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)`,
		),
		{ name: 'ValidationException' },
	);
const throttle = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

/** Systems Manager, which refuses a call whole because of one of its instances. */
const ssmWith = (bad: Record<string, Kind>, before: (instanceIds: string[], calls: number) => void = () => {}) => {
	const given: string[][] = [];
	let calls = 0;
	let described = 0;
	const send = async (command: unknown) => {
		if (command instanceof DescribeInstanceInformationCommand) {
			described++;
			const asked = command.input.Filters?.[0]?.Values ?? [];
			if (asked.some((id) => bad[id] === 'malformed')) throw malformed(asked);
			const known = asked.filter((id) => bad[id] !== 'mistyped' && bad[id] !== 'unregistered');
			return {
				InstanceInformationList: known.map((InstanceId) => ({
					InstanceId,
					PingStatus: bad[InstanceId] === 'stopped' ? 'ConnectionLost' : 'Online',
				})),
			};
		}
		if (!(command instanceof SendCommandCommand)) throw new Error('no such call');
		const instanceIds = command.input.InstanceIds ?? [];
		before(instanceIds, ++calls);
		if (instanceIds.some((id) => bad[id] === 'malformed')) throw malformed(instanceIds);
		const foreign = instanceIds.find((id) => bad[id] === 'untagged' || bad[id] === 'mistyped');
		if (foreign !== undefined) throw denied(`arn:aws:ec2:eu-central-1:1:instance/${foreign}`);
		if (instanceIds.some((id) => bad[id] !== undefined))
			throw new InvalidInstanceId({ message: 'InvalidInstanceId', $metadata: {} });
		given.push(instanceIds);
		return { Command: { CommandId: `c${given.length}` } };
	};
	const refused: number[] = [];
	const run = (instanceIds: string[]) =>
		sendToEach(ssmClientThat(send), { document: 'check', instanceIds, parameters: {} }, (count) => void refused.push(count));
	return { run, given, refused, calls: () => calls, described: () => described };
};

describe('sending a command to many instances', () => {
	it('takes one call if all instances accept it', async () => {
		const ssm = ssmWith({});
		const sent = await ssm.run(ids(50));

		expect(ssm.given).toEqual([ids(50)]);
		expect(sent.commands).toEqual([{ commandId: 'c1', instanceIds: ids(50) }]);
		expect(ssm.described()).toBe(0);
	});

	it('reaches every good instance exactly once, whichever are bad', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 50 }),
				fc.uniqueArray(fc.tuple(fc.nat(49), fc.constantFrom(...kinds)), { maxLength: 8, selector: ([n]) => n }),
				async (count, some) => {
					const all = ids(count);
					const bad = Object.fromEntries(some.filter(([n]) => n < count).map(([n, kind]) => [all[n] ?? '', kind]));
					const ssm = ssmWith(bad);

					const sent = await ssm.run(all);

					expect(ssm.given.flat().sort()).toEqual(all.filter((id) => bad[id] === undefined));
					expect(sent.commands.flatMap(({ instanceIds }) => instanceIds).sort()).toEqual(ssm.given.flat().sort());
					expect([...sent.silent.keys()].sort()).toEqual(Object.keys(bad).sort());
					// Twice the way down to each of them, and the first call.
					expect(ssm.calls()).toBeLessThanOrEqual(1 + Object.keys(bad).length * 2 * Math.ceil(Math.log2(50)));
					expect(ssm.described()).toBe(Object.values(bad).some((kind) => kind !== 'malformed') ? 1 : 0);
				},
			),
		);
	});

	it.each<[Kind, RegExp]>([
		['untagged', /^it is not tagged s2s:router=true$/],
		['mistyped', /mistyped.*terminated.*not tagged/],
		['stopped', /stopped or terminated/],
		['unregistered', /no agent of it has registered/],
		['terminating', /being stopped or terminated/],
		['malformed', /its id is none/],
	])('explains why an instance that is %s is refused', async (kind, detail) => {
		const [id = ''] = ids(1);
		const { silent } = await ssmWith({ [id]: kind }).run([id]);

		expect(silent.get(id)).toEqual({ silence: { code: 'not-managed', detail: expect.stringMatching(detail) } });
	});

	it('does not search for the bad ones if all fifty are refused', async () => {
		const ssm = ssmWith(Object.fromEntries(ids(50).map((id) => [id, 'untagged'])));
		const { silent } = await ssm.run(ids(50));

		expect(silent.size).toBe(50);
		expect(ssm.calls()).toBeLessThan(30);
	});

	it('fails without blaming an instance if the document itself may not be sent', async () => {
		const ssm = ssmWith({}, () => {
			throw denied('arn:aws:ssm:eu-central-1:1:document/S2sVpn-dev-check');
		});

		await expect(ssm.run(ids(50))).rejects.toThrow('document/S2sVpn-dev-check');
		expect(ssm.calls()).toBe(1);
	});

	it.each<[string, Record<number, Kind>, number[]]>([
		['no instance', {}, []],
		['the two that are not ours among fifty', { 3: 'untagged', 40: 'mistyped' }, [2]],
		['none that is only away', { 3: 'stopped', 4: 'unregistered', 40: 'terminating' }, []],
	])('counts as refused %s', async (_what, some, counts) => {
		const all = ids(50);
		const ssm = ssmWith(Object.fromEntries(Object.entries(some).map(([n, kind]) => [all[Number(n)] ?? '', kind])));
		await ssm.run(all);

		expect(ssm.refused).toEqual(counts);
	});

	it.each([
		['our own role may not send', denied('arn:aws:ssm:eu-central-1:1:document/S2sVpn-dev-check')],
		['is not there', Object.assign(new Error('no such document'), { name: 'InvalidDocument' })],
	])('counts as refused a document that %s', async (_what, error) => {
		const ssm = ssmWith({}, () => {
			throw error;
		});

		await expect(ssm.run(ids(50))).rejects.toBe(error);
		expect(ssm.refused).toEqual([1]);
	});

	it('counts as refused nothing that is throttled', async () => {
		const ssm = ssmWith({}, () => {
			throw throttle();
		});
		await ssm.run(ids(50));

		expect(ssm.refused).toEqual([]);
	});

	it('still reaches the other half if one half is throttled', async () => {
		const [bad = '', ...others] = ids(50);
		const ssm = ssmWith({ [bad]: 'untagged' }, (instanceIds) => {
			if (instanceIds.length === 25 && !instanceIds.includes(bad)) throw throttle();
		});
		const { silent } = await ssm.run([bad, ...others]);

		expect(ssm.given.flat()).toHaveLength(24);
		expect([...silent.values()].filter(({ silence }) => silence.code === 'throttled')).toHaveLength(25);
	});
});
