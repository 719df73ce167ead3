import type { ConfirmAlertSubscription } from '../../domain/model/alert-subscription.ts';
import type { Ports } from '../../ports.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { codeHash } from '../shared/confirmation-code.ts';
import { ProblemError } from '../shared/problem-error.ts';
import type { SubscriptionWithStatus } from './create-alert-subscription.ts';
import { noSubscription, shownSubscription } from './list-alert-subscriptions.ts';

/** One in 200,000 guesses right. */
const mostTries = 5;

type Request = { caller: Caller; id: string; input: ConfirmAlertSubscription };

/** Subscribes a phone number to which the code was sent. A number that is confirmed already stays so. */
export const confirmAlertSubscription = async (ports: Ports, { caller, id, input }: Request): Promise<SubscriptionWithStatus> => {
	const { subscriptions, alerts, turns, clock } = ports;
	const accountId = accountOf(caller, input.accountId);
	const { item, status } = await shownSubscription(ports, { accountId, id });
	if (status === 'confirmed') return { ...item, status };
	const { protocol, endpoint, code, ...rest } = item;
	if (protocol === 'email')
		throw refused('is only for a phone number: an e-mail address is confirmed by the link in the mail that was sent to it');
	if (code === undefined || Date.parse(code.until) <= clock().getTime())
		throw refused('is no longer valid: subscribe again, and a new one is sent');
	if (!(await turns.spend(`code#${id}#${code.hash}`, mostTries, new Date(code.until)))) {
		throw new ProblemError('too-many-requests', `${mostTries} codes were tried; subscribe again, and a new one is sent`);
	}
	if (codeHash(id, input.code) !== code.hash) throw refused('is not the code that was sent');
	await alerts.subscribe(accountId, { protocol, endpoint });
	if (!(await subscriptions.put({ ...rest, protocol, endpoint }))) {
		// Deleted meanwhile: nobody would see any more what is sent to.
		await alerts.unsubscribe(accountId, { protocol, endpoint });
		throw noSubscription(id);
	}
	return { ...rest, protocol, endpoint, status: 'confirmed' };
};

const refused = (detail: string) => new ProblemError('invalid-request', `code ${detail}`, [{ pointer: '/code', detail }]);
