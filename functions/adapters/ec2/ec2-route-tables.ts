import {
	CreateRouteCommand,
	DeleteRouteCommand,
	type EC2Client,
	paginateDescribeInstances,
	paginateDescribeRouteTables,
	ReplaceRouteCommand,
	type RouteTable as Table,
} from '@aws-sdk/client-ec2';
import type { RouteTable } from '../../domain/model/route-table.ts';
import type { RouteDone, RouteTables } from '../../ports.ts';
import { refusalOf, type Words } from './refusal.ts';
import { routesOf } from './table-routes.ts';

const gone = new Set(['InvalidRoute.NotFound', 'InvalidRouteTableID.NotFound', 'InvalidRouteTableId.NotFound']);

const words: Words = {
	UnauthorizedOperation: 'AWS does not let us change it: it has no tag s2s:routes=true, or a policy forbids it',
	RouteLimitExceeded: 'it has no room for more routes',
	RouteAlreadyExists: 'somebody has made a route for the same block meanwhile',
};

/** Filters find what there is: a call by id fails whole where one of them does not exist. */
export const ec2RouteTables = (client: EC2Client): RouteTables => {
	const tablesOf = async (ids: readonly string[]): Promise<RouteTable[]> => {
		const found: Table[] = [];
		if (ids.length === 0) return [];
		const input = { Filters: [{ Name: 'route-table-id', Values: [...ids] }] };
		for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client }, input)) found.push(...RouteTables);
		return found.map(({ RouteTableId = '', Routes }) => ({ id: RouteTableId, routes: routesOf(Routes) }));
	};

	/** The interface that an instance is launched with. A terminated one has none. */
	const interfaceOf = async (instanceId: string): Promise<string | undefined> => {
		if (!instanceId.startsWith('i-')) return undefined;
		const input = { Filters: [{ Name: 'instance-id', Values: [instanceId] }] };
		for await (const { Reservations = [] } of paginateDescribeInstances({ client }, input)) {
			const interfaces = Reservations.flatMap(({ Instances = [] }) => Instances.flatMap((one) => one.NetworkInterfaces ?? []));
			const first = interfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
			if (first !== undefined) return first.NetworkInterfaceId;
		}
		return undefined;
	};

	const change = async (send: () => Promise<unknown>, done: ReadonlySet<string> = new Set()): Promise<RouteDone> => {
		try {
			await send();
			return { done: true };
		} catch (error) {
			return done.has(nameOf(error)) ? { done: true } : { refused: refusalOf(error, words) };
		}
	};

	return {
		async read({ tableIds, instanceId }) {
			try {
				const [tables, target] = await Promise.all([tablesOf(tableIds), interfaceOf(instanceId)]);
				return { tables, target };
			} catch (error) {
				return { refused: refusalOf(error, words) };
			}
		},
		create: ({ tableId, cidr }, target) =>
			change(() =>
				client.send(new CreateRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: cidr, NetworkInterfaceId: target })),
			),
		replace: ({ tableId, cidr }, target) =>
			change(() =>
				client.send(new ReplaceRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: cidr, NetworkInterfaceId: target })),
			),
		remove: ({ tableId, cidr }) =>
			change(() => client.send(new DeleteRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: cidr })), gone),
	};
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
