import { cidrsOverlap } from '../../../functions/domain/model/cidr.ts';
import type { Event } from '../../../functions/domain/model/event.ts';
import { renderBundle } from '../../../functions/domain/router/render-bundle.ts';
import type { Rows, TableName } from '../../../functions/ports.ts';
import { interfaceOf } from '../memory-route-tables.ts';
import type { MemoryPlatform } from './memory-platform.ts';

type Tables = { [T in TableName]: Rows[T][] };

const tablesOf = ({ memory }: MemoryPlatform): Tables => {
	const { rows } = memory.seen.kept;
	const all = <T extends TableName>(table: T) => [...rows[table].values()] as Rows[T][];
	return {
		accounts: all('accounts'),
		vpcs: all('vpcs'),
		vpnGateways: all('vpnGateways'),
		customerGateways: all('customerGateways'),
		connections: all('connections'),
	};
};

const sorted = (values: Iterable<string>): string => [...values].sort().join(', ');
/** What occurs more than once. */
const repeated = (values: readonly string[]): string[] => [...new Set(values.filter((one, n) => values.indexOf(one) !== n))];
const unlike = (what: string, is: Iterable<string>, should: Iterable<string>): string[] =>
	sorted(is) === sorted(should) ? [] : [`${what}: ${sorted(is) || 'none'} instead of ${sorted(should) || 'none'}`];

/** Violations of what holds at every moment, whatever dies in the middle. */
export const broken = (platform: MemoryPlatform): string[] => {
	const tables = tablesOf(platform);
	return [
		...tables.vpcs.flatMap((vpc) => brokenRouter(vpc, tables, platform)),
		...brokenEnds(tables),
		...brokenNames(tables, platform),
		...brokenCounts(tables, platform),
		...brokenKeys(tables, platform),
		...brokenEvents(tables, platform),
	];
};

/** One gateway a VPC, on its addresses; the rules for its connections; slots that match them. */
const brokenRouter = (vpc: Rows['vpcs'], { vpnGateways, customerGateways, connections }: Tables, { ports }: MemoryPlatform) => {
	const wrong: string[] = [];
	const gateways = vpnGateways.filter(({ vpcId }) => vpcId === vpc.id);
	wrong.push(
		...unlike(
			`gateways of ${vpc.id}`,
			gateways.map(({ id }) => id),
			vpc.vpnGatewayId === undefined ? [] : [vpc.vpnGatewayId],
		),
	);
	for (const { id, publicIp, accountId } of gateways) {
		if (vpc.remoteAccessVpn) wrong.push(`${vpc.id} has ${id} and remote-access VPN`);
		if (!vpc.publicIps.some(({ ip }) => ip === publicIp))
			wrong.push(`${id} is on ${publicIp}, which is not an address of ${vpc.id}`);
		if (accountId !== vpc.accountId) wrong.push(`${id} is of another account than ${vpc.id}`);
	}
	const own = connections.filter(({ vpcId }) => vpcId === vpc.id);
	wrong.push(
		...unlike(
			`slots of ${vpc.id}`,
			Object.keys(vpc.slots),
			own.map(({ id }) => id),
		),
	);
	const slots = Object.entries(vpc.slots);
	if (slots.length > ports.settings.maxConnectionsPerGateway) wrong.push(`${vpc.id} has ${slots.length} connections`);
	wrong.push(...repeated(slots.map(([, { peer }]) => peer)).map((peer) => `${vpc.id} has two connections with ${peer}`));
	for (const [n, [id, { customerGatewayId, peer, remoteCidrs }]] of slots.entries()) {
		const row = customerGateways.find((one) => one.id === customerGatewayId);
		if (row?.gateway !== peer || row.remoteCidrs.join() !== remoteCidrs.join())
			wrong.push(`the slot of ${id} is not as its customer gateway`);
		const others = [vpc.cidr, ...slots.slice(n + 1).flatMap(([, slot]) => slot.remoteCidrs)];
		if (remoteCidrs.some((cidr) => others.some((other) => cidrsOverlap(cidr, other))))
			wrong.push(`the subnets of ${id} overlap others`);
	}
	for (const connection of own) {
		if (connection.vpnGatewayId !== vpc.vpnGatewayId) wrong.push(`${connection.id} is on a gateway that ${vpc.id} does not have`);
		if (connection.accountId !== vpc.accountId) wrong.push(`${connection.id} is of another account than ${vpc.id}`);
	}
	if (vpc.appliedGeneration > vpc.generation) wrong.push(`${vpc.id} applied what it does not want yet`);
	if ((vpc.silence === undefined) !== (vpc.silentSince === undefined))
		wrong.push(`${vpc.id} is silent since ever, or for no reason`);
	return wrong;
};

