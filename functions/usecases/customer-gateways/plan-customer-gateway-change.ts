import { createTwoFilesPatch } from 'diff';
import type { ChangePlan } from '../../domain/model/change-plan.ts';
import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import type { VpnGateway } from '../../domain/model/vpn-gateway.ts';
import { routesOfChange } from '../../domain/monitoring/routes-of-change.ts';
import { peerSheet } from '../../domain/peers/sheet/peer-sheet.ts';
import { renderBundle } from '../../domain/router/render-bundle.ts';
import { renderedFiles } from '../../domain/router/rendered-files.ts';
import type { Ports } from '../../ports.ts';
import { loadVisible } from '../shared/load-visible.ts';
import { decidePatch, type PatchDecision, type PatchRequest } from './patch-customer-gateway.ts';

const masked = '********';

/** What a patch would do: it passes the same rules as the patch itself, but writes nothing. */
export const planCustomerGatewayChange = async (ports: Ports, request: PatchRequest): Promise<ChangePlan> => {
	const decision = await decidePatch(ports, request);
	const { rekeyed, current, connection, vpc, warnings, pending } = decision;
	const next = rekeyed ? { ...decision.next, pskVersion: current.pskVersion + 1 } : decision.next;
	const changes = [...decision.changes, ...(rekeyed ? [{ pointer: '/psk', from: masked, to: masked }] : [])];
	const plan: ChangePlan = {
		dryRun: true,
		changes,
		files: [],
		tunnels: [],
		peer: [],
		...(warnings.length > 0 ? { warnings } : {}),
	};
	if (!pending || connection === undefined || vpc === undefined) return plan;
	const gateway = await loadVisible(ports.store, request.caller, { table: 'vpnGateways', id: connection.vpnGatewayId });
	const routes = routesOfChange(vpc, connection.id, next);
	const local = { vpcCidr: vpc.cidr, publicIp: gateway.publicIp };
	return {
		...plan,
		files: filesOf(ports, { ...decision, next, connection, vpc, gateway }),
		tunnels: tunnelsOf(current, next, { connectionId: connection.id, localCidr: vpc.cidr }),
		...(routes.length > 0 ? { routes } : {}),
		peer: peerOf(peerSheet(current, local), peerSheet(next, local)),
	};
};

type Rendered = PatchDecision & { connection: VpnConnection; vpc: NonNullable<PatchDecision['vpc']>; gateway: VpnGateway };

const filesOf = ({ settings }: Ports, { current, next, connection, vpc, gateway, account }: Rendered): ChangePlan['files'] => {
	const flooring = [settings.cryptoFloor, account?.cryptoFloor ?? {}];
	const files = (customerGateway: CustomerGateway, one: VpnConnection) =>
		renderedFiles(
			renderBundle({ vpc, gateway, connections: [{ connection: one, customerGateway }], pskPrefix: settings.pskPrefix, flooring })
				.text,
			connection.id,
		);
	const before = files(current, connection);
	const after = files(next, { ...connection, state: 'Pending', desiredRevision: connection.desiredRevision + 1 });
	return after.flatMap(({ path, text }) => {
		const old = before.find((file) => file.path === path)?.text ?? '';
		return old === text ? [] : [{ path, diff: createTwoFilesPatch(path, path, old, text, 'now', 'then', { context: 1 }) }];
	});
};

type Place = { connectionId: string; localCidr: string };

/** A connection is the unit of change: all its pairs go down together and come up one by one. */
const tunnelsOf = (current: CustomerGateway, next: CustomerGateway, place: Place): ChangePlan['tunnels'] => [
	...next.remoteCidrs.map((remoteCidr) => ({
		...place,
		remoteCidr,
		effect: current.remoteCidrs.includes(remoteCidr) ? ('bounces' as const) : ('comes' as const),
	})),
	...current.remoteCidrs
		.filter((cidr) => !next.remoteCidrs.includes(cidr))
		.map((remoteCidr) => ({ ...place, remoteCidr, effect: 'goes' as const })),
];

const peerOf = (before: ReturnType<typeof peerSheet>, after: ReturnType<typeof peerSheet>): ChangePlan['peer'] => {
	const settings = [...new Set([...before, ...after].map(({ setting }) => setting))];
	return settings
		.map((setting) => ({
			setting,
			from: before.find((one) => one.setting === setting)?.value,
			to: after.find((one) => one.setting === setting)?.value,
		}))
		.filter(({ from, to }) => from !== to);
};
