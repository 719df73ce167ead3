import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../functions/domain/model/secret.ts';
import type { Ports } from '../../functions/ports.ts';
import { checkPeerConfig } from '../../functions/usecases/connections/check-peer-config.ts';
import { diagnoseConnection } from '../../functions/usecases/connections/diagnose-connection.ts';
import { muteConnection } from '../../functions/usecases/connections/mute-connection.ts';
import { readAvailability } from '../../functions/usecases/connections/read-availability.ts';
import { readLogs } from '../../functions/usecases/connections/read-logs.ts';
import { deleteNetwork } from '../../functions/usecases/vpcs/delete-network.ts';
import { later } from '../support/builders.ts';
import { admin, aTenant, type Tenant, tenant, vpcId } from '../support/tenant.ts';

const router = 'i-0123456789abcdef0';
const at = (second: number) => later(second).toISOString();

describe('a connection', () => {
	let t: Tenant;
	let ports: Ports;
	let id: string;
	beforeEach(async () => {
		t = await aTenant();
		({ ports } = t.memory);
		({ id } = await t.connect());
		await t.reconcile();
	});

	describe('has logs, which', () => {
		const asked: unknown[] = [];
		beforeEach(() => {
			asked.length = 0;
			const { logs } = ports.routers;
			ports.routers.logs = async (...given) => {
				asked.push(given);
				return logs(...given);
			};
		});
		const read = (since?: string) => readLogs(ports, { caller: tenant, id, limit: 7, since });

		it('are asked of its router, within 18 seconds and without a probe', async () => {
			t.memory.outside.logs = () => ({ text: 's2s-logs-end\n' });

			expect(await read()).toEqual([]);
			expect(asked).toEqual([[router, { connectionId: id, limit: 7, probe: false }, 18_000]]);
		});

		it('are a problem where the router does not answer, or not whole', async () => {
			t.memory.outside.logs = () => ({ silence: { code: 'unreachable', detail: 'gone fishing' } });
			await expect(read()).rejects.toMatchObject({
				kind: 'router-timeout',
				message: expect.stringMatching(new RegExp(`${router}.*gone fishing$`)),
			});
			t.memory.outside.logs = () => ({ text: 'cut off' });
			await expect(read()).rejects.toMatchObject({ kind: 'router-timeout', message: expect.stringMatching(/truncated$/) });
		});

		it('are of no VPC that is gone', async () => {
			t.memory.seen.kept.rows.vpcs.clear();

			await expect(read()).rejects.toMatchObject({ kind: 'not-found', message: `there is no VPC ${vpcId}` });
			await expect(diagnoseConnection(ports, { caller: tenant, id, probe: false })).rejects.toMatchObject({
				kind: 'not-found',
				message: `there is no VPC ${vpcId}`,
			});
		});
	});

	it('is asked about twenty times a minute and account, logs and diagnoses together, and by an admin as often as needed', async () => {
		let asked = 0;
		ports.routers.logs = async () => {
			asked++;
			return { text: 's2s-logs-end\n' };
		};
		const { id: other } = await t.connect(3);
		const ask = (n: number, caller = tenant) =>
			n % 2 === 0
				? readLogs(ports, { caller, id, limit: 7, since: undefined })
				: diagnoseConnection(ports, { caller, id: other, probe: false });
		for (let n = 0; n < 20; n++) await ask(n);

		for (const n of [20, 21])
			await expect(ask(n)).rejects.toMatchObject({
				kind: 'too-many-requests',
				message: expect.stringContaining(`ask again after ${at(55)}`),
			});
		expect(asked).toBe(20);
		await ask(22, admin);
		t.memory.outside.now = later(55);
		await ask(23);
		expect(asked).toBe(22);
	});

	describe('has a diagnosis, which', () => {
		const line = (text: string) => `"${id}-1" #1: ${text}`;
		const silent = { silence: { code: 'still-running', detail: 'it had not finished in time' } } as const;
		const seen = 's2s-probe initiated=1 ping=1 ike=0 esp=0 out=0 in=0 seen=0';
		let asked: unknown[];
		let logs: { plain: { text: string } | typeof silent; probed: { text: string } | typeof silent };
		/** One after another. */
		let reports: ReturnType<typeof t.memory.outside.check>[];
		let realCheck: Ports['routers']['check'];
		beforeEach(() => {
			asked = [];
			realCheck = ports.routers.check;
			t.router.down.add('192.0.2.2');
			reports = [t.router.answer()];
			logs = {
				plain: { text: `${line('no acceptable Oakley Transform')}\ns2s-logs-end\n` },
				probed: { text: `${seen}\n${line('the probe’s attempt')}\ns2s-logs-end\n` },
			};
			ports.routers.logs = async (...given) => {
				asked.push(['logs', ...given]);
				return given[1].probe ? logs.probed : logs.plain;
			};
			ports.routers.check = async ([instanceId = ''], ...given) => {
				asked.push(['check', instanceId, ...given]);
				const report = reports.length > 1 ? reports.shift() : reports[0];
				return new Map(report === undefined ? [] : [[instanceId, report]]);
			};
		});
		const diagnosed = (probe = true) => diagnoseConnection(ports, { caller: tenant, id, probe });

		it('asks for logs and a report, each within nine seconds', async () => {
			expect(await diagnosed(false)).toMatchObject({ connectionId: id, causes: [{ code: 'dpd-timeout' }], lines: [{}] });
			expect(asked).toEqual([
				['logs', router, { connectionId: id, limit: 200, probe: false }, 9_000],
				['check', router, 9_000],
			]);
		});

		it('says where the VPC has no implemented network that nothing is checked, whatever the router says now', async () => {
			const { incomplete: _none, ...before } = await diagnosed(false);
			await deleteNetwork(ports, { caller: admin, id: vpcId, networkId: 'n' });

			expect(await diagnosed(false)).toEqual({
				...before,
				incomplete: [
					`${vpcId} has no implemented network, so that its tunnels are not checked (no-implemented-network): the connection’s state is what the last check found, and nobody is alerted`,
				],
			});
		});

		it('says until when a new pre-shared key may be put on the peer, before ours goes back', async () => {
			logs.plain = { text: 's2s-logs-end\n' };
			const { customerGatewayId } = (await t.stored(id)) ?? { customerGatewayId: '' };
			t.router.down.delete('192.0.2.2');
			await t.check();
			await t.patch(customerGatewayId, { psk: new Secret('another secret of mine') });
			await t.reconcile();
			const since = Date.parse((await t.stored(id))?.pskInUse?.since ?? '');
			const answer = t.router.answer();
			if (!('report' in answer)) throw new Error('the router answers');
			const connections = answer.report.connections.map((one) => ({ ...one, up: [false], reasons: ['psk-mismatch' as const] }));
			reports = [{ report: { ...answer.report, connections } }];
			const remedies = async () => (await diagnosed(false)).causes.map(({ code, remedy }) => [code, remedy]);

			const mend = 'set the same pre-shared key on both sides';
			const until = new Date(since + 300_000).toISOString();
			expect(await remedies()).toEqual([
				['psk-mismatch', `${mend}, by ${until}, or version 1 of the key is used again`],
				['identity-mismatch', expect.not.stringContaining('version')],
			]);
			t.memory.outside.now = new Date(since + 300_000);
			expect((await remedies())[0]).toEqual(['psk-mismatch', mend]);
		});

		it('gives a probe fifteen seconds, and has the report cover the attempt that it made', async () => {
			reports = [silent, t.router.answer()];

			const diagnosis = await diagnosed();

			expect(asked).toEqual([
				['logs', router, { connectionId: id, limit: 200, probe: false }, 9_000],
				['check', router, 9_000],
				['logs', router, { connectionId: id, limit: 200, probe: true }, 15_000],
				['check', router, 5_000],
			]);
			expect(diagnosis).toMatchObject({
				probe: { initiated: true },
				causes: [{ code: 'firewall-blocked' }, { code: 'peer-unreachable' }],
				lines: [{ text: line('the probe’s attempt') }],
			});
			expect(diagnosis.incomplete).toBeUndefined();
		});

		it('says of a probe that does not answer in time that it did not, and keeps all that is known without it', async () => {
			const { incomplete: _none, ...without } = await diagnosed(false);
			logs.probed = silent;

			const { incomplete, ...diagnosis } = await diagnosed();

			expect(incomplete).toEqual(['the probe did not answer within 15 s: it had not finished in time']);
			expect(diagnosis).toEqual(without);
		});

		it('keeps the report from before a probe where there is none behind it', async () => {
			reports = [t.router.answer(), silent];

			const diagnosis = await diagnosed();

			expect(diagnosis.causes).toMatchObject([{ code: 'firewall-blocked' }, { code: 'peer-unreachable' }]);
			expect(diagnosis.incomplete).toEqual(['the router did not report again after the probe: it had not finished in time']);
		});

		it('says of logs that they are not there, or not whole, and of a router that it did not probe', async () => {
			logs = { plain: silent, probed: { text: 's2s-logs-end\n' } };
			expect((await diagnosed(false)).incomplete).toEqual(['the router gave no logs: it had not finished in time']);
			expect((await diagnosed()).incomplete).toEqual(['the router did not probe: it knows no address of the peer']);
			logs = { plain: { text: 'cut off' }, probed: { text: `${seen}\ncut off` } };
			expect((await diagnosed(false)).incomplete).toEqual(['the router’s logs did not arrive whole']);
			expect(await diagnosed()).toMatchObject({ probe: {}, incomplete: ['the router’s logs did not arrive whole'] });
		});

		it('knows the reason of the connection where the router does not answer at all', async () => {
			t.memory.outside.now = later(30);
			ports.routers.check = realCheck;
			await t.check();
			ports.routers.check = async () => new Map();

			const diagnosis = await diagnosed();

			expect(diagnosis).toMatchObject({ connectionId: id, causes: [{ code: 'router-unreachable' }, { code: 'dpd-timeout' }] });
			expect(JSON.stringify(diagnosis)).toContain(`${router} did not answer`);
		});
	});

	it('has no peer’s configuration read that we cannot read, and is told which we can', async () => {
		await expect(checkPeerConfig(ports, { caller: tenant, id, device: 'strongswan-swanctl', text: 'x' })).rejects.toMatchObject({
			kind: 'unsupported-by-device',
			message: expect.stringMatching(/strongswan-swanctl.*junos/),
		});
	});

	describe('has a mute, which', () => {
		const mute = (until: string | undefined, ifMatch?: string) => muteConnection(ports, { caller: tenant, id, until, ifMatch });
		const events = () => t.memory.seen.kept.events.filter(({ kind }) => kind === 'mute');

		it('is written with who wants it and until when', async () => {
			t.memory.outside.now = later(60);
			expect(await mute(at(600))).toMatchObject({ mutedUntil: at(600), version: 2, updatedAt: at(60) });
			await mute(at(900));
			await mute(undefined);

			expect(events().map(({ who, from, to, why }) => [who, from, to, why])).toEqual([
				['jo', undefined, at(600), 'muted'],
				['jo', at(600), at(900), 'muted'],
				['jo', at(900), undefined, 'unmuted'],
			]);
		});

		it('is nothing new where it is so already', async () => {
			expect((await mute(undefined)).version).toBe(1);
			await mute(at(600));
			expect((await mute(at(600))).version).toBe(2);
			expect(events()).toHaveLength(1);
		});

		it.each([
			['now', 0, false],
			['in a millisecond', 0.001, true],
			['in ninety days', 90 * 86_400, true],
			['a millisecond later', 90 * 86_400 + 0.001, false],
		])('may end %s: %s', async (_when, seconds, may) => {
			const muted = mute(at(seconds));

			if (may) expect((await muted).mutedUntil).toBe(at(seconds));
			else
				await expect(muted).rejects.toMatchObject({ kind: 'invalid-request', message: expect.stringMatching(/^until must be/) });
		});

		it('says in which way its end is wrong', async () => {
			await expect(mute(at(-1))).rejects.toMatchObject({
				errors: [{ pointer: '/until', detail: expect.stringContaining('future') }],
			});
			await expect(mute(at(91 * 86_400))).rejects.toMatchObject({ errors: [{ detail: expect.stringContaining('90 days') }] });
		});

		it('is of the version that was read', async () => {
			await expect(mute(at(600), '"2"')).rejects.toMatchObject({ kind: 'stale-version' });
		});
	});

	describe('has an availability, which', () => {
		const days = 86_400;
		const read = (month?: string) => readAvailability(ports, { caller: tenant, id, month });

		it('is that of this month up to now, from when it was made', async () => {
			t.memory.outside.now = later(10);
			t.router.down.add('192.0.2.2');
			await t.check();
			t.memory.outside.now = later(40);

			expect(await read()).toMatchObject({
				connectionId: id,
				from: at(0),
				to: at(40),
				upSeconds: 10,
				downSeconds: 30,
				outages: [{ from: at(10), seconds: 30, reason: 'dpd-timeout' }],
			});
		});

		it.each([
			['2025-12', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
			['2026-01', at(0), '2026-02-01T00:00:00.000Z'],
			['2026-02', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
			['2026-03', '2026-03-01T00:00:00.000Z', at(60 * days)],
			['2026-04', '2026-04-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
		])('of %s is from %s to %s, where it was made in January and it is March', async (month, from, to) => {
			t.memory.outside.now = later(60 * days);

			expect(await read(month)).toMatchObject({ from, to });
		});

		it('goes back through as many pages of events as the month has, and one event beyond', async () => {
			const { kept } = t.memory.seen;
			kept.events.length = 0;
			const base = {
				subject: { kind: 'connection' as const, id },
				accountId: 'acme',
				vpcId,
				who: 'check',
				expiresAt: 2_000_000_000,
			};
			for (let n = 0; n < 450; n++) {
				const to = n % 2 === 0 ? 'Connected' : 'Disconnected';
				const event = { ...base, id: String(n).padStart(6, '0'), at: at(n * 3_600), kind: 'state' as const, to };
				kept.events.push(event, { ...event, id: `${event.id}m`, kind: 'mute', to: 'x' });
			}
			t.memory.outside.now = later(450 * 3_600);
			const { list } = ports.events;
			let pages = 0;
			ports.events.list = async (...given) => {
				pages++;
				return list(...given);
			};

			expect(await read()).toMatchObject({ upSeconds: 225 * 3_600, downSeconds: 225 * 3_600, outageCount: 225 });
			expect(pages).toBe(9);
			t.memory.outside.now = new Date('2026-02-01T01:00:00.000Z');
			pages = 0;
			await read('2026-02');
			expect(pages).toBe(1);
		});
	});
});