/** A customer gateway is in one connection at most; both ends belong to one account; both agree about a key on trial. */
const brokenEnds = ({ vpcs, customerGateways, connections }: Tables): string[] => {
	const used = (rows: readonly { id: string; other: string | undefined }[]) =>
		rows.flatMap(({ id, other }) => (other === undefined ? [] : [`${other} ${id}`]));
	const ends = unlike(
		'customer gateways in use',
		used(customerGateways.map(({ id, connectionId }) => ({ id, other: connectionId }))),
		connections.map(({ id, customerGatewayId }) => `${id} ${customerGatewayId}`),
	);
	const accounts = connections.flatMap(({ id, accountId, customerGatewayId }) =>
		customerGateways.some((one) => one.id === customerGatewayId && one.accountId === accountId)
			? []
			: [`${id} has a customer gateway of another account`],
	);
	const homeless = connections.filter(({ vpcId }) => !vpcs.some(({ id }) => id === vpcId)).map(({ id }) => `${id} has no VPC`);
	const trials = connections.flatMap(({ id, keyOnTrial = false, customerGatewayId }) => {
		const onTrial = customerGateways.find((one) => one.id === customerGatewayId)?.pskRotation !== undefined;
		return keyOnTrial === onTrial ? [] : [`${id} and its customer gateway disagree about a key on trial`];
	});
	return [...ends, ...accounts, ...homeless, ...trials];
};

/** Every claimed name belongs to a row, and every row has claimed its name: customer gateways, and routers of one VPC each. */
const brokenNames = ({ vpcs, customerGateways }: Tables, { memory }: MemoryPlatform): string[] =>
	unlike(
		'claims',
		[...memory.seen.kept.markers].map(([key, owner]) => `${key} = ${owner}`),
		[
			...customerGateways.map(({ id, accountId, name }) => `customerGateways name#${accountId}#${name} = ${id}`),
			...vpcs.flatMap(({ id, routerInstanceId, retired = [] }) =>
				[routerInstanceId, ...retired.map(({ instanceId }) => instanceId)].map((one) => `vpcs router#${one} = ${id}`),
			),
		],
	);

/** What is counted for an account is what it has, so that its limits hold. */
const brokenCounts = ({ vpcs, customerGateways }: Tables, { memory }: MemoryPlatform): string[] => {
	const counted = [...memory.seen.kept.counts].filter(([, count]) => count !== 0).map(([key, count]) => `${key} = ${count}`);
	const had = Object.entries({ vpcs, customerGateways }).flatMap(([table, rows]) => {
		const owners = Map.groupBy(
			rows.map(({ accountId }) => accountId),
			(accountId) => accountId,
		);
		return [...owners].map(([accountId, own]) => `${table} count#${accountId} = ${own.length}`);
	});
	return unlike('counts', counted, had);
};

/** Every row has its key, and a key without a row has an intent to delete it. */
const brokenKeys = ({ customerGateways }: Tables, { memory, parameterStore }: MemoryPlatform): string[] => {
	const rows = new Map(customerGateways.map((row) => [`${row.accountId}/${row.id}`, row]));
	const keyless = [...rows].filter(([name, { pskVersion }]) => parameterStore.read(name, pskVersion) === undefined);
	const intended = new Set([...memory.seen.intents.values()].map((one) => `${one.accountId}/${one.customerGatewayId}`));
	const left = [...parameterStore.kept.keys()].filter((name) => !rows.has(name) && !intended.has(name));
	return [
		...keyless.map(([name]) => `${name} has no key`),
		...left.map((name) => `a key ${name} without a row and without an intent`),
	];
};

/** The state events of a connection form one path that ends at its state: none is missing, and none is doubled. */
const brokenEvents = ({ connections }: Tables, { memory }: MemoryPlatform): string[] => {
	const { events } = memory.seen.kept;
	const wrong = repeated(events.map(({ id }) => id)).map((id) => `the event ${id} twice`);
	wrong.push(...repeated(events.flatMap(({ alert }) => alert?.alertId ?? [])).map((id) => `the alert ${id} twice`));
	const moves = Map.groupBy(
		events.filter(({ subject, kind }) => subject.kind === 'connection' && kind === 'state'),
		({ subject }) => subject.id,
	);
	for (const { id } of connections) if (!moves.has(id)) wrong.push(`${id} has no history`);
	for (const [id, told] of moves) {
		const end = connections.find((one) => one.id === id)?.state ?? 'gone';
		const path = [undefined, ...told.map(({ to }) => to)];
		if (told.some(({ from }, n) => from !== path[n]) || path.at(-1) !== end)
			wrong.push(`${id} is ${end} after ${told.map(pathOf).join(', ')}`);
	}
	return wrong;
};
const pathOf = ({ from = '', to = '' }: Event): string => `${from}→${to}`;

