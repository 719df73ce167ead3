import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Issuer, localIssuer } from '../../local/api/issuer.ts';

const names = { issuer: 'https://issuer.example', audience: 'api', accountClaim: 'account', groupsClaim: 'groups' };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
describe('the local issuer takes the tokens that the JWT authorizer of API Gateway takes', () => {
	let dir: string;
	let issuer: Issuer;
	let key: Awaited<ReturnType<typeof importJWK>>;
	let kid: string;
	const now = Math.floor(Date.now() / 1_000);
	const whole = { iss: names.issuer, aud: names.audience, iat: now - 10, exp: now + 60, sub: 'jo' };

	beforeAll(async () => {
		dir = await mkdtemp(join(tmpdir(), 's2s-issuer-'));
		issuer = await localIssuer(dir, names);
		const { privateKey } = JSON.parse(await readFile(join(dir, 'issuer.json'), 'utf8'));
		key = await importJWK(privateKey, 'RS256');
		kid = decodeProtectedHeader(await issuer.token({ account: 'acme' })).kid ?? '';
	});
	afterAll(() => rm(dir, { recursive: true }));

	const signed = (claims: JWTPayload, header: { kid?: string } = { kid }, by = key) =>
		new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header }).sign(by);
	const without = (claim: keyof typeof whole, more: JWTPayload = {}): JWTPayload => {
		const { [claim]: _left, ...rest } = whole;
		return { ...rest, ...more };
	};

	it('and its own', async () => {
		expect(await issuer.verify(await issuer.token({ account: 'acme', admin: true }))).toMatchObject({
			payload: { account: 'acme', groups: ['admin'] },
		});
	});

	it.each([
		[{ account: 'acme' }, 12 * 3_600],
		[{ account: 'acme', expiresInSeconds: 5 }, 5],
	])('and refuses its own for %j after %d seconds', async (caller, seconds) => {
		vi.useFakeTimers({ toFake: ['Date'], now: now * 1_000 });
		try {
			const token = await issuer.token(caller);
			vi.setSystemTime((now + seconds - 1) * 1_000);
			expect(await issuer.verify(token)).toMatchObject({ payload: { account: 'acme' } });
			vi.setSystemTime((now + seconds) * 1_000);
			expect(await issuer.verify(token)).toEqual({ refused: 'the token has expired' });
		} finally {
			vi.useRealTimers();
		}
	});

	it.each<[string, JWTPayload]>([
		['with every claim', whole],
		['for several audiences', { ...whole, aud: ['other', names.audience] }],
		['with a client instead of an audience', without('aud', { client_id: names.audience })],
		['that does not say when it was made', without('iat')],
		['that is valid from now on', { ...whole, nbf: now }],
	])('takes one %s', async (_what, claims) => {
		expect(await issuer.verify(await signed(claims))).toEqual({ payload: claims });
	});

	const audience = 'the token does not have a valid audience';
	it.each<[string, JWTPayload, string]>([
		['that never expires', without('exp'), 'the token does not have a valid exp'],
		['that has expired', { ...whole, exp: now - 1 }, 'the token has expired'],
		['that is not valid yet', { ...whole, nbf: now + 60 }, 'the token does not have a valid nbf'],
		['that was made in the future', { ...whole, iat: now + 60 }, 'the token was issued in the future'],
		['of another issuer', { ...whole, iss: 'https://other.example' }, 'the token does not have a valid iss'],
		['of no issuer', without('iss'), 'the token does not have a valid iss'],
		['for another audience', { ...whole, aud: 'other' }, audience],
		['for another audience, whatever client it names', { ...whole, aud: 'other', client_id: names.audience }, audience],
		['of another client', without('aud', { client_id: 'other' }), audience],
		['for nobody', without('aud'), audience],
	])('takes none %s, and says so', async (_what, claims, refused) => {
		expect(await issuer.verify(await signed(claims))).toEqual({ refused });
	});

	it('takes none that names no key or another, and none of another key', async () => {
		const refused = { refused: 'the token is signed by no key of the issuer' };
		expect(await issuer.verify(await signed(whole, {}))).toEqual(refused);
		expect(await issuer.verify(await signed(whole, { kid: 'other' }))).toEqual(refused);
		expect(await issuer.verify(await signed(whole, { kid }, (await generateKeyPair('RS256')).privateKey))).toEqual(refused);
	});

	it.each(['', 'x', 'a.b.c', '"', 'e30.e30.'])('takes no %j', async (token) => {
		expect(await issuer.verify(token)).toEqual({ refused: 'this is no token that the issuer signed' });
	});
});
