import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { Decision } from '../../domain/model/decision.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import { freed } from '../../domain/monitoring/psk-rotation.ts';
import type { Ports, Write } from '../../ports.ts';
import { record } from '../shared/record.ts';

type Read = { vpc: Vpc; customerGateways: readonly CustomerGateway[] };

/** A decision as one transaction, which fails unless the rows are still as they were read. */
export const decisionWrites = (decision: Decision, { vpc, customerGateways }: Read, { newEventId, clock }: Ports): Write[] => {
	const writes: Write[] = [];
	if (decision.vpc !== undefined) writes.push({ put: 'vpcs', next: decision.vpc, current: vpc });
	for (const { current, next } of decision.connections) {
		writes.push(next === undefined ? { remove: 'connections', current } : { put: 'connections', next, current });
	}
	for (const { current, next } of decision.customerGateways) writes.push({ put: 'customerGateways', next, current });
	for (const id of decision.freed) {
		const current = customerGateways.find((row) => row.id === id);
		if (current === undefined) continue;
		writes.push({
			put: 'customerGateways',
			next: freed(current, clock()),
			current,
		});
	}
	for (const event of decision.events) writes.push(record(event, newEventId));
	return writes;
};
