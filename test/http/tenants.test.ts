import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apiCaller, type Call } from '../support/api-caller.ts';
import { atLength } from '../support/at-length.ts';
import { attackTally } from '../support/attack-tally.ts';
import { runLoops, stateOf } from '../support/fuzz/world.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { obedientRouter } from '../support/obedient-router.ts';

const tenants = ['acme', 'globex', 'initech'] as const;
type Account = (typeof tenants)[number];
const callers = [...tenants, 'admin'] as const;
type Caller = (typeof callers)[number];

const kinds = {
	vpcs: { path: '/v1/vpcs', prefix: 'vpc' },
	vpnGateways: { path: '/v1/vpn-gateways', prefix: 'vgw' },
	customerGateways: { path: '/v1/vpn-customer-gateways', prefix: 'cgw' },
	connections: { path: '/v1/vpn-connections', prefix: 'vpnc' },
	subscriptions: { path: '/v1/alert-subscriptions', prefix: 'sub' },
} as const;
type Kind = keyof typeof kinds;
type Thing = { id: string; kind: Kind; accountId: Account };

/** What the tenants have, as far as they were told. */
class Model {
	readonly things: Thing[] = [];
	of(kind: Kind, accountId?: Account): Thing[] {
		return this.things.filter((one) => one.kind === kind && (accountId === undefined || one.accountId === accountId));
	}
	/** Any of them, whoever has it. */
	pick(kind: Kind, n: number): Thing | undefined {
		const all = this.of(kind);
		return all[n % Math.max(1, all.length)];
	}
	remove({ id }: Thing): void {
		this.things.splice(
			this.things.findIndex((one) => one.id === id),
			1,
		);
	}
}

const suite = {
	ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 5 },
	esp: { encryption: 'aes128', hash: 'sha1' },
};

const step = fc.oneof(
	{
		arbitrary: fc.record({
			does: fc.constant('make' as const),
			kind: fc.constantFrom(...(Object.keys(kinds) as Kind[])),
			n: fc.nat({ max: 8 }),
			other: fc.nat({ max: 8 }),
		}),
		weight: 8,
	},
	{
		arbitrary: fc.record({
			does: fc.constantFrom('read' as const, 'remove' as const, 'act' as const),
			kind: fc.constantFrom(...(Object.keys(kinds) as Kind[])),
			n: fc.nat({ max: 8 }),
			other: fc.nat({ max: 8 }),
		}),
		weight: 6,
	},
	{
		arbitrary: fc.record({
			does: fc.constantFrom('list' as const, 'loops' as const),
			kind: fc.constantFrom(...(Object.keys(kinds) as Kind[])),
			n: fc.nat({ max: 8 }),
			other: fc.nat({ max: 8 }),
		}),
		weight: 2,
	},
);
const steps = fc.array(fc.tuple(fc.constantFrom(...callers), step), { minLength: 10, maxLength: 40, size: 'max' });

/** What may be done to one thing beside reading and deleting it. */
const acts: Record<Kind, readonly [route: string, call: Call][]> = {
	vpcs: [
		['POST /v1/vpcs/{id}/reapply', {}],
		['PATCH /v1/vpcs/{id}', { body: { name: 'renamed' } }],
		['POST /v1/vpcs/{id}/router-check', {}],
	],
	vpnGateways: [],
	customerGateways: [['PATCH /v1/vpn-customer-gateways/{id}', { body: { psk: 'another secret 78' } }]],
	connections: [
		['POST /v1/vpn-connections/{id}/reset', {}],
		['GET /v1/vpn-connections/{id}/events', {}],
		['GET /v1/vpn-connections/{id}/usage', {}],
		['GET /v1/vpn-connections/{id}/availability', {}],
		['GET /v1/vpn-connections/{id}/diagnosis', {}],
		['GET /v1/vpn-connections/{id}/peer-config', { query: { device: 'generic' } }],
		['PATCH /v1/vpn-connections/{id}', { body: { probe: null } }],
		['PUT /v1/vpn-connections/{id}/mute', { body: { until: '2026-01-03T00:00:00Z' } }],
	],
	subscriptions: [],
};
/** Only an admin may. */
const adminsOnly = new Set(['POST /v1/vpcs/{id}/reapply', 'PATCH /v1/vpcs/{id}', 'POST /v1/vpcs/{id}/router-check']);

// About 26 calls each: well over 10,000 in the long run.
const runs = atLength ? 1_000 : 60;

