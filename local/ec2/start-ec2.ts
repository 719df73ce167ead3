import { QueryError, startQueryService, type Xml } from '../query-protocol.ts';
import type { Instance } from '../routers/instance.ts';
import type { ServedVpc } from '../routers/served-vpcs.ts';
import { ec2ErrorXml, ec2Xml } from './ec2-xml.ts';
import { type Network, networkOf } from './instance-network.ts';
import { instanceOfInterface, interfaceOf, type LocalRouteTables } from './route-tables.ts';

type Options = {
	tables: LocalRouteTables;
	instanceOf(instanceId: string): Instance;
	/** The VPC in which an operator would have made the instance. */
	vpcOf(instanceId: string): Promise<ServedVpc | undefined>;
};
export type LocalEc2 = { url: string; stop(): Promise<void> };
type Result = { [name: string]: Xml };

/** What lies around an instance has its digits: `subnet-…`, `sg-…`, `acl-…` and the table of its subnet, `rtb-…`. */
const named = (kind: 'subnet' | 'sg' | 'acl' | 'rtb' | 'r', instanceId: string): string => `${kind}-${instanceId.slice(2)}`;
const instanceOfName = (id: string): string => id.replace(/^[a-z]+-/, 'i-');

/** The calls of EC2 in use, over its Query protocol. */
export const startEc2 = async ({ tables, instanceOf, vpcOf }: Options): Promise<LocalEc2> => {
	const exists = (id: string): boolean => instanceOf(id).state !== 'gone';
	const aroundOf = async (id: string): Promise<Partial<Network>> => networkOf(await vpcOf(id), instanceOf(id).network);
	const tablesOf = (form: URLSearchParams): Promise<(Xml | undefined)[]> | undefined => {
		const ids = filtered(form, 'route-table-id');
		if (ids !== undefined) return Promise.all(ids.map(namedTable));
		const subnets = filtered(form, 'association.subnet-id');
		if (subnets !== undefined) return Promise.all(subnets.map(tableOfSubnet));
		const vpcs = filtered(form, 'vpc-id', 'association.main');
		return vpcs && Promise.all(vpcs.map(mainTable));
	};
	const namedTable = async (id: string): Promise<Xml> => {
		const table = await tables.read(id);
		return table && tableXml(id, table.routes, table.tags);
	};
	const tableOfSubnet = async (subnetId: string): Promise<Xml> => {
		const id = instanceOfName(subnetId);
		const { subnetRoutes } = await aroundOf(id);
		return subnetRoutes === 'main' ? undefined : tableXml(named('rtb', id), subnetRoutes ?? [], {});
	};
	/** As EC2 makes it with the VPC: it leads nowhere else. */
	const mainTable = async (vpcId: string): Promise<Xml> => tableXml(vpcId.replace(/^vpc/, 'rtb'), [], {});
	const tableXml = (id: string, routes: readonly { cidr: string; target: string }[], tags: Instance['tags']): Result => ({
		routeTableId: id,
		routeSet: routes.map(({ cidr, target }) => routeXml(cidr, target, instanceOf)),
		tagSet: tagXml(tags),
	});

	const actions: Record<string, (form: URLSearchParams) => Promise<Result>> = {
		async DescribeRouteTables(form) {
			const found = await (tablesOf(form) ?? unanswered(form));
			return { routeTableSet: found.filter((one) => one !== undefined) };
		},
		async DescribeInstances(form) {
			const found = (filtered(form, 'instance-id') ?? unanswered(form)).filter(exists);
			const instances = await Promise.all(found.map(async (id) => instanceXml(id, instanceOf(id), await aroundOf(id))));
			return { reservationSet: instances.map((one, n) => ({ reservationId: named('r', found[n] ?? ''), instancesSet: [one] })) };
		},
		async DescribeSecurityGroups(form) {
			const ids = (filtered(form, 'group-id') ?? unanswered(form)).filter((id) => exists(instanceOfName(id)));
			return { securityGroupInfo: await Promise.all(ids.map(async (id) => groupXml(id, await aroundOf(instanceOfName(id))))) };
		},
		async DescribeNetworkAcls(form) {
			const ids = (filtered(form, 'association.subnet-id') ?? unanswered(form)).map(instanceOfName).filter(exists);
			return { networkAclSet: await Promise.all(ids.map(async (id) => aclXml(id, await aroundOf(id)))) };
		},
		async CreateRoute(form) {
			await tables.create(changeOf(form));
			return { return: 'true' };
		},
		async ReplaceRoute(form) {
			await tables.replace(changeOf(form));
			return { return: 'true' };
		},
		async DeleteRoute(form) {
			await tables.remove(changeOf(form));
			return { return: 'true' };
		},
	};

	return startQueryService({ actions, resultXml: ec2Xml, errorXml: ec2ErrorXml });
};

