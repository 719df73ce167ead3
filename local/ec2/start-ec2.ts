import { QueryError, startQueryService, type Xml } from '../query-protocol.ts';
import type { Instance } from '../routers/instance.ts';
import { ec2ErrorXml, ec2Xml } from './ec2-xml.ts';
import { instanceOfInterface, interfaceOf, type LocalRouteTables } from './route-tables.ts';

type Options = { tables: LocalRouteTables; instanceOf(instanceId: string): Instance };
export type LocalEc2 = { url: string; stop(): Promise<void> };
type Result = { [name: string]: Xml };

/** The calls of EC2 in use, over its Query protocol. */
export const startEc2 = async ({ tables, instanceOf }: Options): Promise<LocalEc2> => {
	const actions: Record<string, (form: URLSearchParams) => Promise<Result>> = {
		async DescribeRouteTables(form) {
			const found: Xml[] = [];
			for (const id of filtered(form, 'route-table-id')) {
				const table = await tables.read(id);
				if (table === undefined) continue;
				found.push({
					routeTableId: id,
					routeSet: table.routes.map(({ cidr, target }) => routeXml(cidr, target, instanceOf)),
					tagSet: Object.entries(table.tags).map(([key, value]) => ({ key, value })),
				});
			}
			return { routeTableSet: found };
		},
		async DescribeInstances(form) {
			const found = filtered(form, 'instance-id').filter((id) => instanceOf(id).state !== 'gone');
			return {
				reservationSet: found.map((id) => ({
					reservationId: `r-${id.slice(2)}`,
					instancesSet: [instanceXml(id, instanceOf(id))],
				})),
			};
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

/** The values of the only filter that is in use; another one would have to be answered too. */
const filtered = (form: URLSearchParams, name: string): string[] => {
	if (form.get('Filter.1.Name') !== name || form.has('Filter.2.Name'))
		throw new QueryError('InvalidParameterValue', `only the filter ${name} is answered here`);
	return [...form].filter(([key]) => /^Filter\.1\.Value\.\d+$/.test(key)).map(([, value]) => value);
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

const instanceXml = (instanceId: string, { state, tags }: Instance): Result => ({
	instanceId,
	instanceState: { name: state },
	networkInterfaceSet:
		state === 'terminated'
			? []
			: [{ networkInterfaceId: interfaceOf(instanceId), attachment: { deviceIndex: '0', status: 'attached' } }],
	tagSet: Object.entries(tags).map(([key, value]) => ({ key, value })),
});
