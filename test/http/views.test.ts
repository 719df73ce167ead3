import { expect, it, vi } from 'vitest';
import { openApi } from '../../functions/http/openapi.ts';
import { routes } from '../../functions/http/routes.ts';
import { acme, admin, apiCaller } from '../support/api-caller.ts';
import { aConnection, aCustomerGateway, aGateway, aRouter, aVpc, idOf, later, start } from '../support/builders.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { grown, unseen } from '../support/widened.ts';

vi.mock(import('../../functions/domain/model/account.ts'), widen);
vi.mock(import('../../functions/domain/model/alert-subscription.ts'), widen);
vi.mock(import('../../functions/domain/model/customer-gateway.ts'), widen);
vi.mock(import('../../functions/domain/model/event.ts'), widen);
vi.mock(import('../../functions/domain/model/outage.ts'), widen);
vi.mock(import('../../functions/domain/model/vpc.ts'), widen);
vi.mock(import('../../functions/domain/model/vpn-connection.ts'), widen);
vi.mock(import('../../functions/domain/model/vpn-gateway.ts'), widen);
/** Every row has a field more, in its schema as well as in the table. */
async function widen<T extends object>(original: () => Promise<T>): Promise<T> {
	const { widenedModule } = await import('../support/widened.ts');
	return widenedModule(await original()) as T;
}

/** What users send is stored as it is sent; slots are a record by id, not a shape. */
const sent = ['publicIps', 'networks', 'ike', 'esp', 'dpd', 'slots'];
const at = start.toISOString();
const connectionId = idOf('vpnc', 1);

const aFullAccount = async () => {
	const memory = memoryPorts();
	const { store, subscriptions } = memory.ports;
	const entity = { accountId: 'acme', createdAt: at, updatedAt: at, version: 1, rev: 0 };
	await store.transact([
		{ put: 'accounts', next: grown({ id: 'acme', ...entity, name: 'Acme', vpnEnabled: true }), current: undefined },
		{
			put: 'vpcs',
			next: grown(
				aVpc({
					router: aRouter(),
					retired: [{ instanceId: 'i-0123456789abcdef1', retry: { at, attempts: 1, since: at } }],
					silentSince: at,
					silence: { code: 'unreachable', detail: 'no answer' },
				}),
				sent,
			),
			current: undefined,
		},
		{ put: 'vpnGateways', next: grown(aGateway()), current: undefined },
		{
			put: 'customerGateways',
			next: grown(
				aCustomerGateway({
					pskRotation: { previousVersion: 1, deadline: at },
					pskRollback: { version: 1, at },
					connectionId,
				}),
				sent,
			),
			current: undefined,
		},
		{
			put: 'connections',
			next: grown(
				aConnection({
					stateReason: { code: 'peer-unreachable', kind: 'down', detail: 'nothing came back' },
					pskInUse: { version: 1, since: at },
					observed: { up: [false, false], reason: 'peer-unreachable', candidates: [], observedAt: at },
					probe: { host: '10.2.0.10' },
					unanswered: { since: at, confirmed: true },
					counters: { rawIn: 1, rawOut: 1, bytesIn: 1, bytesOut: 1, reading: { lossPercent: 33, rttMs: 12 }, at },
					keyOnTrial: true,
					outage: { from: at, to: at, after: { at, who: 'jo', what: 'x' } },
				}),
			),
			current: undefined,
		},
		{
			record: grown({
				subject: { kind: 'connection' as const, id: connectionId },
				id: '01J',
				accountId: 'acme',
				vpcId: idOf('vpc', 1),
				at,
				who: 'jo',
				kind: 'apply' as const,
				outage: { from: at, to: at, after: { at, who: 'jo', what: 'x' }, rollback: { at, who: 'check', what: 'y' } },
				steps: ['installed'],
				alert: { alertId: 'a', subject: 's', email: 'e', sms: 't', owedAt: at },
				expiresAt: 1,
			}),
		},
		{ add: grown({ connectionId, accountId: 'acme', hour: '2026-01-02T03:00:00.000Z', bytesIn: 1, bytesOut: 1, expiresAt: 1 }) },
	]);
	const endpoint = 'noc@example.com';
	await subscriptions.add(
		grown({ id: 'sub-00000000000000001', accountId: 'acme', protocol: 'email' as const, endpoint, createdAt: at }),
		20,
	);
	memory.seen.topic.push({ accountId: 'acme', protocol: 'email', endpoint, confirmed: true });
	memory.outside.now = later(60);
	return memory;
};

const ids: Record<string, string> = {
	accounts: 'acme',
	vpcs: idOf('vpc', 1),
	'vpn-gateways': idOf('vgw', 1),
	'vpn-customer-gateways': idOf('cgw', 1),
	'vpn-connections': connectionId,
};
const reads = routes.filter(({ id, method, handler }) => method === 'GET' && handler !== 'api-logs' && id !== 'getOpenApi');

it.each(reads)('a new field of a row is private until a view names it: $id', async ({ method, path, who, id }) => {
	const { ports } = await aFullAccount();
	const query: Record<string, string> = id === 'getPeerConfig' ? { device: 'generic' } : {};
	const params = { id: ids[path.split('/')[2] ?? ''] ?? '' };

	const { status, body } = await apiCaller(ports)(`${method} ${path}`, { who: who === 'admin' ? admin : acme, query }, params);

	expect(status).toBe(200);
	if ('items' in body) expect(body.items).not.toEqual([]);
	expect(JSON.stringify(body)).not.toContain(unseen);
	expect(JSON.stringify(body)).not.toContain('keyOnTrial');
});

it('a new field of a row is in no schema of the document until a view names it', () => {
	expect(JSON.stringify(openApi())).not.toContain(unseen);
});
