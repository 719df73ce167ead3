import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { CustomerGatewayChange, EventDraft } from '../model/decision.ts';
import { connectionEvent } from '../model/event-of.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { proven, rolledBack, trialOf, trialSeconds } from './psk-rotation.ts';
import { toPending } from './transitions.ts';

/** Each costs three of the 100 items of a transaction. The others wait for the next check. */
const mostAtOnce = 6;

export type KeyTrials = {
	customerGateways: CustomerGatewayChange[];
	/** The connections afterwards; those that go back to the previous key are Pending. */
	connections: ReadonlyMap<string, VpnConnection>;
	failed: boolean;
	events: EventDraft[];
};

/** Ends the trials of new pre-shared keys that have proven to work, or have not within their time. */
export const keyTrials = (
	connections: readonly VpnConnection[],
	{ customerGateways, now }: { customerGateways: readonly CustomerGateway[]; now: Date },
): KeyTrials => {
	const ended = connections
		.flatMap((connection) => {
			const current = customerGateways.find(({ id }) => id === connection.customerGatewayId);
			const verdict = current && trialOf(current, connection, now);
			return current !== undefined && (verdict === 'proven' || verdict === 'failed') ? [{ connection, current, verdict }] : [];
		})
		.slice(0, mostAtOnce);
	return {
		customerGateways: ended.map(({ current, verdict }) => ({
			current,
			next: verdict === 'proven' ? proven(current, now) : rolledBack(current, now),
		})),
		connections: new Map(
			ended.map(({ connection, verdict }) => {
				const after =
					verdict === 'proven' ? { ...connection, updatedAt: now.toISOString() } : toPending(connection, { now, who: 'check' });
				return [connection.id, { ...after, keyOnTrial: undefined }];
			}),
		),
		failed: ended.some(({ verdict }) => verdict === 'failed'),
		events: ended.map(({ connection, current, verdict }) => eventOf(connection, { current, verdict, now })),
	};
};

type End = { current: CustomerGateway; verdict: 'proven' | 'failed'; now: Date };

const eventOf = (connection: VpnConnection, { current, verdict, now }: End): EventDraft => {
	const { pskVersion, pskRotation } = current;
	if (verdict === 'proven') {
		const detail = `a tunnel came up with version ${pskVersion} of the pre-shared key`;
		return connectionEvent(connection, { who: 'check', kind: 'psk', why: 'psk-verified', detail, now });
	}
	const detail = `no tunnel came up with version ${pskVersion} of the pre-shared key within ${trialSeconds} s; version ${pskRotation?.previousVersion} is used again`;
	const { state: from } = connection;
	return connectionEvent(connection, { who: 'check', kind: 'state', from, to: 'Pending', why: 'psk-rolled-back', detail, now });
};
