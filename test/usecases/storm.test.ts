import { describe, expect, it } from 'vitest';
import type { RouterReport } from '../../functions/domain/model/report.ts';
import { checkRouters } from '../../functions/usecases/loops/check-routers.ts';
import { sendAlerts } from '../../functions/usecases/loops/send-alerts.ts';
import { apiCaller } from '../support/api-caller.ts';
import { aConnection, aCustomerGateway, aReport, aVpc, idOf, later, pairs } from '../support/builders.ts';
import { memoryPorts } from '../support/memory-ports.ts';

const routers = 100;
const perRouter = 20;
const range = (length: number) => Array.from({ length }, (_, n) => n);
const instanceOf = (router: number) => `i-${router.toString(16).padStart(17, '0')}`;

/** A hundred routers of one account, each with twenty connections that are up. */
const aFleet = async () => {
	const memory = memoryPorts();
	for (const router of range(routers)) {
		const numbers = range(perRouter).map((n) => router * perRouter + n + 1);
		const vpcId = idOf('vpc', router + 1);
		const slots = Object.fromEntries(
			numbers.map((n) => [
				idOf('vpnc', n),
				{ customerGatewayId: idOf('cgw', n), peer: `198.51.100.${n % 250}`, remoteCidrs: ['10.2.0.0/24'] },
			]),
		);
		await memory.ports.store.transact([
			{ put: 'vpcs', next: aVpc({ id: vpcId, routerInstanceId: instanceOf(router), slots }), current: undefined },
			...numbers.flatMap((n) => [
				{
					put: 'customerGateways' as const,
					next: aCustomerGateway({ id: idOf('cgw', n), name: `office ${n}`, remoteCidrs: ['10.2.0.0/24'] }),
					current: undefined,
				},
				{
					put: 'connections' as const,
					next: aConnection({
						id: idOf('vpnc', n),
						customerGatewayId: idOf('cgw', n),
						vpcId,
						state: 'Connected',
						notified: 'up',
						observed: { up: pairs('1'), candidates: [], observedAt: later(0).toISOString() },
					}),
					current: undefined,
				},
			]),
		]);
	}
	const reportOf = (instanceId: string, up: boolean): RouterReport => {
		const router = Number.parseInt(instanceId.slice(2), 16);
		const connections = range(perRouter).map((n) => ({
			connectionId: idOf('vpnc', router * perRouter + n + 1),
			phase1: up,
			up: [up],
			bytesIn: 0,
			bytesOut: 0,
			reasons: up ? [] : (['peer-unreachable'] as const).slice(),
		}));
		return aReport({ connections });
	};
	/** One interval: every router is checked, and the alert function runs each time it is hinted, till nothing is left. */
	const interval = async (at: number, up: boolean) => {
		memory.outside.check = (id) => ({ report: reportOf(id, up) });
		for (const first of range(routers / 50).map((n) => n * 50)) {
			memory.outside.now = later(at + first / 5);
			await checkRouters(memory.ports, {
				vpcIds: range(50).map((n) => idOf('vpc', first + n + 1)),
				tickAt: memory.outside.now.toISOString(),
			});
			await sendAlerts(memory.ports, 'acme');
		}
		for (const after of [20, 25, 30, 35]) {
			memory.outside.now = later(at + after);
			await sendAlerts(memory.ports, 'acme');
		}
	};
	return { memory, interval };
};

describe('two thousand connections lost at once', () => {
	it('make one message for their account, are all listed by the API, and make one message again when they are back', async () => {
		const { memory, interval } = await aFleet();
		const list = async (state: string, cursor?: string): Promise<string[]> => {
			const query = { state, limit: '100', ...(cursor === undefined ? {} : { cursor }) };
			const { body } = await apiCaller(memory.ports)('GET /v1/vpn-connections', { query });
			const { items, nextCursor } = body as { items: { id: string }[]; nextCursor?: string };
			const ids = items.map(({ id }) => id);
			return nextCursor === undefined ? ids : [...ids, ...(await list(state, nextCursor))];
		};

		await interval(30, false);
		expect(memory.seen.sent.map(({ subject }) => subject)).toEqual(['2000 VPN alerts']);
		expect(new Set(await list('Disconnected')).size).toBe(routers * perRouter);

		await interval(90, true);
		expect(memory.seen.sent.map(({ subject }) => subject)).toEqual(['2000 VPN alerts', '2000 VPN alerts']);
		expect(memory.seen.sent[1]?.email).toContain('office 1 is up again');
		expect(new Set(await list('Connected')).size).toBe(routers * perRouter);
		expect(memory.seen.kept.events.filter(({ alert }) => alert !== undefined && alert.paidAt === undefined)).toEqual([]);
	});
});
