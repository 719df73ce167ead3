import { randomBytes } from 'node:crypto';
import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import { isOneOf } from '../../domain/model/key-strength.ts';
import { Secret } from '../../domain/model/secret.ts';
import { ProblemError } from './problem-error.ts';

/** 192 bits, in letters that every device takes. */
export const generatedPsk = (): Secret => new Secret(randomBytes(24).toString('base64url'));

type Beside = Partial<Pick<CustomerGateway, 'name' | 'gateway' | 'remoteId' | 'accountId' | 'id'>>;

/** Throws for a key that stands beside itself. */
export const throwIfGuessable = (psk: Secret, { name, gateway, remoteId, accountId, id }: Beside): void => {
	if (!psk.is((text) => isOneOf(text, [name, gateway, remoteId, accountId, id]))) return;
	const detail = 'is the name, the address or the identity of its own peer: use another, or ?generate=true';
	throw new ProblemError('invalid-request', `psk ${detail}`, [{ pointer: '/psk', detail }]);
};
