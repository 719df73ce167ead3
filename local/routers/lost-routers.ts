import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { RouterFleet } from './router-fleet.ts';

type Outside = {
	client: DynamoDBClient;
	vpcsTable: string;
	fleet: Pick<RouterFleet, 'isLost'>;
	/** The API, and a token of an admin. */
	url: string;
	token: string;
};
type Ask = (line: string, more?: { body?: object; besides?: number[] }) => Promise<{ mutedUntil?: string }>;
type VpcItem = { routerInstanceId?: string; slots?: Record<string, object> };

/** What a router of the lab takes at most until its tunnels are up: for as long nobody is told that they are not. */
const quietMs = 60_000;

/**
 * A router that went with the last run of the platform is a new machine now, and what its connections' rows say is of the old one. They
 * are reset, as an operator would, so that none is Connected before its tunnel is up again, and muted meanwhile: no tunnel was lost.
 */
export const startLostRoutersAnew = async ({ client, vpcsTable, fleet, url, token }: Outside): Promise<void> => {
	const ask: Ask = async (line, { body, besides = [] } = {}) => {
		const [method = '', path = ''] = line.split(' ');
		const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
		const answer = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
		const text = await answer.text();
		if (!answer.ok && !besides.includes(answer.status)) throw new Error(`${line}: ${answer.status} ${text}`);
		return JSON.parse(text) as { mutedUntil?: string };
	};
	for await (const { Items = [] } of paginateScan({ client }, { TableName: vpcsTable, ConsistentRead: true })) {
		for (const item of Items) {
			const { routerInstanceId, slots = {} } = unmarshall(item) as VpcItem;
			if (routerInstanceId === undefined || !(await fleet.isLost(routerInstanceId))) continue;
			for (const id of Object.keys(slots)) await startAnew(id, ask);
		}
	}
};

const startAnew = async (id: string, ask: Ask): Promise<void> => {
	const path = `/v1/vpn-connections/${id}`;
	const { mutedUntil } = await ask(`GET ${path}`);
	const until = Date.now() + quietMs;
	if (mutedUntil === undefined || Date.parse(mutedUntil) < until)
		await ask(`PUT ${path}/mute`, { body: { until: new Date(until).toISOString() } });
	// One that is going, or whose account may change nothing, stays as it is.
	await ask(`POST ${path}/reset`, { besides: [403, 409] });
};
