import * as z from 'zod';
import { cidrContains, Ipv4, RemoteCidrs, unusableBlockOf } from './cidr.ts';
import { Dpd, EspPolicy, IkePolicy, PatchDpd, PatchEspPolicy, PatchIkePolicy } from './crypto-suite.ts';
import { entityFields, Instant } from './entity.ts';
import { AccountId, ConnectionId, CustomerGatewayId } from './ids.ts';
import { isWeak } from './key-strength.ts';
import { Secret } from './secret.ts';
import { Name, printable } from './text.ts';

/** The peer's public IPv4 address, or `any` for a peer without a fixed one, which must initiate. */
export const Peer = z.union(
	[
		z.literal('any'),
		Ipv4.refine((ip) => unusableBlockOf(`${ip}/32`) === undefined, {
			error: ({ input }) => `is in ${unusableBlockOf(`${input}/32`)}, where no peer can be: give its public address`,
		}),
	],
	'must be an IPv4 address, or "any" with a remoteId',
);

/** The first of the blocks that the peer itself is in: IKE to it would go into the tunnel that IKE is to make. */
export const blockOfPeer = ({ gateway, remoteCidrs }: { gateway: string; remoteCidrs: readonly string[] }) => {
	const index = gateway === 'any' ? -1 : remoteCidrs.findIndex((cidr) => cidrContains(cidr, `${gateway}/32`));
	return index < 0
		? undefined
		: {
				index,
				message: `contains the peer ${gateway} itself, which would be reached through its own tunnel: leave its address out`,
			};
};

/** An IKE identity: an address, a domain name, or user@domain. The alphabet keeps it one word in the daemon's files. */
export const IkeIdentity = z
	.string()
	.regex(/^@?[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$/, 'must be an address, a domain name or user@domain of at most 127 characters')
	.refine((identity) => identity !== '0.0.0.0', 'must not be 0.0.0.0, which the daemon takes for any identity');

/** Wrapped as a secret as soon as it is parsed. Any byte but a control character is safe, since the secret travels as base64. */
export const Psk = z
	.string()
	.min(8)
	.max(128)
	.regex(printable, 'must not contain control characters or line separators')
	.transform((text) => new Secret(text));

/** One that is to be used from now on. */
export const NewPsk = Psk.refine(
	(key) => !key.is(isWeak),
	'is too easy to guess: use more characters that differ, or ?generate=true',
);

export const CustomerGateway = z.object({
	id: CustomerGatewayId,
	...entityFields,
	name: z.string(),
	gateway: Peer,
	remoteId: z.string().optional(),
	remoteCidrs: RemoteCidrs,
	ike: IkePolicy,
	esp: EspPolicy,
	dpd: Dpd,
	forceEncaps: z.boolean(),
	pskVersion: z.int().min(1),
	pskUpdatedAt: Instant,
	/** A new key on trial: if it brings up no SA by the deadline, the previous version is used again. */
	pskRotation: z.object({ previousVersion: z.int(), deadline: Instant }).optional(),
	/** The last key that failed its trial, until another is set. */
	pskRollback: z.object({ version: z.int(), at: Instant }).optional(),
	/** The connection that uses it; there is at most one (F-18). */
	connectionId: ConnectionId.optional(),
});
export type CustomerGateway = z.infer<typeof CustomerGateway>;

const anyNeedsIdentity = {
	path: ['remoteId'],
	message: 'is required when gateway is "any": nothing else identifies the peer',
};

export const CreateCustomerGateway = z
	.strictObject({
		accountId: AccountId.optional(),
		name: Name.optional(),
		gateway: Peer,
		remoteId: IkeIdentity.optional(),
		remoteCidrs: RemoteCidrs,
		ike: IkePolicy,
		esp: EspPolicy,
		dpd: Dpd.optional(),
		forceEncaps: z.boolean().optional(),
		psk: NewPsk.optional(),
	})
	.refine((c) => c.gateway !== 'any' || c.remoteId !== undefined, anyNeedsIdentity)
	.superRefine((c, context) => {
		const wrong = blockOfPeer(c);
		if (wrong !== undefined) context.addIssue({ code: 'custom', path: ['remoteCidrs', wrong.index], message: wrong.message });
	});
export type CreateCustomerGateway = z.infer<typeof CreateCustomerGateway>;

/** Omitted fields stay, at every depth; null is allowed only where it is a value. */
export const PatchCustomerGateway = z.strictObject({
	name: Name.optional(),
	gateway: Peer.optional(),
	remoteId: IkeIdentity.optional(),
	remoteCidrs: RemoteCidrs.optional(),
	ike: PatchIkePolicy.optional(),
	esp: PatchEspPolicy.optional(),
	dpd: PatchDpd.optional(),
	forceEncaps: z.boolean().optional(),
	psk: NewPsk.optional(),
});
export type PatchCustomerGateway = z.infer<typeof PatchCustomerGateway>;
