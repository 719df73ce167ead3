import {
	type EC2Client,
	type Filter,
	type Instance,
	type InstanceNetworkInterface,
	type IpPermission,
	type NetworkAclEntry,
	paginateDescribeInstances,
	paginateDescribeNetworkAcls,
	paginateDescribeRouteTables,
	paginateDescribeSecurityGroups,
	type Tag,
} from '@aws-sdk/client-ec2';
import type { AclRule, GroupRule, SeenInstance, SeenTable } from '../../domain/model/seen-instance.ts';
import type { Instances } from '../../ports.ts';
import { refusalOf } from './refusal.ts';
import { routesOf } from './table-routes.ts';

type Interface = NonNullable<SeenInstance['interface']>;

/** Filters find what there is: a call by id fails whole where one of them does not exist. */
export const ec2Instances = (client: EC2Client): Instances => {
	const by = (...filters: [string, readonly string[]][]): { Filters: Filter[] } => ({
		Filters: filters.map(([Name, Values]) => ({ Name, Values: [...Values] })),
	});

	const instanceOf = async (id: string): Promise<Instance | undefined> => {
		for await (const { Reservations = [] } of paginateDescribeInstances({ client }, by(['instance-id', [id]]))) {
			const [instance] = Reservations.flatMap(({ Instances: listed = [] }) => listed);
			if (instance !== undefined) return instance;
		}
		return undefined;
	};
	const tablesBy = async (...filters: [string, readonly string[]][]): Promise<SeenTable[]> => {
		const found: SeenTable[] = [];
		for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client }, by(...filters)))
			found.push(
				...RouteTables.map(({ RouteTableId: id = '', Tags, Routes }) => ({ id, tags: tagsOf(Tags), routes: routesOf(Routes) })),
			);
		return found;
	};
	/** A subnet without a table of its own has the main one of its VPC. */
	const tableOfSubnet = async ({ SubnetId = '', VpcId = '' }: InstanceNetworkInterface): Promise<SeenTable | undefined> => {
		const [own] = await tablesBy(['association.subnet-id', [SubnetId]]);
		return own ?? (await tablesBy(['vpc-id', [VpcId]], ['association.main', ['true']]))[0];
	};
	const groupsOf = async ({ Groups = [] }: InstanceNetworkInterface): Promise<Interface['groups']> => {
		const ids = Groups.flatMap(({ GroupId }) => GroupId ?? []);
		const found: Interface['groups'][number][] = [];
		if (ids.length === 0) return found;
		for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client }, by(['group-id', ids])))
			found.push(
				...SecurityGroups.map(({ GroupId: id = '', IpPermissions = [], IpPermissionsEgress = [] }) => ({
					id,
					inbound: IpPermissions.map(groupRule),
					outbound: IpPermissionsEgress.map(groupRule),
				})),
			);
		return found;
	};
	const aclOf = async ({ SubnetId = '' }: InstanceNetworkInterface): Promise<Interface['acl']> => {
		for await (const { NetworkAcls = [] } of paginateDescribeNetworkAcls({ client }, by(['association.subnet-id', [SubnetId]]))) {
			const [acl] = NetworkAcls;
			if (acl !== undefined) return { id: acl.NetworkAclId ?? '', rules: (acl.Entries ?? []).flatMap(aclRule) };
		}
		return undefined;
	};
	const interfaceOf = async (one: InstanceNetworkInterface): Promise<Interface> => {
		const [groups, subnetTable, acl] = await Promise.all([groupsOf(one), tableOfSubnet(one), aclOf(one)]);
		return {
			id: one.NetworkInterfaceId ?? '',
			sourceDestCheck: one.SourceDestCheck ?? true,
			addresses: (one.PrivateIpAddresses ?? []).map(({ PrivateIpAddress: privateIp = '', Association }) => ({
				privateIp,
				...(Association?.PublicIp === undefined ? {} : { publicIp: Association.PublicIp }),
			})),
			groups,
			...(subnetTable === undefined ? {} : { subnetTable }),
			...(acl === undefined ? {} : { acl }),
		};
	};
	const seenOf = async (instanceId: string): Promise<SeenInstance | undefined> => {
		const found = await instanceOf(instanceId);
		if (found === undefined) return undefined;
		const first = (found.NetworkInterfaces ?? []).find(({ Attachment }) => Attachment?.DeviceIndex === 0);
		return {
			state: found.State?.Name ?? 'unknown',
			vpcId: found.VpcId,
			tags: tagsOf(found.Tags),
			...(first === undefined ? {} : { interface: await interfaceOf(first) }),
		};
	};

	return {
		async read({ instanceId, tableIds }) {
			try {
				const [instance, tables] = await Promise.all([
					seenOf(instanceId),
					tableIds.length === 0 ? [] : tablesBy(['route-table-id', tableIds]),
				]);
				return { instance, tables };
			} catch (error) {
				return { refused: refusalOf(error) };
			}
		},
	};
};

const tagsOf = (tags: readonly Tag[] = []): Record<string, string> =>
	Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

const portsOf = (from: number | undefined, to: number | undefined) =>
	from === undefined || to === undefined || from < 0 ? {} : { ports: { from, to } };

const groupRule = ({
	IpProtocol = '',
	FromPort,
	ToPort,
	IpRanges = [],
	UserIdGroupPairs = [],
	PrefixListIds = [],
}: IpPermission): GroupRule => ({
	protocol: IpProtocol,
	...portsOf(FromPort, ToPort),
	cidrs: IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []),
	others: [
		...UserIdGroupPairs.flatMap(({ GroupId }) => GroupId ?? []),
		...PrefixListIds.flatMap(({ PrefixListId }) => PrefixListId ?? []),
	],
});

/** Rules for IPv6 blocks are none of ours. */
const aclRule = ({ RuleNumber, Egress, RuleAction, Protocol = '', PortRange, CidrBlock }: NetworkAclEntry): AclRule[] => {
	if (CidrBlock === undefined || RuleNumber === undefined) return [];
	const rule = { number: RuleNumber, egress: Egress === true, allow: RuleAction === 'allow', protocol: Protocol };
	return [{ ...rule, ...portsOf(PortRange?.From, PortRange?.To), cidr: CidrBlock }];
};
