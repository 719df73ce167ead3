import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { Decision } from '../../domain/model/decision.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import type { Ports, Write } from '../../ports.ts';
import { record } from '../shared/record.ts';

type Read = { vpc: Vpc; customerGateways: readonly CustomerGateway[] };

/** A decision as one transaction: it holds only if the rows still are as they were read. */
export const decisionWrites = (decision: Decision, { vpc, customerGateways }: Read, { newEventId, clock }: Ports): Write[] => {
	const writes: Write[] = [];
	if (decision.vpc !== undefined) writes.push({ put: 'vpcs', item: decision.vpc, was: vpc });
	for (const { was, item } of decision.connections) {
		writes.push(item === undefined ? { remove: 'connections', item: was } : { put: 'connections', item, was });
	}
	for (const { was, item } of decision.customerGateways) writes.push({ put: 'customerGateways', item, was });
	for (const id of decision.freed) {
		const was = customerGateways.find((row) => row.id === id);
		if (was === undefined) continue;
		writes.push({ put: 'customerGateways', item: { ...was, connectionId: undefined, updatedAt: clock().toISOString() }, was });
	}
	for (const event of decision.events) writes.push(record(event, newEventId));
	return writes;
};
