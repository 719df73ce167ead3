import type { EventDraft } from '../../domain/model/decision.ts';
import { routerEvent } from '../../domain/model/event-of.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import { refusesToEmpty, retirementOf } from '../../domain/monitoring/retired-routers.ts';
import { renderBundle } from '../../domain/router/render-bundle.ts';
import type { Ports, Write } from '../../ports.ts';
import { record } from '../shared/record.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { revisionOf } from '../shared/revision-of.ts';
import { routerKey } from '../shared/router-key.ts';
import { oneAtATime, withinPushShare } from './push-share.ts';

/** Removes everything of ours from routers that served the VPC before: two routers must not compete for the same tunnels. */
export const cleanRetired = async (ports: Ports, { id, accountId, retired = [] }: Vpc): Promise<void> => {
	const now = ports.clock().getTime();
	// Each change of the VPC comes by here: a former router that never ends a command would be pushed to by each of them.
	for (const { instanceId } of retired.filter(({ retry }) => Date.parse(retry.at) <= now))
		await oneAtATime(ports, instanceId, () => withinPushShare(ports, accountId, () => clean(ports, { id, instanceId })));
};

type Former = { id: string; instanceId: string };

/** Undefined once it is no former router of the VPC: minutes pass while others are cleaned, and it may be serving a VPC again by now. */
const retiredNow = async ({ store }: Ports, { id, instanceId }: Former) => {
	const vpc = await store.get('vpcs', id);
	const one = vpc?.retired?.find((other) => other.instanceId === instanceId);
	return vpc === undefined || one === undefined ? undefined : { vpc, one };
};

const clean = async (ports: Ports, former: Former): Promise<void> => {
	const { store, routers, clock, log, settings, newEventId } = ports;
	const { id, instanceId } = former;
	const read = await retiredNow(ports, former);
	if (read === undefined) return;
	const { vpc, one } = read;
	const { text } = renderBundle({ vpc, connections: [], pskPrefix: settings.pskPrefix, flooring: [] });
	const bundle = { revision: revisionOf(vpc.generation, text), text };
	const first = await routers.apply(instanceId, bundle);
	const forces = refusesToEmpty(vpc, first) && (await retiredNow(ports, former)) !== undefined;
	const answer = forces ? await routers.apply(instanceId, { ...bundle, force: true }) : first;
	if ('silence' in answer) log.warn('retired router silent', { vpcId: id, instanceId, ...answer.silence });
	await retryOnStaleRead(async () => {
		const { vpc: current } = (await retiredNow(ports, former)) ?? {};
		if (current === undefined) return;
		const now = clock();
		const outcome = retirementOf(one, answer, now);
		const others = (current.retired ?? []).filter((other) => other.instanceId !== instanceId);
		const ended = outcome === 'clean' || outcome === 'gone';
		const left = ended ? others : [...others, { instanceId, retry: outcome }];
		const writes: Write[] = [
			{
				put: 'vpcs',
				next: { ...current, retired: left.length === 0 ? undefined : left, updatedAt: now.toISOString() },
				current,
			},
		];
		if (ended) {
			writes.push({ release: 'vpcs', key: routerKey(instanceId) });
			writes.push(record(endedEvent(current, { instanceId, outcome, now }), newEventId));
		}
		await store.transact(writes);
	});
};

type End = { instanceId: string; outcome: 'clean' | 'gone'; now: Date };

const endedEvent = (vpc: Vpc, { instanceId, outcome, now }: End): EventDraft =>
	routerEvent(vpc, {
		who: 'reconcile',
		why: outcome === 'clean' ? 'retired-router-clean' : 'retired-router-gone',
		detail:
			outcome === 'clean'
				? `the former router ${instanceId} no longer holds anything of this VPC`
				: `Systems Manager has been unable to run commands on the former router ${instanceId} for a day: its owner has to remove what it may still hold of this VPC`,
		now,
	});
