import { isNothing } from '../../domain/model/decision.ts';
import type { DesiredRouter } from '../../domain/model/desired-router.ts';
import type { RouterAnswer } from '../../domain/model/router-answer.ts';
import type { Vpc } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { isBehind, isDue } from '../../domain/monitoring/due.ts';
import { nextRouterFacts } from '../../domain/monitoring/router-facts.ts';
import { settleApply } from '../../domain/monitoring/settle-apply.ts';
import { renderBundle } from '../../domain/router/render-bundle.ts';
import type { Ports, ReconcileMessage } from '../../ports.ts';
import { rejections, throwAll } from '../../several-errors.ts';
import { hintAlert } from '../shared/hint-alert.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { revisionOf } from '../shared/revision-of.ts';
import { countInMinute } from '../shared/share-of-minute.ts';
import { cleanRetired } from './clean-retired.ts';
import { decisionWrites } from './decision-writes.ts';
import { withinPushShare } from './push-share.ts';
import { readRouter, type WholeRouterRows } from './read-router.ts';
import { lookLater, reconcileRoutes } from './reconcile-routes.ts';
import { type Lease, releaseLease, takeLease } from './router-lease.ts';

/** For the first check of a router, which learns what it runs before anything is rendered for it. */
const askDeadlineMs = 20_000;

/** Seconds after a push at which a tunnel that was not up yet is checked again, ahead of the next tick. */
const recheckSeconds = [5, 15];
/**
 * Pushes of an account in a minute that are followed by such checks. Each takes some five calls of Run Command, and twenty of a router that
 * does not end it: the checks of all accounts have some 25 a second.
 */
const mostRechecked = 20;

type Hint = ReconcileMessage & { owner: string };

/**
 * Makes the router hold what the tables say, then the VPC's route tables lead to it, and records the outcome. Does nothing while another
 * reconcile is at it.
 */
export const reconcileRouter = async (ports: Ports, hint: Hint): Promise<void> => {
	const vpc = await ports.store.get('vpcs', hint.vpcId);
	if (vpc === undefined) return;
	// A former router must neither delay nor abort the work on the present one: errors are thrown once both are done.
	const ended = await Promise.allSettled([
		reconcilePresent(ports, vpc, hint),
		...(hint.routes ? [] : [cleanRetired(ports, vpc)]),
	]);
	throwAll(rejections(ended), 'parts of the reconcile');
};

const reconcilePresent = async (ports: Ports, vpc: Vpc, { vpcId, owner, ifBehind, routes }: Hint): Promise<void> => {
	const { queues, clock } = ports;
	const waits = (retry: Vpc['retry']) => retry !== undefined && Date.parse(retry.at) > clock().getTime();
	// A failed push waits for its retry time; a user's change clears that wait.
	const pushes = !routes && !(ifBehind && !isBehind(vpc)) && !waits(vpc.retry);
	if (!pushes && !routes && (vpc.routeRetry === undefined || waits(vpc.routeRetry))) return;
	const lease = await takeLease(ports, { vpcId, owner });
	if (lease === undefined) return;
	let pushed: Pushed | undefined;
	let after: Vpc | undefined;
	try {
		// Both take as long as others have them take: the router, and EC2 where it throttles.
		const done = await withinPushShare(ports, vpc.accountId, async () => {
			if (pushes) pushed = await push(ports, lease);
			await reconcileRoutes(ports, vpcId);
			return true;
		});
		if (done === undefined && routes) await lookLater(ports, vpcId);
	} finally {
		after = await releaseLease(ports, lease);
	}
	if (pushed === undefined || after === undefined) return;
	// Hints that came while the lease was held were dropped.
	if (pushed.again || after.generation > pushed.generation) await queues.reconcile([{ message: { vpcId }, delaySeconds: 1 }]);
	if (!pushed.down || !isDue(after)) return;
	const { accountId } = vpc;
	// Beyond these the tick's checks come soon enough.
	if ((await countInMinute(ports, { accountId, counted: 'rechecks', most: mostRechecked })) !== undefined) return;
	const at = (delay: number) => new Date(clock().getTime() + delay * 1_000).toISOString();
	await queues.check(recheckSeconds.map((delay) => ({ message: { vpcIds: [vpcId], tickAt: at(delay) }, delaySeconds: delay })));
};

