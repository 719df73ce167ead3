import { join } from 'node:path';
import {
	calculateJwkThumbprint,
	errors,
	exportJWK,
	generateKeyPair,
	importJWK,
	type JWK,
	type JWTPayload,
	jwtVerify,
	SignJWT,
} from 'jose';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';

export type Issuer = {
	token(caller: { account?: string; admin?: boolean; expiresInSeconds?: number }): Promise<string>;
	/** The claims of a token that API Gateway's JWT authorizer would take, or why it would not. */
	verify(token: string): Promise<Verified>;
};
export type TokenNames = { issuer: string; audience: string; accountClaim: string; groupsClaim: string };
export type Verified = { payload: JWTPayload } | { refused: string };
type Keys = { publicKey: JWK; privateKey: JWK };

const algorithm = 'RS256';
/** Twelve hours, which a token lasts unless it is asked for one that does not. */
export const longestLifeSeconds = 43_200;

/** What the authorizer evaluates beside what every reader of tokens does: a client stands in for an audience, and no token is of tomorrow. */
const whyNotFor = ({ aud, client_id: client, iat }: JWTPayload, audience: string): string | undefined => {
	if (![aud ?? client].flat().includes(audience)) return 'the token does not have a valid audience';
	return iat === undefined || iat * 1_000 <= Date.now() ? undefined : 'the token was issued in the future';
};

const whyNot = (error: unknown): string => {
	if (error instanceof errors.JWTExpired) return 'the token has expired';
	if (error instanceof errors.JWTClaimValidationFailed) return `the token does not have a valid ${error.claim}`;
	if (error instanceof errors.JWSSignatureVerificationFailed) return 'the token is signed by no key of the issuer';
	return 'this is no token that the issuer signed';
};

/** Stands where the deployment has its OIDC issuer: tokens carry the very issuer, audience and claims that the stack asks for. */
export const localIssuer = async (dir: string, { issuer, audience, accountClaim, groupsClaim }: TokenNames): Promise<Issuer> => {
	const file = join(dir, 'issuer.json');
	let keys = await readJson<Keys | undefined>(file, undefined);
	if (keys === undefined) {
		const pair = await generateKeyPair(algorithm, { extractable: true });
		keys = { publicKey: await exportJWK(pair.publicKey), privateKey: await exportJWK(pair.privateKey) };
		await writeDurably(file, JSON.stringify(keys));
	}
	const privateKey = await importJWK(keys.privateKey, algorithm);
	const publicKey = await importJWK(keys.publicKey, algorithm);
	const kid = await calculateJwkThumbprint(keys.publicKey);
	return {
		token: ({ account, admin = false, expiresInSeconds = longestLifeSeconds }) =>
			new SignJWT({
				...(account === undefined ? {} : { [accountClaim]: account }),
				...(admin ? { [groupsClaim]: ['admin'] } : {}),
			})
				.setProtectedHeader({ alg: algorithm, kid })
				.setSubject(admin ? 'local-admin' : `local-${account ?? 'nobody'}`)
				.setIssuer(issuer)
				.setAudience(audience)
				.setIssuedAt()
				.setExpirationTime(`${expiresInSeconds} seconds`)
				.sign(privateKey),
		async verify(token) {
			try {
				const wanted = { issuer, requiredClaims: ['exp'], algorithms: [algorithm] };
				const { payload, protectedHeader } = await jwtVerify(token, publicKey, wanted);
				if (protectedHeader.kid !== kid) return { refused: 'the token is signed by no key of the issuer' };
				const why = whyNotFor(payload, audience);
				return why === undefined ? { payload } : { refused: why };
			} catch (error) {
				return { refused: whyNot(error) };
			}
		},
	};
};