/** The values of the first filter, where these and no others are the filters of the call. */
const filtered = (form: URLSearchParams, ...names: string[]): string[] | undefined => {
	const given = [...form].filter(([key]) => /^Filter\.\d+\.Name$/.test(key)).map(([, name]) => name);
	if (given.join() !== names.join()) return undefined;
	return [...form].filter(([key]) => /^Filter\.1\.Value\.\d+$/.test(key)).map(([, value]) => value);
};

const unanswered = (form: URLSearchParams): never => {
	const given = [...form].filter(([key]) => /^Filter\.\d+\.Name$/.test(key)).map(([, name]) => name);
	throw new QueryError('InvalidParameterValue', `the filters ${given.join(', ') || '(none)'} are not answered here`);
};

const changeOf = (form: URLSearchParams) => ({
	tableId: form.get('RouteTableId') ?? '',
	cidr: form.get('DestinationCidrBlock') ?? '',
	target: form.get('NetworkInterfaceId') ?? '',
});

/** The name that EC2 has for each kind of target. */
const targetNames: Readonly<Record<string, string>> = {
	eni: 'networkInterfaceId',
	nat: 'natGatewayId',
	tgw: 'transitGatewayId',
	pcx: 'vpcPeeringConnectionId',
};

const routeXml = (destinationCidrBlock: string, target: string, instanceOf: Options['instanceOf']): Result => {
	const [kind = ''] = target.split('-');
	const name = targetNames[kind] ?? 'gatewayId';
	const leads = kind !== 'eni' || instanceOf(instanceOfInterface(target)).state === 'running';
	const origin = target === 'local' ? 'CreateRouteTable' : 'CreateRoute';
	return { destinationCidrBlock, [name]: target, state: leads ? 'active' : 'blackhole', origin };
};

const tagXml = (tags: Instance['tags']): Xml => Object.entries(tags).map(([key, value]) => ({ key, value }));

const instanceXml = (
	id: string,
	{ state, tags }: Instance,
	{ vpcId, sourceDestCheck, addresses = [] }: Partial<Network>,
): Result => ({
	instanceId: id,
	instanceState: { name: state },
	vpcId,
	networkInterfaceSet:
		state === 'terminated'
			? []
			: [
					{
						networkInterfaceId: interfaceOf(id),
						vpcId,
						subnetId: named('subnet', id),
						sourceDestCheck: String(sourceDestCheck),
						groupSet: [{ groupId: named('sg', id) }],
						privateIpAddressesSet: addresses.map(({ privateIp, publicIp }, n) => ({
							privateIpAddress: privateIp,
							primary: String(n === 0),
							association: publicIp === undefined ? undefined : { publicIp },
						})),
						attachment: { deviceIndex: '0', status: 'attached' },
					},
				],
	tagSet: tagXml(tags),
});

const groupXml = (id: string, { inbound = [], outbound = [] }: Partial<Network>): Result => ({
	groupId: id,
	ipPermissions: inbound.map(permissionXml),
	ipPermissionsEgress: outbound.map(permissionXml),
});

const permissionXml = ({ protocol, ports, cidrs, others }: Network['inbound'][number]): Result => ({
	ipProtocol: protocol,
	fromPort: ports && String(ports.from),
	toPort: ports && String(ports.to),
	ipRanges: cidrs.map((cidrIp) => ({ cidrIp })),
	groups: others.filter((id) => id.startsWith('sg-')).map((groupId) => ({ groupId })),
	prefixListIds: others.filter((id) => id.startsWith('pl-')).map((prefixListId) => ({ prefixListId })),
});

/** The numbers of protocols, as EC2 has them here; a group's rule has names for some. */
const aclXml = (id: string, { acl = [] }: Partial<Network>): Result => ({
	networkAclId: named('acl', id),
	entrySet: acl.map(({ number, egress, allow, protocol, ports, cidr }) => ({
		ruleNumber: String(number),
		protocol,
		ruleAction: allow ? 'allow' : 'deny',
		egress: String(egress),
		cidrBlock: cidr,
		portRange: ports && { from: String(ports.from), to: String(ports.to) },
	})),
});
