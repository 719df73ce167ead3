import { type Decision, nothing } from '../model/decision.ts';
import type { RouterReport } from '../model/report.ts';
import { bumpGeneration, type Vpc } from '../model/vpc.ts';
import { believable } from './believable.ts';
import { isDue } from './due.ts';
import { evaluateConnection } from './evaluate-connection.ts';
import { keyTrials } from './key-trials.ts';
import type { Observation } from './observation.ts';
import { nextRouterFacts } from './router-facts.ts';
import { routerAnswered, routerSilent } from './router-silence.ts';
import { hasOtherScripts, withoutScripts } from './scripts-status.ts';
import { isWatched } from './unlike-last-check.ts';

/** Decides what one check of a router changes. Level-triggered: the same answer a second time changes nothing. */
export const observe = (observation: Observation): Decision => {
	const { vpc } = observation;
	if (!isDue(vpc)) return nothing;
	const answer = believable(vpc, observation.answer);
	if ('silence' in answer) {
		// One that we do not believe has drifted, and is reachable.
		const drifted = answer !== observation.answer;
		return { ...routerSilent({ ...observation, silence: answer.silence }), reconcile: drifted };
	}
	const { report } = answer;
	if (report.scripts === 'none' && observation.connections.some(isWatched))
		return { ...routerSilent({ ...observation, silence: withoutScripts }), reconcile: true };
	const router = routerAnswered(observation);
	if (report.busy) return router;
	const facts = nextRouterFacts(vpc.router, report, observation.now);
	const watched = facts === vpc.router ? router : { ...router, vpc: { ...(router.vpc ?? touched(observation)), router: facts } };
	const hint = router.reconcile || wantsReconcile(vpc, report) || hasOtherScripts(report, observation.routerScripts);
	if (!isOurs(vpc, report)) return { ...watched, reconcile: true };
	const evaluated = observation.connections
		.filter(isWatched)
		.map((connection) => evaluateConnection(connection, observation, report));
	// One event per connection: if this check already has one, the trial of a key ends with the next check.
	const quiet = evaluated.filter(({ event }) => event === undefined).map(({ next }) => next);
	const trials = keyTrials(quiet, observation);
	const changes = evaluated.map(({ current, next }) => ({ current, next: trials.connections.get(current.id) ?? next }));
	const events = [...watched.events, ...evaluated.flatMap(({ event }) => event ?? []), ...trials.events];
	return {
		...watched,
		...(trials.failed ? { vpc: bumpGeneration(watched.vpc ?? vpc, observation.now) } : {}),
		connections: changes.filter(({ current, next }) => next !== current),
		customerGateways: trials.customerGateways,
		events,
		reconcile: hint || trials.failed || evaluated.some(({ reconcile }) => reconcile),
		alerts: events.some(({ alert }) => alert !== undefined),
	};
};

const touched = ({ vpc, now }: Observation): Vpc => ({ ...vpc, updatedAt: now.toISOString() });

/**
 * Connections that are not Pending are the same in the applied generation and in one that is being applied. A report of any
 * other generation is about a different configuration.
 */
const isOurs = (vpc: Vpc, { revision }: RouterReport): boolean =>
	typeof revision === 'string' || revision.generation === vpc.generation || revision.generation === vpc.appliedGeneration;

const wantsReconcile = (vpc: Vpc, { revision, packetRules, boot }: RouterReport): boolean =>
	typeof revision === 'string' ||
	revision.generation !== vpc.generation ||
	packetRules === 'missing' ||
	(vpc.router !== undefined && vpc.router.boot !== boot);
