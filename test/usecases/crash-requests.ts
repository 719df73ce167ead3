import type { Ports } from '../../functions/ports.ts';
import { confirmAlertSubscription } from '../../functions/usecases/alert-subscriptions/confirm-alert-subscription.ts';
import { createAlertSubscription } from '../../functions/usecases/alert-subscriptions/create-alert-subscription.ts';
import { muteConnection } from '../../functions/usecases/connections/mute-connection.ts';
import { routerKey } from '../../functions/usecases/shared/router-key.ts';
import { deleteVpnGateway } from '../../functions/usecases/vpn-gateways/delete-vpn-gateway.ts';
import { acme, admin, type Call } from '../support/api-caller.ts';
import { later } from '../support/builders.ts';
import { keyOf, office, otherRouterId, type Scene } from '../support/crash/scene.ts';
import { tenant, vpcId } from '../support/tenant.ts';

export type Request = { route: string; call?: Call; params?: Record<string, string> };
export type RequestFlow = {
	what: string;
	/** Sets the scene and returns the request. */
	setUp(scene: Scene): Promise<Request>;
	/** The status of a repeat if the work had been done. */
	again: number;
	/** Each of its repeats makes another, but under an Idempotency-Key. */
	isMadeAnew?: boolean;
	/** It takes more than one transaction, and a part that was written stays. */
	inParts?: boolean;
};

const sms = { protocol: 'sms', endpoint: '+15550100' } as const;
const idParam = ({ id }: { id: string }) => ({ params: { id } });
const theVpc = { params: { id: vpcId } };
/** More former routers than a VPC can release in one transaction. */
const formerRouters = Array.from({ length: 95 }, (_, n) => `i-${(n + 100).toString(16).padStart(17, '0')}`);
const servedBy = async ({ store, clock }: Ports, routers: readonly string[]) => {
	const current = await store.get('vpcs', vpcId);
	if (current === undefined) throw new Error('the VPC is there');
	const at = later(300).toISOString();
	const retired = routers.map((instanceId) => ({ instanceId, retry: { at, attempts: 9, since: clock().toISOString() } }));
	await store.transact([
		{ put: 'vpcs', next: { ...current, retired }, current },
		...routers.map((instanceId) => ({ claim: 'vpcs', key: routerKey(instanceId), owner: vpcId }) as const),
	]);
};

