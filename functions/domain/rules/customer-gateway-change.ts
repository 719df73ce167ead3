import { Dpd } from '../model/crypto-suite.ts';
import { blockOfPeer, type CustomerGateway, type PatchCustomerGateway } from '../model/customer-gateway.ts';
import type { Refusal } from '../model/problem-kind.ts';

/** The customer gateway after a patch, except for the pre-shared key, which is not part of the row. */
export const patched = (current: CustomerGateway, { psk: _secret, ...patch }: PatchCustomerGateway): CustomerGateway => ({
	...current,
	...patch,
	ike: { ...current.ike, ...patch.ike },
	esp: { ...current.esp, ...patch.esp },
	dpd: { ...current.dpd, ...patch.dpd },
});

/** The rules across fields, which the schema of a new customer gateway checks as well. */
export const isConsistent = ({ gateway, remoteId, remoteCidrs, dpd }: CustomerGateway): Refusal | undefined => {
	if (gateway === 'any' && remoteId === undefined) {
		const detail = 'is required when gateway is "any": nothing else identifies the peer';
		return { problem: 'invalid-request', detail, pointer: '/remoteId' };
	}
	const own = blockOfPeer({ gateway, remoteCidrs });
	if (own !== undefined) return { problem: 'invalid-request', detail: own.message, pointer: `/remoteCidrs/${own.index}` };
	const wrong = Dpd.safeParse(dpd).error?.issues[0];
	return wrong && { problem: 'invalid-request', detail: wrong.message, pointer: `/dpd/${wrong.path.join('/')}` };
};

export type FieldChange = { pointer: string; from: unknown; to: unknown };

const groups = ['ike', 'esp', 'dpd'] as const;
const fields = ['name', 'gateway', 'remoteId', 'remoteCidrs', 'forceEncaps'] as const;

/** The fields that differ, as JSON Pointers into a patch. */
export const changesBetween = (current: CustomerGateway, next: CustomerGateway): FieldChange[] =>
	[
		...fields.map((field) => ({ pointer: `/${field}`, from: current[field], to: next[field] })),
		...groups.flatMap((group) =>
			Object.entries(next[group]).map(([field, to]) => ({
				pointer: `/${group}/${field}`,
				from: (current[group] as Record<string, unknown>)[field],
				to,
			})),
		),
	].filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));

/** Everything but the name is in the router's files. */
export const reachesRouter = (changes: readonly FieldChange[]): boolean => changes.some(({ pointer }) => pointer !== '/name');
