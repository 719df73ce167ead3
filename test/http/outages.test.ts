import { expect, it } from 'vitest';
import { acme, apiCaller } from '../support/api-caller.ts';
import { later } from '../support/builders.ts';
import { aTenant } from '../support/tenant.ts';

const at = (second: number) => later(second).toISOString();

it('an outage has the same begin, end and seconds among the events and in the availability, and its event what came before it', async () => {
	const t = await aTenant();
	const { id, customerGatewayId } = await t.connect();
	await t.reconcile();
	const when = async (second: number, act: () => Promise<unknown>) => {
		t.memory.outside.now = later(second);
		await act();
	};
	await when(60, () => t.patch(customerGatewayId, { forceEncaps: true }));
	t.router.down.add('192.0.2.2');
	await when(70, () => t.reconcile());
	t.router.down.clear();
	await when(100.6, () => t.check());
	const get = async (what: string) =>
		(await apiCaller(t.memory.ports)(`GET /v1/vpn-connections/{id}/${what}`, { who: acme }, { id })).body;

	const after = { at: at(60), who: 'jo', what: 'changed forceEncaps of the customer gateway office 2' };
	const { items } = await get('events');
	expect(items.slice(0, 3).map(({ outage }: { outage: unknown }) => outage)).toEqual([
		{ from: at(60), to: at(100.6), seconds: 41, after },
		{ from: at(60), after },
		undefined,
	]);
	expect((await get('availability')).outages).toEqual([{ from: at(60), to: at(100.6), seconds: 41, reason: 'dpd-timeout' }]);
});