/** Every request that writes. The crash harness stops each one at each of its port calls. */
export const requestFlows: readonly RequestFlow[] = [
	{
		what: 'switching an account off',
		setUp: async (scene) => {
			await scene.connected();
			return { route: 'PUT /v1/accounts/{id}', call: { who: admin, body: { vpnEnabled: false } }, params: { id: 'acme' } };
		},
		again: 200,
	},
	{
		what: 'creating an alert subscription',
		setUp: async () => ({ route: 'POST /v1/alert-subscriptions', call: { body: sms } }),
		again: 202,
	},
	{
		what: 'creating an alert subscription by e-mail',
		setUp: async () => ({
			route: 'POST /v1/alert-subscriptions',
			call: { body: { protocol: 'email', endpoint: 'jo@example.org' } },
		}),
		again: 202,
	},
	{
		what: 'confirming a phone number',
		setUp: async ({ ports, memory }) => {
			const made = await createAlertSubscription(ports, { caller: tenant, input: sms });
			const code = /^\d{6}/.exec(memory.seen.texts.at(-1)?.text ?? '')?.[0];
			return { route: 'POST /v1/alert-subscriptions/{id}/confirm', call: { body: { code } }, ...idParam(made) };
		},
		again: 200,
	},
	{
		what: 'deleting an alert subscription',
		setUp: async ({ ports, memory }) => {
			const made = await createAlertSubscription(ports, { caller: tenant, input: sms });
			const code = /^\d{6}/.exec(memory.seen.texts.at(-1)?.text ?? '')?.[0] ?? '';
			await confirmAlertSubscription(ports, { caller: tenant, id: made.id, input: { code } });
			return { route: 'DELETE /v1/alert-subscriptions/{id}', ...idParam(made) };
		},
		again: 404,
	},
	{
		what: 'creating a connection',
		setUp: async ({ vpnGatewayId, customerGateway, connected }) => {
			// On a router that is known already, so that nothing but this request makes it reconcile.
			await connected(3);
			const { id: customerGatewayId } = await customerGateway();
			return { route: 'POST /v1/vpn-connections', call: { body: { vpnGatewayId, customerGatewayId } } };
		},
		again: 409,
	},
	{
		what: 'deleting a connection',
		setUp: async ({ connected }) => ({ route: 'DELETE /v1/vpn-connections/{id}', ...idParam(await connected()) }),
		again: 404,
	},
	{
		what: 'deleting a connection by force',
		setUp: async ({ connected }) => ({
			route: 'DELETE /v1/vpn-connections/{id}',
			call: { who: admin, query: { force: 'true' } },
			...idParam(await connected()),
		}),
		again: 404,
	},
	{
		what: 'resetting a connection',
		setUp: async ({ connected }) => ({ route: 'POST /v1/vpn-connections/{id}/reset', ...idParam(await connected()) }),
		again: 202,
	},
	{
		what: 'setting the probe of a connection',
		setUp: async ({ connected }) => ({
			route: 'PATCH /v1/vpn-connections/{id}',
			call: { body: { probe: { host: '10.2.0.10' } } },
			...idParam(await connected()),
		}),
		again: 200,
	},
	{
		what: 'muting a connection',
		setUp: async ({ connected }) => ({
			route: 'PUT /v1/vpn-connections/{id}/mute',
			call: { body: { until: later(86_400).toISOString() } },
			...idParam(await connected()),
		}),
		again: 200,
	},
	{
		what: 'unmuting a connection',
		setUp: async ({ ports, connected }) => {
			const connection = await connected();
			await muteConnection(ports, { caller: tenant, id: connection.id, until: later(86_400).toISOString() });
			return { route: 'DELETE /v1/vpn-connections/{id}/mute', ...idParam(connection) };
		},
		again: 204,
	},
	{
		what: 'creating a customer gateway',
		setUp: async () => ({ route: 'POST /v1/vpn-customer-gateways', call: { body: { ...office(2), psk: keyOf(2) } } }),
		again: 409,
	},
	{
		what: 'creating a customer gateway without a name',
		setUp: async () => ({
			route: 'POST /v1/vpn-customer-gateways',
			call: { body: { ...office(2), name: undefined, psk: keyOf(2) } },
		}),
		again: 201,
		isMadeAnew: true,
	},
	{
		what: 'deleting a customer gateway',
		setUp: async ({ customerGateway }) => ({
			route: 'DELETE /v1/vpn-customer-gateways/{id}',
			...idParam(await customerGateway()),
		}),
		again: 404,
	},
	{
		what: 'renaming a customer gateway',
		setUp: async ({ customerGateway }) => ({
			route: 'PATCH /v1/vpn-customer-gateways/{id}',
			call: { body: { name: 'harbour' } },
			...idParam(await customerGateway()),
		}),
		again: 200,
	},
	{
		what: 'changing the subnets of a customer gateway in use',
		setUp: async ({ connected }) => ({
			route: 'PATCH /v1/vpn-customer-gateways/{id}',
			call: { body: { remoteCidrs: ['10.77.0.0/24'], gateway: '192.0.2.77' } },
			params: { id: (await connected()).customerGatewayId },
		}),
		again: 200,
	},
	{
		what: 'changing the key of a customer gateway in use',
		setUp: async ({ connected }) => ({
			route: 'PATCH /v1/vpn-customer-gateways/{id}',
			call: { body: { psk: 'another secret' } },
			params: { id: (await connected()).customerGatewayId },
		}),
		again: 202,
	},
	{
		what: 'registering a VPC',
		setUp: async () => ({
			route: 'POST /v1/vpcs',
			call: {
				who: admin,
				body: {
					id: 'vpc-0000000b',
					accountId: 'acme',
					cidr: '10.3.0.0/16',
					routerInstanceId: otherRouterId,
					publicIps: [{ ip: '192.0.2.3', sourceNat: true }],
				},
			},
		}),
		again: 409,
	},
	{
		what: 'deleting a VPC',
		setUp: async ({ ports, vpnGatewayId }) => {
			await deleteVpnGateway(ports, { caller: tenant, id: vpnGatewayId });
			return { route: 'DELETE /v1/vpcs/{id}', call: { who: admin }, ...theVpc };
		},
		again: 404,
	},
	{
		what: 'deleting a VPC that has had more routers than fit a transaction',
		setUp: async ({ ports, vpnGatewayId }) => {
			await deleteVpnGateway(ports, { caller: tenant, id: vpnGatewayId });
			await servedBy(ports, formerRouters);
			return { route: 'DELETE /v1/vpcs/{id}', call: { who: admin, query: { force: 'true' } }, ...theVpc };
		},
		again: 404,
		inParts: true,
	},
	{
		what: 'renaming a VPC',
		setUp: async () => ({ route: 'PATCH /v1/vpcs/{id}', call: { who: admin, body: { name: 'head office' } }, ...theVpc }),
		again: 200,
	},
	{
		what: 'changing the CIDR of a VPC with connections',
		setUp: async ({ connected }) => {
			await connected(2);
			await connected(3);
			return { route: 'PATCH /v1/vpcs/{id}', call: { who: admin, body: { cidr: '10.1.0.0/17' } }, ...theVpc };
		},
		again: 200,
	},
	{
		what: 'moving a VPC with connections to another router',
		setUp: async ({ connected }) => {
			await connected();
			return { route: 'PATCH /v1/vpcs/{id}', call: { who: admin, body: { routerInstanceId: otherRouterId } }, ...theVpc };
		},
		again: 200,
	},
	{
		what: 're-applying a VPC',
		setUp: async ({ connected }) => {
			await connected();
			return { route: 'POST /v1/vpcs/{id}/reapply', call: { who: admin }, ...theVpc };
		},
		again: 202,
	},
	{
		what: 'putting a network',
		setUp: async () => ({
			route: 'PUT /v1/vpcs/{id}/networks/{networkId}',
			call: { who: admin, body: { cidr: '10.1.2.0/24', state: 'Allocated' } },
			params: { id: vpcId, networkId: 'm' },
		}),
		again: 200,
	},
	{
		what: 'deleting a network',
		setUp: async ({ connected }) => {
			await connected();
			return { route: 'DELETE /v1/vpcs/{id}/networks/{networkId}', call: { who: admin }, params: { id: vpcId, networkId: 'n' } };
		},
		again: 404,
	},
	{
		what: 'creating a VPN gateway',
		setUp: async ({ ports, vpnGatewayId }) => {
			await deleteVpnGateway(ports, { caller: tenant, id: vpnGatewayId });
			return { route: 'POST /v1/vpn-gateways', call: { who: acme, body: { vpcId } } };
		},
		again: 409,
	},
	{
		what: 'deleting a VPN gateway',
		setUp: async ({ vpnGatewayId }) => ({ route: 'DELETE /v1/vpn-gateways/{id}', params: { id: vpnGatewayId } }),
		again: 404,
	},
];
