import { createHash, randomInt } from 'node:crypto';
import type { AlertSubscription, CreateAlertSubscription, SubscriptionStatus } from '../../domain/model/alert-subscription.ts';
import { vpnDisabled } from '../../domain/rules/connection-rules.ts';
import { EndpointRefused, type Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { codeHash } from '../shared/confirmation-code.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';
import { withStatus } from './list-alert-subscriptions.ts';

/** Each subscription writes to somebody whom nobody has asked yet. */
const mostSubscriptions = 20;
/** Mails and texts that ask for a confirmation, an account and day: who deletes and subscribes again writes no more of them. */
const mostConfirmationsADay = 40;
const codeMs = 15 * 60_000;
/** A request takes less: what SNS does not have by then, it has refused or forgotten. */
const youngMs = 5 * 60_000;

export type SubscriptionWithStatus = AlertSubscription & { status: SubscriptionStatus };

/**
 * Subscribing an endpoint again returns the same subscription, and asks again for what is not confirmed: an e-mail address by SNS's
 * own mail, a phone number by a code. SNS itself would write to a phone at once, whoever it belongs to.
 */
export const createAlertSubscription = async (
	ports: Ports,
	{ caller, input }: { caller: Caller; input: CreateAlertSubscription },
): Promise<SubscriptionWithStatus> => {
	const { store, subscriptions, alerts, clock } = ports;
	const accountId = accountOf(caller, input.accountId);
	throwIfRefused(vpnDisabled(await store.get('accounts', accountId)));
	const { protocol, endpoint } = input;
	const digits = createHash('sha256')
		.update(JSON.stringify([accountId, protocol, endpoint]))
		.digest('hex')
		.slice(0, 17);
	const id = `sub-${digits}`;
	const known = await subscriptions.get(accountId, id);
	const [standing] = known === undefined ? [] : await withStatus(ports, { accountId, items: [known] });
	if (standing?.status === 'confirmed') return standing;

	await spendConfirmation(ports, accountId);
	const now = clock();
	const code = protocol === 'sms' ? String(randomInt(1_000_000)).padStart(6, '0') : undefined;
	const item: AlertSubscription = {
		id,
		accountId,
		protocol,
		endpoint,
		createdAt: known?.createdAt ?? now.toISOString(),
		askedAt: now.toISOString(),
		...(code === undefined ? {} : { code: { hash: codeHash(id, code), until: new Date(now.getTime() + codeMs).toISOString() } }),
	};
	// Stored first: an account must be able to see and delete whatever is sent to.
	await keep(ports, item);
	try {
		if (code === undefined) await alerts.subscribe(accountId, { protocol, endpoint });
		else await alerts.text(endpoint, `${code} is the code that subscribes you to the VPN alerts of ${accountId}.`);
	} catch (error) {
		if (!(error instanceof EndpointRefused)) throw error;
		await subscriptions.remove(item);
		const detail = `is no address that SNS sends to: give ${protocol === 'sms' ? 'a phone number' : 'an e-mail address'} that is in use`;
		throw new ProblemError('invalid-request', `body: /endpoint ${detail}`, [{ pointer: '/endpoint', detail }]);
	}
	const [made] = await withStatus(ports, { accountId, items: [item] });
	return made ?? { ...item, status: 'pending' };
};

const spendConfirmation = async ({ turns, clock }: Ports, accountId: string): Promise<void> => {
	const today = clock().toISOString().slice(0, 10);
	const tomorrow = new Date(Date.parse(`${today}T00:00:00.000Z`) + 86_400_000);
	if (await turns.spend(`confirmations#${accountId}#${today}`, mostConfirmationsADay, tomorrow)) return;
	throw new ProblemError(
		'too-many-requests',
		`the account has asked for ${mostConfirmationsADay} confirmations today, which is the limit; try again after ${tomorrow.toISOString()}`,
	);
};

const keep = async (ports: Ports, item: AlertSubscription): Promise<void> => {
	const { subscriptions } = ports;
	for (let isCleared = false; ; ) {
		const kept = await subscriptions.add(item, mostSubscriptions);
		// One that was known and is gone was deleted between the two calls.
		if (kept === 'added' || (kept === 'known' && (await subscriptions.put(item)))) return;
		if (kept === 'full' && isCleared) throw tooMany();
		if (kept === 'full') await removeLapsed(ports, item.accountId);
		isCleared = kept === 'full';
	}
};

const tooMany = () =>
	new ProblemError(
		'too-many-subscriptions',
		`the account has ${mostSubscriptions} alert subscriptions, which is the limit; delete one to make another: a phone number or a confirmed address at once, another address counts for the days in which the link in its mail works`,
	);

/** Whether SNS may not have it yet that was only just asked for. */
export const isYoung = (
	{ createdAt, askedAt = createdAt }: Pick<AlertSubscription, 'createdAt' | 'askedAt'>,
	now: Date,
): boolean => Date.parse(askedAt) >= now.getTime() - youngMs;

/** Those that SNS refused, or forgot because nobody confirmed them, do not count. */
const removeLapsed = async (ports: Ports, accountId: string): Promise<void> => {
	const { subscriptions, clock } = ports;
	const { items } = await subscriptions.list(accountId, { limit: 100 });
	const standing = new Set((await withStatus(ports, { accountId, items })).map(({ id }) => id));
	for (const item of items) if (!standing.has(item.id) && !isYoung(item, clock())) await subscriptions.remove(item);
};