/** `down`: a connection that took its configuration is not up yet. */
type Pushed = { generation: number; again: boolean; down: boolean };

const push = async (ports: Ports, { vpcId }: Lease): Promise<Pushed | undefined> => {
	const { store, routers, clock, log, settings } = ports;
	await learnRouter(ports, vpcId);
	const before = await readRouter(store, vpcId);
	if (before === undefined) return undefined;
	const { vpc } = before;
	const { generation } = vpc;
	const { text, refused } = renderBundle(await desiredOf(ports, before));
	const revision = revisionOf(generation, text);
	const revisions = Object.fromEntries(before.connections.map(({ id, desiredRevision }) => [id, desiredRevision]));
	log.info('apply', { vpcId, instanceId: vpc.routerInstanceId, revision, connections: before.connections.length });
	const force = vpc.forced === true;
	const answer = await routers.apply(vpc.routerInstanceId, { revision, text, ...(force ? { force } : {}) });
	if ('silence' in answer) log.warn('router silent', { vpcId, ...answer.silence });
	const settle = (waiting: Record<string, number>) =>
		retryOnStaleRead(async () => {
			const rows = await readRouter(store, vpcId);
			if (rows === undefined) return undefined;
			const decision = settleApply({
				desired: await desiredOf(ports, rows),
				refused,
				answer,
				pushed: { generation, revisions: waiting },
				now: clock(),
				docsBaseUrl: settings.docsBaseUrl,
				routerScripts: settings.routerScripts,
			});
			if (!isNothing(decision)) await store.transact(decisionWrites(decision, rows, ports));
			if (decision.alerts) await hintAlert(ports, vpc.accountId);
			return decision;
		});
	const pushed: Pushed = { generation, again: false, down: false };
	for (let waiting = revisions; ; ) {
		const decision = await settle(waiting);
		if (decision === undefined) return undefined;
		pushed.again ||= decision.reconcile;
		pushed.down ||= decision.connections.some(({ next }) => next?.state === 'Disconnected');
		if (decision.rest.length === 0) return pushed;
		waiting = Object.fromEntries(decision.rest.map((id) => [id, revisions[id] ?? 0]));
	}
};

/** The rendering depends on the daemon: a router that has not yet said what it runs is asked first. */
const learnRouter = async ({ store, routers, clock }: Ports, vpcId: string): Promise<void> => {
	const vpc = await store.get('vpcs', vpcId);
	if (vpc === undefined || vpc.router !== undefined || Object.keys(vpc.slots).length === 0) return;
	const answers = await routers.check([vpc.routerInstanceId], askDeadlineMs);
	const answer: RouterAnswer | undefined = answers.get(vpc.routerInstanceId);
	if (answer === undefined || 'silence' in answer) return;
	await retryOnStaleRead(async () => {
		const current = await store.get('vpcs', vpcId);
		if (current === undefined || current.router !== undefined) return;
		const now = clock();
		const next = { ...current, router: nextRouterFacts(undefined, answer.report, now), updatedAt: now.toISOString() };
		await store.transact([{ put: 'vpcs', next, current }]);
	});
};

const desiredOf = async ({ store, settings }: Ports, rows: WholeRouterRows): Promise<DesiredRouter> => {
	const { vpc, connections, customerGateways } = rows;
	const [gateway, account] = await Promise.all([
		vpc.vpnGatewayId === undefined ? undefined : store.get('vpnGateways', vpc.vpnGatewayId),
		store.get('accounts', vpc.accountId),
	]);
	return {
		vpc,
		gateway,
		connections: connections.map((connection) => ({ connection, customerGateway: gatewayOf(connection, customerGateways) })),
		pskPrefix: settings.pskPrefix,
		flooring: [settings.cryptoFloor, account?.cryptoFloor ?? {}],
	};
};

/** A customer gateway in use cannot be deleted: a missing one was removed from the table by hand. */
const gatewayOf = ({ id, customerGatewayId }: VpnConnection, rows: WholeRouterRows['customerGateways']) => {
	const found = rows.find((row) => row.id === customerGatewayId);
	if (found === undefined) throw new Error(`the customer gateway ${customerGatewayId} of ${id} is missing`);
	return found;
};
