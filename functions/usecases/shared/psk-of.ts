import { randomBytes } from 'node:crypto';
import type { CustomerGateway } from '../../domain/model/customer-gateway.ts';
import { isOneOf } from '../../domain/model/key-strength.ts';
import { Secret } from '../../domain/model/secret.ts';
import { ProblemError } from './problem-error.ts';

/** 192 bits, in letters that every device takes. */
const generatedPsk = (): Secret => new Secret(randomBytes(24).toString('base64url'));

/** The key to use from now on: the caller's, or one that is made if they ask for it; undefined where it is neither. */
export const newPsk = (given: Secret | undefined, generate: boolean): Secret | undefined => {
	throwIfBoth(given, generate);
	return generate ? generatedPsk() : given;
};

/** Throws where a key is to be made and another is given. */
export const throwIfBoth = (given: Secret | undefined, generate: boolean): void => {
	if (given !== undefined && generate) throw pskProblem('must be left out with generate=true, which makes one');
};

export const pskProblem = (detail: string): ProblemError =>
	new ProblemError('invalid-request', `body: /psk ${detail}`, [{ pointer: '/psk', detail }]);

/** What is doubtful about a key that is taken all the same. */
export const pskWarnings = (psk: Secret | undefined): string[] =>
	psk?.is((text) => text !== text.trim())
		? ['psk begins or ends with a blank, which is part of the key: no tunnel comes up unless the peer’s key has it too']
		: [];

type Beside = Partial<Pick<CustomerGateway, 'name' | 'gateway' | 'remoteId' | 'accountId' | 'id'>>;

/** Throws for a key that stands beside itself. */
export const throwIfGuessable = (psk: Secret, { name, gateway, remoteId, accountId, id }: Beside): void => {
	if (!psk.is((text) => isOneOf(text, [name, gateway, remoteId, accountId, id]))) return;
	const detail = 'is the name, the address or the identity of its own peer: use another, or ?generate=true';
	throw new ProblemError('invalid-request', `psk ${detail}`, [{ pointer: '/psk', detail }]);
};
