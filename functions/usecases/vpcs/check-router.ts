import type { Vpc } from '../../domain/model/vpc.ts';
import { type Evidence, type RouterCheck, routerCheckOf } from '../../domain/router-check/router-check.ts';
import { routerStateOf } from '../../domain/router-check/router-state.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { loadVisible } from '../shared/load-visible.ts';

/** API Gateway waits 30 s; what a router is asked for other than a tunnel is answered within 20. */
const deadlineMs = 18_000;
/** Where there is no key yet: a name that nobody has, by which a router can be refused all the same. */
const nobody = 'cgw-00000000000000000';

/** Asks the router and EC2 side by side. What either of them does not answer is a finding, not an error. */
export const checkRouter = async (
	{ store, routers, instances, clock, settings }: Ports,
	{ caller, id }: { caller: Caller; id: string },
): Promise<RouterCheck> => {
	const vpc = await loadVisible(store, caller, { table: 'vpcs', id });
	const gateway = vpc.vpnGatewayId === undefined ? undefined : await store.get('vpnGateways', vpc.vpnGatewayId);
	const { routerInstanceId: instanceId, accountId, routeTableIds: tableIds } = vpc;
	const [customerGatewayId] = customerGatewaysOf(vpc);
	const key = { name: `${settings.pskPrefix}/${accountId}/${customerGatewayId ?? nobody}`, customerGatewayId };
	const from = clock().getTime();
	const [router, ec2] = await Promise.all([
		routers.inspect(instanceId, { key: key.name }, deadlineMs).then(stateOf),
		instanceId.startsWith('i-') ? instances.read({ instanceId, tableIds }) : undefined,
	]);
	const now = clock();
	return routerCheckOf({
		now,
		vpc,
		publicIp: gateway?.publicIp ?? sourceNatOf(vpc),
		asked: { from, until: now.getTime(), accountId, key },
		router,
		ec2,
	});
};

const stateOf = (answer: Awaited<ReturnType<Ports['routers']['inspect']>>): Evidence['router'] => {
	if ('silence' in answer) return answer;
	return routerStateOf(answer.text) ?? { silence: { code: 'unreadable', detail: 'the router’s answer did not arrive whole' } };
};

const customerGatewaysOf = ({ slots }: Vpc): string[] =>
	Object.values(slots)
		.map(({ customerGatewayId }) => customerGatewayId)
		.sort();

const sourceNatOf = ({ publicIps }: Vpc): string => publicIps.find(({ sourceNat }) => sourceNat)?.ip ?? '';