/** Violations of what holds once all work is done: the routers hold what they should, and every alert is paid. */
export const unsettled = (platform: MemoryPlatform): string[] => {
	const { memory, parameterStore, fleet, unfinished } = platform;
	const tables = tablesOf(platform);
	const now = memory.outside.now.getTime();
	const wrong = [...unfinished()];
	for (const { id, generation, appliedGeneration, lease, retired = [] } of tables.vpcs) {
		if (generation !== appliedGeneration) wrong.push(`${id} has applied ${appliedGeneration} of ${generation}`);
		if (lease !== undefined && Date.parse(lease.until) > now) wrong.push(`${id} is held by ${lease.owner}`);
		if (retired.length > 0) wrong.push(`${id} still has ${retired.length} retired routers`);
	}
	for (const { id, state, appliedRevision, desiredRevision, keyOnTrial } of tables.connections) {
		if (state === 'Pending' || state === 'Deleting') wrong.push(`${id} is still ${state}`);
		if ((state === 'Connected' || state === 'Disconnected') && appliedRevision !== desiredRevision)
			wrong.push(`${id} has applied ${appliedRevision} of ${desiredRevision}`);
		if (keyOnTrial === true) wrong.push(`${id} still tries a key`);
	}
	wrong.push(
		...unlike(
			'keys',
			parameterStore.kept.keys(),
			tables.customerGateways.map(({ accountId, id }) => `${accountId}/${id}`),
		),
	);
	for (const [instanceId, { held }] of fleet.routers) {
		const vpc = tables.vpcs.find((one) => one.routerInstanceId === instanceId);
		if (vpc !== undefined && held.text !== '' && held.text !== desiredText(vpc, tables, platform))
			wrong.push(`${instanceId} does not hold what ${vpc.id} wants`);
		if (vpc === undefined && held.text.includes('\nconnection ')) wrong.push(`${instanceId} serves no VPC and holds connections`);
	}
	wrong.push(...wrongRoutes(tables, platform));
	for (const vpc of tables.vpcs)
		if (vpc.generation > 0 && !fleet.routers.get(vpc.routerInstanceId)?.held.text)
			wrong.push(`${vpc.routerInstanceId} was given nothing`);
	return [...wrong, ...doublyTold(platform)];
};

/** Every table of a VPC leads the blocks of its connections to its router, and no table leads any other to a router. */
const wrongRoutes = ({ vpcs }: Tables, { memory }: MemoryPlatform): string[] => {
	const wrong: string[] = [];
	for (const [tableId, routes] of memory.ec2.tables) {
		const wanted = vpcs
			.filter(({ routeTableIds }) => routeTableIds.includes(tableId))
			.flatMap(({ slots, routerInstanceId }) =>
				Object.values(slots).flatMap(({ remoteCidrs }) => remoteCidrs.map((cidr) => `${cidr} ${interfaceOf(routerInstanceId)}`)),
			);
		const ours = [...routes].filter(([, target]) => target.startsWith('eni-')).map(([cidr, target]) => `${cidr} ${target}`);
		wrong.push(...unlike(`routes in ${tableId}`, ours, wanted));
	}
	for (const { id, routesBegun } of vpcs) if (routesBegun !== undefined) wrong.push(`${id} has routes that were only begun`);
	return wrong;
};

const desiredText = (
	vpc: Rows['vpcs'],
	{ vpnGateways, customerGateways, connections, accounts }: Tables,
	{ ports }: MemoryPlatform,
) =>
	renderBundle({
		vpc,
		gateway: vpnGateways.find(({ id }) => id === vpc.vpnGatewayId),
		connections: connections
			.filter(({ vpcId }) => vpcId === vpc.id)
			.flatMap((connection) => {
				const customerGateway = customerGateways.find(({ id }) => id === connection.customerGatewayId);
				return customerGateway === undefined ? [] : [{ connection, customerGateway }];
			}),
		pskPrefix: ports.settings.pskPrefix,
		flooring: [ports.settings.cryptoFloor, accounts.find(({ id }) => id === vpc.accountId)?.cryptoFloor ?? {}],
	}).text;

/** Every alert is in exactly one message, however often that message went out. */
const doublyTold = ({ memory }: MemoryPlatform): string[] => {
	const messages = [...new Set(memory.seen.sent.map(({ alertId }) => alertId))];
	const inMessages = messages.flatMap((message) => message.split(','));
	return unlike(
		'alerts in messages',
		inMessages,
		memory.seen.kept.events.flatMap(({ alert }) => alert?.alertId ?? []),
	);
};
