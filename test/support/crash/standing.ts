import type { Rows } from '../../../functions/ports.ts';
import type { MemoryPlatform } from './memory-platform.ts';

/**
 * The state of everything, comparable between two runs of one story: without ids, times, and numbers that only count attempts.
 */
export const standing = ({ memory, fleet, parameterStore }: MemoryPlatform) => {
	const { kept, topic, subscribed } = memory.seen;
	const rows = <T extends keyof Rows>(table: T) => [...kept.rows[table].values()] as Rows[T][];
	const customerGateways = rows('customerGateways');
	const peerOf = (connectionId: string): string =>
		rows('connections').flatMap(
			({ id, customerGatewayId }) =>
				(id === connectionId && customerGateways.find((one) => one.id === customerGatewayId)?.gateway) || [],
		)[0] ?? 'gone';
	const lines = (all: readonly object[]): string[] => all.map((one) => JSON.stringify(one)).sort();
	return {
		accounts: lines(rows('accounts').map(({ id, name, vpnEnabled, cryptoFloor }) => ({ id, name, vpnEnabled, cryptoFloor }))),
		vpcs: lines(
			rows('vpcs').map(({ id, name, cidr, routerInstanceId, publicIps, networks, remoteAccessVpn, slots, ...vpc }) => ({
				...{ id, name, cidr, routerInstanceId, publicIps, networks, remoteAccessVpn },
				peers: Object.values(slots).map(({ peer }) => peer),
				gateway: vpc.vpnGatewayId !== undefined,
				retired: (vpc.retired ?? []).map(({ instanceId }) => instanceId),
				silent: [vpc.silence?.code, vpc.silenceNotified],
				routes: Object.entries(vpc.routes ?? {}).map(([connectionId, tables]) => [peerOf(connectionId), tables]),
			})),
		),
		vpnGateways: lines(rows('vpnGateways').map(({ vpcId, publicIp }) => ({ vpcId, publicIp }))),
		customerGateways: lines(
			customerGateways.map(({ id, accountId, name, gateway, remoteCidrs, ike, esp, pskVersion, ...row }) => ({
				...{ name: name === id ? 'its id' : name, gateway, remoteCidrs, ike, esp },
				key: parameterStore.read(`${accountId}/${id}`, pskVersion),
				onTrial: row.pskRotation !== undefined,
				rolledBack: row.pskRollback !== undefined,
				inUse: row.connectionId !== undefined,
			})),
		),
		connections: lines(
			rows('connections').map(({ id, passive, state, stateReason, notified, observed, routeTrouble, mutedUntil, counters }) => ({
				...{ peer: peerOf(id), passive, state, notified, mutedUntil },
				reason: [stateReason?.code, routeTrouble?.code],
				up: observed?.up,
				bytes: [counters?.bytesIn, counters?.bytesOut],
			})),
		),
		usage: lines([...kept.usage.values()].map(({ connectionId, ...row }) => ({ peer: peerOf(connectionId), ...row }))),
		/** All events except applies, whose number depends on retries. */
		history: lines(
			kept.events
				.filter(({ kind }) => kind !== 'apply')
				.map(({ subject, who, kind, from, to, why }) => ({
					of: subject.kind === 'router' ? subject.id : peerOf(subject.id),
					who,
					kind,
					from,
					to,
					why,
				})),
		),
		alerts: lines(kept.events.flatMap(({ alert }) => (alert === undefined ? [] : [saidIn(alert.subject)]))),
		/** What SNS sends to, and whether the API lists it. */
		subscriptions: lines([
			...topic.map(({ accountId, endpoint }) => ({
				endpoint,
				listed: subscribed.some((one) => one.accountId === accountId && one.endpoint === endpoint),
			})),
			...subscribed
				.filter(({ endpoint, code }) => code !== undefined && !topic.some((one) => one.endpoint === endpoint))
				.map(({ endpoint }) => ({ endpoint, awaited: true })),
		]),
		routeTables: lines([...memory.ec2.tables].map(([id, routes]) => ({ id, routes: [...routes].sort() }))),
		routers: lines(
			[...fleet.routers].flatMap(([instanceId, { held }]) =>
				[...held.text.matchAll(/^connection .*peer=(\S+)/gm)].map(([, peer]) => ({ instanceId, peer })),
			),
		),
	};
};
export type Standing = ReturnType<typeof standing>;

/** The subject of an alert without ids and durations. */
const saidIn = (subject: string): object => ({
	subject: subject.replace(/vpnc-[0-9a-f]+/, 'it').replace(/\d+ (s|min|h)\b.*/, 'a while'),
});

/** The differences, if the state equals none of those that are fair. */
export const unlikeAny = (is: Standing, fair: readonly Standing[]): string[] => {
	if (fair.some((one) => JSON.stringify(one) === JSON.stringify(is))) return [];
	return (Object.keys(is) as (keyof Standing)[])
		.filter((table) => is[table].join() !== fair[0]?.[table].join())
		.map((table) => `${table} ${is[table].join()} instead of ${fair.map((one) => one[table].join()).join(' or ')}`);
};
