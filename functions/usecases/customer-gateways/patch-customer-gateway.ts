import type { CustomerGateway, PatchCustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { Secret } from '../../domain/model/secret.ts';
import { tellable } from '../../domain/model/text.ts';
import { bumpGeneration, slotOf, type Vpc } from '../../domain/model/vpc.ts';
import type { VpnConnection } from '../../domain/model/vpn-connection.ts';
import { rotated } from '../../domain/monitoring/psk-rotation.ts';
import { canMove } from '../../domain/monitoring/transitions.ts';
import { mayChangeCustomerGateway, policyVerdict, vpnDisabled } from '../../domain/rules/connection-rules.ts';
import {
	changesBetween,
	type FieldChange,
	isConsistent,
	patched,
	reachesRouter,
} from '../../domain/rules/customer-gateway-change.ts';
import { keepsProbe } from '../../domain/rules/probe-rules.ts';
import type { Ports, Rows, Write } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { hintReconcile } from '../shared/hint.ts';
import { throwIfStale } from '../shared/if-match.ts';
import { inWords } from '../shared/in-words.ts';
import { giveKey } from '../shared/key-of-account.ts';
import { loadVisible, notFound } from '../shared/load-visible.ts';
import { nameKey } from '../shared/name-key.ts';
import { nameTaken } from '../shared/name-taken.ts';
import { pend } from '../shared/pend-connections.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';
import { newPsk, pskWarnings, throwIfBoth, throwIfGuessable } from '../shared/psk-of.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';
import { throwIfTablesAreFull } from '../shared/throw-if-tables-are-full.ts';

export type PatchRequest = {
	caller: Caller;
	id: string;
	patch: PatchCustomerGateway;
	/** A new key is to be made, besides what the patch changes. */
	generate?: boolean;
	ifMatch?: string;
};
type Patched = {
	customerGateway: CustomerGateway;
	warnings: string[];
	pending: boolean;
	/** The key that was made for this request, which nothing else ever shows. */
	generated?: Secret;
};

/** The result of a patch, before anything is written. */
export type PatchDecision = {
	current: CustomerGateway;
	/** Still with the old pre-shared key: a new one has a version only once it is stored. */
	next: CustomerGateway;
	changes: FieldChange[];
	warnings: string[];
	/** Absent unless it is connected. */
	connection?: VpnConnection;
	vpc?: Vpc;
	account: Rows['accounts'] | undefined;
	/** There is to be a new key. */
	rekeyed: boolean;
	/** The change or a new key has to reach the router. */
	pending: boolean;
};

/** Checks the whole changed customer gateway against all rules again, with its VPC and the other connections there. */
export const decidePatch = async (
	ports: Ports,
	{ caller, id, patch, generate = false, ifMatch }: PatchRequest,
): Promise<PatchDecision> => {
	const { store, settings } = ports;
	throwIfBoth(patch.psk, generate);
	const rekeyed = generate || patch.psk !== undefined;
	const current = await loadVisible(store, caller, { table: 'customerGateways', id });
	throwIfStale(current, ifMatch);
	const account = await store.get('accounts', current.accountId);
	throwIfRefused(vpnDisabled(account));
	const next = patched(current, patch);
	if (patch.psk !== undefined) throwIfGuessable(patch.psk, next);
	throwIfRefused(isConsistent(next));
	const changes = changesBetween(current, next);
	if (
		next.name !== current.name &&
		(await store.holderOf('customerGateways', nameKey(current.accountId, next.name))) !== undefined
	) {
		throw nameTaken(next.name);
	}
	const connection = current.connectionId === undefined ? undefined : await store.get('connections', current.connectionId);
	const reaches = reachesRouter(changes);
	const ofKey = pskWarnings(patch.psk);
	if (connection === undefined) {
		const floors = [settings.cryptoFloor, account?.cryptoFloor ?? {}];
		const warnings = reaches
			? (throwIfRefused(policyVerdict(next, { floors, publicRemoteCidrs: ports.settings.publicRemoteCidrs }))?.warnings ?? [])
			: [];
		return { current, next, changes, warnings: [...warnings, ...ofKey], account, rekeyed, pending: false };
	}
	throwIfRefused(keepsProbe(connection, next.remoteCidrs));
	const vpc = await store.get('vpcs', connection.vpcId);
	if (vpc === undefined) throw notFound('vpcs', connection.vpcId);
	const pending = reaches || rekeyed;
	if (pending && !canMove(connection.state, 'Pending', 'user')) {
		throw new ProblemError('illegal-state', `${connection.id} is ${connection.state}; change ${id} once it is gone`);
	}
	const { passive } = connection;
	const verdict = reaches
		? mayChangeCustomerGateway({
				vpc,
				customerGateway: next,
				account,
				floors: [settings.cryptoFloor],
				publicRemoteCidrs: settings.publicRemoteCidrs,
				passive,
			})
		: undefined;
	const warnings = [...(throwIfRefused(verdict)?.warnings ?? []), ...ofKey];
	if (next.remoteCidrs.length > current.remoteCidrs.length) {
		const slot = slotOf(next);
		await throwIfTablesAreFull(ports, { ...vpc, slots: { ...vpc.slots, [connection.id]: slot } });
	}
	return { current, next, changes, warnings, connection, vpc, account, rekeyed, pending };
};

/** A new key is stored before the row that names its version; older versions stay in Parameter Store. */
export const patchCustomerGateway = async (ports: Ports, request: PatchRequest): Promise<Patched> => {
	const { store, secretIntents, clock, newEventId } = ports;
	const { current: before } = await decidePatch(ports, request);
	const { patch, generate = false } = request;
	const psk = newPsk(patch.psk, generate);
	let version: number | undefined;
	// An intent of its own, so that a concurrent delete does not remove it as finished.
	const intent = { id: newEventId(clock()), accountId: before.accountId, customerGatewayId: before.id };
	if (psk !== undefined) version = await giveKey(ports, request.caller, { intent, psk });
	const done = await retryOnStaleRead(async () => {
		const decision = await decidePatch(ports, request);
		const { current, changes, warnings, connection, vpc, account, pending } = decision;
		if (changes.length === 0 && version === undefined) return { customerGateway: current, warnings, pending };
		const now = clock();
		const keyed = version === undefined ? decision.next : rotated(decision.next, version, now, connection);
		const next = { ...keyed, version: current.version + 1, updatedAt: now.toISOString() };
		const writes: Write[] = [
			{ put: 'customerGateways', next, current },
			{ unchanged: 'accounts', id: current.accountId, current: account },
		];
		if (next.name !== current.name) {
			writes.push({ claim: 'customerGateways', key: nameKey(current.accountId, next.name), owner: current.id });
			writes.push({ release: 'customerGateways', key: nameKey(current.accountId, current.name) });
		}
		if (pending && connection !== undefined && vpc !== undefined) {
			const slot = slotOf(next);
			const slots = { ...vpc.slots, [connection.id]: slot };
			const fields = changes.map(({ pointer }) => pointer).concat(version === undefined ? [] : ['/psk']);
			const words = fields.map((pointer) => (pointer === '/psk' ? 'the pre-shared key' : pointer.slice(1).replaceAll('/', '.')));
			const changed = `${inWords(words)} of the customer gateway ${tellable(current.name, current.id)}`;
			const why = { why: 'the customer gateway was changed', changed, detail: fields.join(' ') };
			writes.push({ put: 'vpcs', next: { ...bumpGeneration(vpc, now), slots }, current: vpc });
			const watched = { ...connection, keyOnTrial: next.pskRotation === undefined ? undefined : true };
			writes.push(...pend(watched, { who: request.caller.who, ...why, now }, newEventId));
		}
		await store.transact(writes);
		return { customerGateway: next, warnings, pending, vpcId: vpc?.id };
	});
	if (psk !== undefined) await secretIntents.remove(intent.id);
	if (done.pending && 'vpcId' in done && done.vpcId !== undefined) await hintReconcile(ports, done.vpcId);
	return generate && psk !== undefined ? { ...done, generated: psk } : done;
};