it(`three tenants and an admin see and touch what is theirs and nothing else (${runs} histories)`, async () => {
	const tally = attackTally('calls of three tenants and an admin');
	const totals = { foreign: 0, made: 0 };
	await fc.assert(
		fc.asyncProperty(steps, async (history) => {
			const world = memoryPorts();
			obedientRouter(world);
			const model = new Model();
			const call = apiCaller(world.ports);
			const ask = async (caller: Caller, route: string, one: Call = {}, params: Record<string, string> = {}) => {
				const who = caller === 'admin' ? { groups: ['admin'] } : { account: caller };
				const answer = await call(route, { ...one, who }, params);
				tally.count(answer.status ?? 0);
				return answer;
			};
			/** Nothing of another tenant's stands in what a tenant is told, but what it named itself. */
			const expectOwn = (caller: Caller, answer: unknown, named: readonly (Thing | undefined)[] = []) => {
				if (caller === 'admin') return;
				const text = JSON.stringify(answer);
				for (const thing of model.things)
					if (thing.accountId !== caller && !named.includes(thing)) expect(text).not.toContain(thing.id);
				for (const other of tenants) if (other !== caller) expect(text).not.toContain(`"${other}"`);
			};
			for (const [index, accountId] of tenants.entries()) {
				const id = `vpc-0000000${index}`;
				const { status } = await ask('admin', 'POST /v1/vpcs', {
					body: {
						id,
						accountId,
						cidr: `10.10${index}.0.0/16`,
						routerInstanceId: `i-0000000000000000${index}`,
						publicIps: [{ ip: `192.0.2.10${index}`, sourceNat: true }],
					},
				});
				expect(status).toBe(201);
				model.things.push({ id, kind: 'vpcs', accountId });
				const network = { cidr: `10.10${index}.1.0/24`, state: 'Implemented' };
				await ask('admin', 'PUT /v1/vpcs/{id}/networks/{networkId}', { body: network }, { id, networkId: 'n' });
			}
			for (const [caller, { does, kind, n, other }] of history) {
				const { path } = kinds[kind];
				if (does === 'loops') {
					await runLoops(world);
				} else if (does === 'list') {
					const accountId = caller === 'admin' ? (tenants[n % tenants.length] as Account) : caller;
					const query = caller === 'admin' ? { accountId } : undefined;
					const { status, body } = await ask(caller, `GET ${path}`, query === undefined ? {} : { query });
					expect(status).toBe(200);
					expectOwn(caller, body);
					// A connection that is being deleted is shown until its router has let it go.
					const gone = (one: { state?: string }) => one.state === 'Deleting';
					const shown = (body.items as { id: string; state?: string }[]).filter((one) => !gone(one)).map(({ id }) => id);
					expect(shown.sort()).toEqual(
						model
							.of(kind, accountId)
							.map(({ id }) => id)
							.sort(),
					);
				} else if (does === 'make') {
					const account = caller === 'admin' ? (tenants[n % tenants.length] as Account) : caller;
					const uses: (Thing | undefined)[] = {
						vpcs: [],
						vpnGateways: [model.pick('vpcs', n)],
						customerGateways: [],
						connections: [model.pick('vpnGateways', n), model.pick('customerGateways', other)],
						subscriptions: [],
					}[kind];
					if (uses.includes(undefined) || kind === 'vpcs') continue;
					const forAccount = caller === 'admin' ? { accountId: account } : {};
					const bodies = {
						vpnGateways: { vpcId: uses[0]?.id },
						customerGateways: {
							gateway: `192.0.2.${n}`,
							remoteCidrs: [`10.${n}.${other}.0/24`],
							psk: 'secret number 77',
							...suite,
						},
						connections: { vpnGatewayId: uses[0]?.id, customerGatewayId: uses[1]?.id },
						subscriptions: { protocol: 'email', endpoint: `ops${n}@example.com` },
					};
					const before = stateOf(world);
					const { status = 0, body } = await ask(caller, `POST ${path}`, { body: { ...bodies[kind], ...forAccount } });
					expectOwn(caller, body, uses);
					const foreign = uses.some((one) => one?.accountId !== account);
					if (foreign) {
						totals.foreign++;
						expect([404, 409]).toContain(status);
						expect(stateOf(world)).toBe(before);
					}
					if (status >= 300) continue;
					totals.made++;
					expect(body.accountId ?? account).toBe(account);
					if (!model.things.some(({ id }) => id === body.id)) model.things.push({ id: body.id, kind, accountId: account });
				} else {
					const thing = model.pick(kind, n);
					const way =
						does === 'read'
							? ([`GET ${path}/{id}`, {}] as const)
							: does === 'remove'
								? ([`DELETE ${path}/{id}`, {}] as const)
								: acts[kind][other % Math.max(1, acts[kind].length)];
					if (thing === undefined || way === undefined || (kind === 'subscriptions' && does === 'read')) continue;
					const [route, given] = way;
					const before = stateOf(world);
					const { status = 0, body } = await ask(caller, route, given, { id: thing.id });
					expectOwn(caller, body, [thing]);
					if (
						caller !== 'admin' &&
						(thing.accountId !== caller || adminsOnly.has(route) || (kind === 'vpcs' && does === 'remove'))
					) {
						totals.foreign++;
						expect([403, 404]).toContain(status);
						expect(stateOf(world)).toBe(before);
					} else if (does === 'read') expect(status).toBe(200);
					else if (does === 'remove' && status < 300) model.remove(thing);
				}
			}
		}),
		{ numRuns: runs, endOnFailure: !atLength },
	);
	tally.print();
	console.log(`${totals.made} things made, ${totals.foreign} calls refused as another’s`);
	if (atLength) expect(tally.made).toBeGreaterThanOrEqual(10_000);
	expect(Math.min(totals.made, totals.foreign)).toBeGreaterThan(runs);
}, 3_600_000);
