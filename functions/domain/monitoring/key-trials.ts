import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { CustomerGatewayChange, EventDraft } from '../model/decision.ts';
import { connectionEvent } from '../model/event-of.ts';
import { trialSeconds } from '../model/key-trial.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';
import { proven, rolledBack, trialOf } from './psk-rotation.ts';
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
		.slice(0, mostAtOnce)
		.map((end) => ({ ...end, after: afterTrial(end, now) }));
	return {
		customerGateways: ended.map(({ current, verdict }) => ({
			current,
			next: verdict === 'proven' ? proven(current, now) : rolledBack(current, now),
		})),
		connections: new Map(ended.map(({ connection, after }) => [connection.id, after])),
		failed: ended.some(({ verdict }) => verdict === 'failed'),
		events: ended.map((end) => eventOf(end, now)),
	};
};

type End = { connection: VpnConnection; current: CustomerGateway; verdict: 'proven' | 'failed' };

const afterTrial = ({ connection, current, verdict }: End, now: Date): VpnConnection => {
	const ended = { ...connection, keyOnTrial: undefined };
	if (verdict === 'proven') return { ...ended, updatedAt: now.toISOString() };
	const { pskVersion, pskRotation } = current;
	const what = `went back to version ${pskRotation?.previousVersion} of the pre-shared key, since no tunnel came up with version ${pskVersion}`;
	const change = { at: now.toISOString(), who: 'check', what };
	return { ...toPending(ended, { now, who: 'check', change }), lastChange: change };
};

const eventOf = ({ connection, current, verdict, after }: End & { after: VpnConnection }, now: Date): EventDraft => {
	const { pskVersion, pskRotation } = current;
	if (verdict === 'proven') {
		const detail = `a tunnel came up with version ${pskVersion} of the pre-shared key`;
		return connectionEvent(connection, { who: 'check', kind: 'psk', why: 'psk-verified', detail, now });
	}
	const detail = `no tunnel came up with version ${pskVersion} of the pre-shared key within ${trialSeconds} s; version ${pskRotation?.previousVersion} is used again`;
	return connectionEvent(connection, {
		who: 'check',
		kind: 'state',
		from: connection.state,
		to: after.state,
		why: 'psk-rolled-back',
		detail,
		outage: after.outage,
		now,
	});
};
