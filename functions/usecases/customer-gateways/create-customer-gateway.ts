import type { CreateCustomerGateway, CustomerGateway } from '../../domain/model/customer-gateway.ts';
import type { Secret } from '../../domain/model/secret.ts';
import { policyVerdict, vpnDisabled } from '../../domain/rules/connection-rules.ts';
import type { Ports } from '../../ports.ts';
import { countOne, throwIfQuotaIsUsed } from '../shared/account-quota.ts';
import { accountOf, type Caller } from '../shared/caller.ts';
import { giveKey, removeKey } from '../shared/key-of-account.ts';
import { nameKey } from '../shared/name-key.ts';
import { nameTaken } from '../shared/name-taken.ts';
import { newEntity } from '../shared/new-entity.ts';
import { ProblemError, throwIfRefused } from '../shared/problem-error.ts';
import { newPsk, pskProblem, pskWarnings, throwIfGuessable } from '../shared/psk-of.ts';
import { retryOnStaleRead } from '../shared/retry-on-stale-read.ts';

type Created = {
	customerGateway: CustomerGateway;
	warnings: string[];
	/** The key that was made for this request, which nothing else ever shows. */
	generated?: Secret;
};

/** The PSK is written before the row that names its version; an intent lets the tick delete it if the row never comes. */
export const createCustomerGateway = async (
	ports: Ports,
	{ caller, input, generate = false }: { caller: Caller; input: CreateCustomerGateway; generate?: boolean },
): Promise<Created> => {
	const { store, secretIntents, clock, newId } = ports;
	const accountId = accountOf(caller, input.accountId);
	const id = newId('customerGateway');
	const name = input.name ?? id;
	const key = nameKey(accountId, name);
	const psk = pskFor(input, { generate, accountId, name, id });

	const decide = async () => {
		const account = await store.get('accounts', accountId);
		throwIfRefused(vpnDisabled(account));
		const floors = [ports.settings.cryptoFloor, account?.cryptoFloor ?? {}];
		const warnings =
			throwIfRefused(policyVerdict(input, { floors, publicRemoteCidrs: ports.settings.publicRemoteCidrs }))?.warnings ?? [];
		if ((await store.holderOf('customerGateways', key)) !== undefined) throw nameTaken(name);
		await throwIfQuotaIsUsed(store, 'customerGateways', accountId);
		return { account, warnings: [...warnings, ...pskWarnings(psk)] };
	};

	await decide();
	const pskVersion = await giveKey(ports, caller, { intent: { id, accountId, customerGatewayId: id }, psk });
	try {
		const created = await retryOnStaleRead(async () => {
			const { account, warnings } = await decide();
			const next = customerGatewayOf(input, { id, accountId, name, pskVersion, now: clock() });
			await store.transact([
				{ put: 'customerGateways', next, current: undefined },
				{ claim: 'customerGateways', key, owner: id },
				countOne('customerGateways', accountId, 1),
				{ unchanged: 'accounts', id: accountId, current: account },
			]);
			return { customerGateway: next, warnings };
		});
		await secretIntents.remove(id);
		return generate ? { ...created, generated: psk } : created;
	} catch (error) {
		if (error instanceof ProblemError) await removeKey(ports, { id, accountId, customerGatewayId: id });
		throw error;
	}
};

const pskFor = (
	{ psk: given, gateway, remoteId }: CreateCustomerGateway,
	{ generate, ...beside }: { generate: boolean; accountId: string; name: string; id: string },
): Secret => {
	const psk = newPsk(given, generate);
	if (psk === undefined) throw pskProblem('is required, unless generate=true makes one');
	if (!generate) throwIfGuessable(psk, { gateway, remoteId, ...beside });
	return psk;
};

type Made = { id: string; accountId: string; name: string; pskVersion: number; now: Date };

const customerGatewayOf = (
	{ gateway, remoteId, remoteCidrs, ike, esp, dpd, forceEncaps }: CreateCustomerGateway,
	{ id, accountId, name, pskVersion, now }: Made,
): CustomerGateway => ({
	id,
	...newEntity(accountId, now),
	name,
	gateway,
	remoteId,
	remoteCidrs,
	ike,
	esp,
	dpd: dpd ?? { enabled: true, delaySeconds: 30, timeoutSeconds: 120 },
	forceEncaps: forceEncaps ?? false,
	pskVersion,
	pskUpdatedAt: now.toISOString(),
});
