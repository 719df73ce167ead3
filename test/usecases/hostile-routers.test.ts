import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { itemOf, rowOf } from '../../functions/adapters/dynamodb/items.ts';
import { answerOf } from '../../functions/adapters/ssm/silences.ts';
import { logLines, logsEnd } from '../../functions/domain/diagnosis/log-lines.ts';
import { Event } from '../../functions/domain/model/event.ts';
import { ReasonCode } from '../../functions/domain/model/reasons.ts';
import type { RouterReport } from '../../functions/domain/model/report.ts';
import type { RouterAnswer } from '../../functions/domain/model/router-answer.ts';
import { Secret } from '../../functions/domain/model/secret.ts';
import { detailOf } from '../../functions/domain/monitoring/detail-of-steps.ts';
import { healthOf } from '../../functions/domain/monitoring/health.ts';
import { parseReport } from '../../functions/domain/router/parse-report.ts';
import type { Rows, TableName } from '../../functions/ports.ts';
import { createVpnConnection } from '../../functions/usecases/connections/create-vpn-connection.ts';
import { deleteVpnConnection } from '../../functions/usecases/connections/delete-vpn-connection.ts';
import { diagnoseConnection } from '../../functions/usecases/connections/diagnose-connection.ts';
import { patchVpnConnection } from '../../functions/usecases/connections/patch-vpn-connection.ts';
import { readLogs } from '../../functions/usecases/connections/read-logs.ts';
import { createCustomerGateway } from '../../functions/usecases/customer-gateways/create-customer-gateway.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { reconcileRouter } from '../../functions/usecases/loops/reconcile-router.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { deleteVpc } from '../../functions/usecases/vpcs/delete-vpc.ts';
import { patchVpc } from '../../functions/usecases/vpcs/patch-vpc.ts';
import { putNetwork } from '../../functions/usecases/vpcs/put-network.ts';
import { reapplyVpc } from '../../functions/usecases/vpcs/reapply-vpc.ts';
import { createVpnGateway } from '../../functions/usecases/vpn-gateways/create-vpn-gateway.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { acme, apiCaller } from '../support/api-caller.ts';
import { anyText } from '../support/arbitraries.ts';
import { atLength } from '../support/at-length.ts';
import { attackTally, processorMs } from '../support/attack-tally.ts';
import { idOf, later } from '../support/builders.ts';
import { mutate, mutations } from '../support/mutations.ts';
import { obedientRouter } from '../support/obedient-router.ts';
import { admin, aTenant, suite, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const most = 999_999_999_999;
const hash = '0123456789abcdef';

describe('a router whose answers to an apply differ each time', () => {
	it.each<[string, (n: number) => Partial<RouterReport>]>([
		['is ahead of ours', (n) => ({ revision: { generation: n * 50_000, hash } })],
		['is of the other family', (n) => ({ flavor: n % 2 === 0 ? 'libreswan' : 'openswan', revision: 'drift' })],
		['is of another version', (n) => ({ version: `4.${n}` })],
	])('is not pushed to without a pause where each %s', async (_what, says) => {
		const t = await aTenant();
		await t.connect();
		const { apply } = t.memory.outside;
		let pushes = 0;
		t.memory.outside.apply = (push) => {
			const answer = apply(push);
			return 'report' in answer ? { report: { ...answer.report, ...says(++pushes) } } : answer;
		};

		for (let second = 0; second < 3_600; second += 2) {
			t.memory.outside.now = later(second);
			await t.reconcile(`hint ${second}`);
		}

		expect(pushes).toBeLessThan(25);
	});
});

describe('a router that answers with a generation that it was never sent', () => {
	let t: Tenant;
	beforeEach(async () => {
		t = await aTenant();
	});
	const vpc = async () => {
		const row = await t.memory.ports.store.get('vpcs', vpcId);
		if (row === undefined) throw new Error('the VPC is there');
		return row;
	};
	/** From now on it has stored a generation, and refuses what is below. */
	const hold = (generation: number) => {
		t.router.held.revision = { generation, hash };
	};
	const wait = (seconds: number) => {
		t.memory.outside.now = new Date(t.memory.outside.now.getTime() + seconds * 1_000);
	};

	it.each([
		['of 15 digits', 999_999_999_999_999],
		['of 12 digits', most],
		['100,001 ahead', 100_002],
	])('does not move ours: one %s', async (_what, generation) => {
		hold(generation);
		await t.connect();
		const before = (await vpc()).generation;

		await t.reconcile();
		await t.check();

		expect(await vpc()).toMatchObject({ generation: before, appliedGeneration: 0, retry: { attempts: 1 } });
	});

	it('moves ours forward by at most 100,000, as one does whose table was restored', async () => {
		await t.connect();
		const { generation } = await vpc();
		hold(generation + 100_000);

		await t.reconcile();
		expect((await vpc()).generation).toBe(generation + 100_001);
		await t.reconcile();

		expect((await vpc()).appliedGeneration).toBe(generation + 100_001);
	});

	it('never moves ours to 10^12, past what the document takes', async () => {
		await t.connect();
		const current = await vpc();
		await t.memory.ports.store.transact([{ put: 'vpcs', next: { ...current, generation: most - 10 }, current }]);

		hold(most);
		await t.reconcile();
		expect((await vpc()).generation).toBe(most - 10);
		wait(600);
		hold(most - 1);
		await t.reconcile();

		expect((await vpc()).generation).toBe(most);
	});

	it('has the health of its own tunnels unknown, and says how an admin mends it', async () => {
		const { id } = await t.connect();
		await t.reconcile();
		hold(999_999_999_999_999);

		await t.check();

		const { body } = await apiCaller(t.memory.ports)('GET /v1/vpn-connections/{id}', { who: acme }, { id });
		expect(body).toMatchObject({
			state: 'Connected',
			health: 'unknown',
			monitoring: { detail: expect.stringContaining('reapply?force=true') },
		});
		expect(t.memory.seen.reconciles).toContain(vpcId);
	});

	it('is overridden by reapply?force=true, until it has taken that', async () => {
		const { id } = await t.connect();
		hold(999_999_999_999_999);
		await t.reconcile();
		expect((await t.stored(id))?.state).toBe('Pending');

		const { status } = await apiCaller(t.memory.ports)(
			'POST /v1/vpcs/{id}/reapply',
			{ who: { groups: ['admin'] }, query: { force: 'true' } },
			{ id: vpcId },
		);
		expect(status).toBe(202);
		await t.reconcile();

		expect(t.memory.seen.pushes.map(({ force = false }) => force)).toEqual([false, true]);
		const { forced, generation, appliedGeneration } = await vpc();
		expect([forced, appliedGeneration]).toEqual([undefined, generation]);
		expect((await t.stored(id))?.state).toBe('Connected');
		wait(30);
		await t.check();
		expect((await vpc()).silentSince).toBeUndefined();
	});

	it('does not stay overridden where a later change was pushed without force', async () => {
		await t.connect();
		await t.reconcile();
		await reapplyVpc(t.memory.ports, { caller: admin, id: vpcId, force: true });
		await t.reconcile();
		await reapplyVpc(t.memory.ports, { caller: admin, id: vpcId });
		await t.reconcile();

		expect(t.memory.seen.pushes.at(-1)?.force).toBeUndefined();
	});

	it('is overridden again until it answers', async () => {
		await t.connect();
		await reapplyVpc(t.memory.ports, { caller: admin, id: vpcId, force: true });
		const { apply } = t.memory.outside;
		t.memory.outside.apply = () => ({ silence: { code: 'unreachable', detail: 'away' } });
		await t.reconcile();
		t.memory.outside.apply = apply;
		wait(600);
		await t.reconcile();

		expect(t.memory.seen.pushes.map(({ force }) => force)).toEqual([true, true]);
		expect((await vpc()).forced).toBeUndefined();
	});

	it('may have run our generations out before this was known: they begin again with an admin’s force', async () => {
		await t.connect();
		const current = await vpc();
		const bricked = { generation: 999_999_999_999_999, appliedGeneration: 7 };
		await t.memory.ports.store.transact([{ put: 'vpcs', next: { ...current, ...bricked }, current }]);
		hold(999_999_999_999_999);

		await reapplyVpc(t.memory.ports, { caller: admin, id: vpcId, force: true });
		await t.reconcile();

		expect(await vpc()).toMatchObject({ generation: 1, appliedGeneration: 1 });
		expect(t.memory.seen.pushes.at(-1)?.revision).toMatch(/^1-/);
	});

	it('neither follows the VPC to another router nor keeps it from being deleted', async () => {
		const { id } = await t.connect();
		hold(999_999_999_999_999);
		await t.reconcile();
		const { ports, seen } = t.memory;

		await patchVpc(ports, { caller: admin, id: vpcId, patch: { routerInstanceId: 'i-00000000000000002' } });
		const former = { ...t.router.held };
		const { apply } = t.memory.outside;
		const routers = new Map<string, typeof former>([['i-0123456789abcdef0', former]]);
		t.memory.outside.apply = (push) => {
			const held = routers.get(push.instanceId);
			Object.assign(t.router.held, held ?? { revision: undefined, text: '' });
			const answer = apply(push);
			routers.set(push.instanceId, { ...t.router.held });
			return answer;
		};
		t.memory.outside.now = later(601);
		await t.reconcile();

		expect((await t.stored(id))?.state).toBe('Connected');
		expect((await vpc()).retired).toBeUndefined();
		expect(seen.pushes.filter(({ instanceId }) => instanceId === 'i-0123456789abcdef0').map(({ force }) => force)).toEqual([
			undefined,
			undefined,
			true,
		]);
		await deleteVpnConnection(ports, { caller: tenant, id });
		await t.reconcile();
		await deleteVpnGateway(ports, { caller: tenant, id: t.vpnGatewayId });
		await deleteVpc(ports, { caller: admin, id: vpcId });
		expect(await ports.store.get('vpcs', vpcId)).toBeUndefined();
	});
});

const head = 's2s/1 libreswan/4.10 daemon=1 busy=0 revision=3-0123456789abcdef fw=ok boot=1763932000 caps=ikev1';

describe('numbers of a report', () => {
	it.each([
		['9007199254740991', true],
		['9007199254740992', false],
		['9999999999999999999', false],
	])('are safe integers: %s bytes', (bytes, isRead) => {
		for (const counters of [`in=${bytes} out=0`, `in=0 out=${bytes}`]) {
			const report = parseReport(`${head}\n${idOf('vpnc', 1)} p1=1 up=1 ${counters}\nend 1\n`);
			expect('unreadable' in report).toBe(!isRead);
		}
	});

	it('never add up to what is none, however often a counter begins again', async () => {
		const t = await aTenant();
		const { id } = await t.connect();
		await t.reconcile();
		for (let quarter = 1; quarter < 30; quarter++) {
			t.memory.outside.now = later(quarter * 960);
			t.router.bytes.set('192.0.2.2', quarter % 2 === 0 ? [0, 1] : [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
			await t.check();
		}

		const { counters } = (await t.stored(id)) ?? {};
		expect([counters?.bytesIn, counters?.bytesOut].every(Number.isSafeInteger)).toBe(true);
		expect([...t.memory.seen.kept.usage.values()].every(({ bytesIn }) => Number.isSafeInteger(bytesIn))).toBe(true);
	});

	it('nor where another probe has them written at each check, and the account’s usage is shown', async () => {
		const t = await aTenant();
		const { ports } = t.memory;
		const { id } = await t.connect();
		for (let check = 1; check <= 120; check++) {
			t.memory.outside.now = later(check * 30);
			const host = `10.2.0.${check}`;
			await patchVpnConnection(ports, { caller: tenant, id, patch: { probe: { host } } });
			t.router.replies.set(host, { lossPercent: 0, rttMs: check });
			await t.reconcile();
			t.router.bytes.set('192.0.2.2', check % 2 === 0 ? [0, 1] : [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
			await t.check();
		}

		const hours = [...t.memory.seen.kept.usage.values()];
		expect(hours.length).toBeGreaterThan(0);
		expect(Math.max(...hours.flatMap(({ bytesIn, bytesOut }) => [bytesIn, bytesOut]))).toBeLessThanOrEqual(
			Number.MAX_SAFE_INTEGER,
		);
	});

	it('stand beside words that are no more than a row can hold', () => {
		const caps = Array.from({ length: 5_000 }, (_, n) => `c${n}`).join(',');
		const report = parseReport(`${head.replace('caps=ikev1', `caps=${caps},${'x'.repeat(9_000)}`)}\nend 0\n`);
		if ('unreadable' in report) throw new Error(report.unreadable);

		expect(report.capabilities.length).toBe(64);
	});
});

const ended = (output: string) => answerOf({ status: 'Success', ended: true, output, errors: '' });

describe('a line of a log', () => {
	it.each(['2026-99-99T99:99:99Z', '2026-02-30T00:00:00Z', 'Feb 31 25:61:61', '0000-00-00T00:00:00+99:99'])(
		'that is dated %s is one without a time',
		async (date) => {
			const t = await aTenant();
			const { id } = await t.connect();
			t.memory.outside.logs = () => ({ text: `${date} pluto says\n${logsEnd}\n` });

			expect(await readLogs(t.memory.ports, { caller: tenant, id, limit: 9, since: undefined })).toEqual([
				{ text: `${date} pluto says` },
			]);
			expect(await diagnoseConnection(t.memory.ports, { caller: tenant, id, probe: true })).toMatchObject({ connectionId: id });
		},
	);

	it('is cut, and many cost time in proportion', () => {
		const now = later(0);
		const lines = (count: number) => `${'x\n'.repeat(count)}${'y'.repeat(5_000)}\n${logsEnd}\n`;
		expect(logLines(lines(1), { now })?.at(-1)?.text.length).toBe(500);
		const begin = processorMs();
		logLines(lines(40_000), { now });
		expect(processorMs() - begin).toBeLessThan(2_500);
	});
});

/** Words that a report, an answer or a log is made of, as they should be and as they should not. */
const number = fc.oneof(
	fc.nat(),
	fc.constantFrom(
		'9007199254740991',
		'9007199254740992',
		'9999999999999999999',
		'-1',
		'1e9',
		'0x10',
		'NaN',
		'00000000000000000000',
		'',
	),
);
const generation = fc.oneof(
	fc.integer({ min: 0, max: 8 }),
	fc.integer({ min: 99_990, max: 100_010 }),
	fc.constantFrom('999999999998', '999999999999', '1000000000000', '99999999999999', '999999999999999', '9999999999999999'),
);
const revision = fc.oneof(
	generation.map((one) => `${one}-${hash}`),
	fc.constantFrom('drift', 'none', '-', '1-zz'),
);
const word = fc.oneof(
	anyText({ maxLength: 12 }),
	fc.constantFrom('x'.repeat(5_000), '{{', '\u2028', '\u001b[2J', '__proto__', '"'),
);
const header = fc
	.record({
		flavor: fc.constantFrom('libreswan', 'openswan', 'strongswan'),
		version: fc.constantFrom('4.10', '2.6.38', '0', '9'.repeat(64)),
		daemon: fc.constantFrom('0', '1', '2'),
		busy: fc.constantFrom('0', '0', '0', '1'),
		revision,
		fw: fc.constantFrom('ok', 'missing'),
		boot: number,
		caps: fc.oneof(fc.constantFrom('-', 'ikev1', ',,', `${'a,'.repeat(4_000)}b`), word),
	})
	.map(
		(of) =>
			`s2s/1 ${of.flavor}/${of.version} daemon=${of.daemon} busy=${of.busy} revision=${of.revision} fw=${of.fw} boot=${of.boot} caps=${of.caps}`,
	);
const isOurs = '@';
const line = fc
	.record({
		id: fc.constantFrom(isOurs, isOurs, isOurs, idOf('vpnc', 9), 'vpnc-x'),
		up: fc.constantFrom('1', '0', '', '10101', '1'.repeat(64), '1'.repeat(65)),
		bytes: fc.tuple(number, number),
		reason: fc.oneof(
			fc.constantFrom('', ' reason=', ' reason=one-way', ' reason=psk-mismatch,psk-mismatch', ' reason=config-not-applied'),
			fc.constantFrom(' reason=secret-missing', ' reason=__proto__,constructor', ` reason=${'one-way,'.repeat(2_000)}`),
			word.map((one) => ` ${one}`),
		),
	})
	.map(({ id, up, bytes, reason }) => `${id} p1=1 up=${up} in=${bytes[0]} out=${bytes[1]}${reason}`);
const step = fc.tuple(fc.constantFrom('-', isOurs, ''), word).map(([of, text]) => `log ${of} ${text}`);
const report = fc
	.record({ steps: fc.array(step, { maxLength: 3 }), header, lines: fc.array(line, { maxLength: 3 }), end: fc.boolean() })
	.map(({ steps, header: first, lines, end }) =>
		[...steps, first, ...lines, ...(end ? [`end ${lines.length}`] : []), ''].join('\n'),
	);
const output = fc.oneof({ weight: 5, arbitrary: report }, anyText(), fc.constantFrom('\n'.repeat(24_000), '-'.repeat(24_000)));
const logText = fc
	.array(
		fc
			.tuple(
				fc.constantFrom('2026-99-99T99:99:99Z ', '2026-01-02T03:04:05.9Z ', 'Jan  2 03:04:05 ', 'Feb 31 00:00:00 ', ''),
				fc.constantFrom(`"${isOurs}-1" #1: `, '"vpnc-', 'packet from 192.0.2.2:500: ', 's2s-probe ', ''),
				fc.oneof(
					word,
					fc.constantFrom('initiating IKEv2 connection', 'ike=NaN esp=1e999 seen=-1', 'cannot route in use for '.repeat(900)),
				),
			)
			.map((parts) => parts.join('')),
		{ maxLength: 4 },
	)
	.map((lines) => `${lines.join('\n')}\n${logsEnd}`);

/** Stands for the revision that it was pushed last. */
const isPushed = '~';
/** What a router in order says, of a tunnel in any state. */
const truth = fc
	.record({
		busy: fc.constantFrom('0', '0', '0', '0', '1'),
		fw: fc.constantFrom('ok', 'ok', 'ok', 'missing'),
		daemon: fc.constantFrom('1', '1', '1', '0'),
		up: fc.constantFrom('0', '1', '1'),
		bytes: fc.nat({ max: 1e9 }),
		reasons: fc.subarray([...ReasonCode.options], { maxLength: 3 }),
		probe: fc.constantFrom('', '', ' rtt=12 loss=0', ' loss=100'),
	})
	.map(({ busy, fw, daemon, up, bytes, reasons, probe }) =>
		[
			'log - staged 2 files',
			`s2s/1 libreswan/4.10 daemon=${daemon} busy=${busy} revision=${isPushed} fw=${fw} boot=1763932000 caps=ikev1,modp1536`,
			`${isOurs} p1=${up} up=${up} in=${bytes} out=${bytes}${probe}${reasons.length === 0 ? '' : ` reason=${reasons.join(',')}`}`,
			'end 1',
			'',
		].join('\n'),
	);
/** A true report with changes that no router makes, which it may survive. */
const mutatedReport = fc.tuple(truth, fc.oneof(mutations, fc.constant([]))).map(([text, changes]) => mutate(text, changes));

describe('whatever a router sends', () => {
	/** What DynamoDB takes, and what can be read of it again. */
	const throwIfUnreadable = ({ memory }: Tenant) => {
		const { kept } = memory.seen;
		for (const table of Object.keys(kept.rows) as TableName[]) {
			for (const row of kept.rows[table].values()) {
				marshall(itemOf(table, row as Rows[typeof table], 1), { removeUndefinedValues: true });
				rowOf(table, row);
			}
		}
		for (const event of kept.events) {
			marshall(event, { removeUndefinedValues: true });
			Event.parse(event);
		}
		for (const row of kept.usage.values()) marshall(row);
	};

	/** Another tenant’s, whose router does as it is told: it is asked in the same checks. */
	const aNeighbour = async ({ memory }: Tenant) => {
		const { ports, outside } = memory;
		const id = 'vpc-0000beef';
		const instanceId = 'i-0000000000000beef';
		const caller = { who: 'mo', accountId: 'globex', admin: false };
		await createVpc(ports, {
			id,
			accountId: 'globex',
			cidr: '10.9.0.0/16',
			routerInstanceId: instanceId,
			publicIps: [{ ip: '192.0.2.9', sourceNat: true }],
		});
		const network = { cidr: '10.9.1.0/24', state: 'Implemented' } as const;
		await putNetwork(ports, { caller: admin, id, networkId: 'n', network });
		const { id: vpnGatewayId } = await createVpnGateway(ports, { caller, input: { vpcId: id } });
		const office = {
			name: 'office',
			gateway: '192.0.2.2',
			remoteCidrs: ['10.2.0.0/24'],
			...suite,
			psk: new Secret('secret number 9'),
		};
		const { customerGateway } = await createCustomerGateway(ports, { caller, input: office });
		const input = { vpnGatewayId, customerGatewayId: customerGateway.id };
		const { connection } = await createVpnConnection(ports, { caller, input });
		const obedient = { apply: outside.apply, check: outside.check };
		obedientRouter({ outside: obedient });
		return {
			vpcId: id,
			instanceId,
			obedient,
			health: async () => {
				const vpc = await ports.store.get('vpcs', id);
				const stored = await ports.store.get('connections', connection.id);
				if (vpc === undefined || stored === undefined) throw new Error('the neighbour is gone');
				return healthOf(stored, vpc);
			},
		};
	};

	// Ten reports each and more: 100,000 in the long run.
	const routers = atLength ? 5_500 : 15;
	it(`the worst is its own health unknown (${routers} routers)`, async () => {
		const tally = attackTally('hostile reports');
		const outputs = fc.array(fc.oneof(output, { arbitrary: mutatedReport, weight: 4 }), {
			minLength: 1,
			maxLength: 40,
			size: 'max',
		});
		const property = fc.asyncProperty(outputs, logText, async (said, logs) => {
			const t = await aTenant();
			const { id } = await t.connect();
			const { ports, outside, seen } = t.memory;
			const pushed = () => seen.pushes.findLast(({ instanceId }) => instanceId !== neighbour.instanceId)?.revision ?? 'none';
			const theirs = (text: string) => text.replaceAll(isOurs, id).replaceAll(isPushed, pushed());
			const neighbour = await aNeighbour(t);
			const checkBoth = () => checkRouters(ports, { vpcIds: [vpcId, neighbour.vpcId], tickAt: outside.now.toISOString() });
			const own = { apply: outside.apply, check: outside.check };
			outside.check = (instanceId) => (instanceId === neighbour.instanceId ? neighbour.obedient : own).check(instanceId);
			outside.apply = (push) => (push.instanceId === neighbour.instanceId ? neighbour.obedient : own).apply(push);
			outside.logs = () => ({ text: theirs(logs) });
			await reconcileRouter(ports, { vpcId: neighbour.vpcId, owner: 'one' });
			await checkBoth();
			const before = (await ports.store.get('vpcs', vpcId))?.generation ?? 0;
			const api = apiCaller(ports);
			for (const [n, one] of said.entries()) {
				const from = processorMs();
				own.check = () => ended(theirs(one));
				own.apply = () => ended(theirs(one));
				outside.now = later((n + 1) * 1_000);
				await t.reconcile();
				await checkBoth();

				expect(await neighbour.health()).toBe('up');
				const { status, body } = await api('GET /v1/vpn-connections/{id}', {}, { id });
				expect(status).toBe(200);
				const isRead = !('unreadable' in parseReport(theirs(one)));
				const took = processorMs() - from;
				tally.count(`${isRead ? 'read' : 'unreadable'}, health ${body.health}`, took);
				expect(took).toBeLessThan(5_000);
			}
			throwIfUnreadable(t);
			const vpc = await ports.store.get('vpcs', vpcId);
			expect(vpc?.generation).toBeLessThan(1e12);
			expect(vpc?.generation).toBeLessThanOrEqual(before + said.length * 2 * 100_002);
			await readLogs(ports, { caller: tenant, id, limit: 500, since: undefined });
			await diagnoseConnection(ports, { caller: tenant, id, probe: true });
			const read = [
				await api('GET /v1/vpn-connections/{id}/events', {}, { id }),
				await api('GET /v1/vpn-connections/{id}/applies', {}, { id }),
				await api('GET /v1/vpcs/{id}', {}, { id: vpcId }),
				await api('GET /v1/usage', { who: { groups: ['admin'] } }),
			];
			expect(read.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
			expect(seen.kept.events.filter(({ accountId, subject }) => accountId === 'globex' && subject.id === id)).toEqual([]);
			// And it is not for good: the router is believed again as soon as it does as it is told.
			t.router.held.text = '';
			const answer = (): RouterAnswer => {
				const told = t.router.answer();
				// As a daemon that runs does: one that says nothing of what it can leaves what was known before.
				return 'report' in told ? { report: { ...told.report, capabilities: ['ikev1', 'modp1536'] } } : told;
			};
			own.check = answer;
			own.apply = ({ revision: pushed, text }) => {
				const [number = '', digits = ''] = pushed.split('-');
				Object.assign(t.router.held, { revision: { generation: Number(number), hash: digits }, text });
				return answer();
			};
			outside.now = later(100_000);
			await checkBoth();
			// It may have refused the connection, which then waits for whoever has it: what the router can is known again.
			if ((await t.stored(id))?.stateReason?.kind === 'refused')
				expect((await api('POST /v1/vpn-connections/{id}/reset', {}, { id })).status).toBe(202);
			for (let n = 1; n <= 6; n++) {
				outside.now = later(100_000 + n * 1_000);
				await t.reconcile();
				await checkBoth();
			}
			expect((await t.stored(id))?.state).toBe('Connected');
			expect((await ports.store.get('vpcs', vpcId))?.silentSince).toBeUndefined();
		});
		await fc.assert(property, { numRuns: routers, endOnFailure: !atLength });
		tally.print();
		if (atLength) expect(tally.made).toBeGreaterThanOrEqual(100_000);
		for (const outcome of ['read, health up', 'read, health down', 'unreadable, health unknown'])
			expect(tally.of(outcome)).toBeGreaterThan(tally.made / 100);
	}, 7_200_000);

	it('what an apply says of the files of its owner is looked through in time that is in proportion to it', () => {
		const names = Array.from({ length: 40 }, (_, n) => idOf('vpnc', n));
		const lines = names.map((name) => `${name} p1=0 up=0 in=0 out=0 reason=foreign-config`);
		for (const unit of ['/', '/1', 'a/', '/:1', '/:1: ']) {
			const steps = Array.from({ length: 20 }, () => `log - ${unit.repeat(900 / unit.length)}`);
			const report = parseReport([...steps, head, ...lines, `end ${lines.length}`].join('\n'));
			if ('unreadable' in report) throw new Error(report.unreadable);
			const from = processorMs();
			for (const line of report.connections) detailOf(line, report.steps);
			expect(processorMs() - from).toBeLessThan(100);
		}
	});

	it('a report is read in time that is in proportion to it', () => {
		const texts = [
			'\n'.repeat(200_000),
			`${'-'.repeat(200_000)}x`,
			`x${'\n'.repeat(200_000)}x`,
			`${head}\n${'vpnc-'.repeat(50_000)}`,
		];
		for (const text of texts) {
			const from = processorMs();
			expect(parseReport(text)).toHaveProperty('unreadable');
			expect(processorMs() - from).toBeLessThan(1_000);
		}
	});
});
