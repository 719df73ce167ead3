import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../../functions/domain/model/secret.ts';

const text = 'canary of the secret';
const secret = new Secret(text);

it.each([
	['JSON', JSON.stringify(secret), '"***"'],
	['JSON around it', JSON.stringify({ psk: [secret] }), '{"psk":["***"]}'],
	['a template', `${secret}`, '***'],
	['a sum of texts', `${'psk='.concat(String(secret))}`, 'psk=***'],
	['an error', new Error(String(secret)).message, '***'],
	['an inspection', inspect(secret, { showHidden: true, depth: null }), '***'],
	['an inspection around it', inspect({ psk: secret }), '{ psk: *** }'],
	['a copy', inspect({ ...secret }), '{}'],
	['a clone', inspect(structuredClone(secret)), '{}'],
])('a secret is masked in %s', (_where, printed, expected) => {
	expect(printed).toBe(expected);
});

it('a secret is returned by reveal', () => {
	expect(secret.reveal()).toBe(text);
});

it('a secret is compared with another without being told', () => {
	expect(secret.equals(new Secret(text))).toBe(true);
	expect(secret.equals(new Secret(`${text}.`))).toBe(false);
});
