import { join } from 'node:path';
import {
	calculateJwkThumbprint,
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
	token(caller: { account?: string; admin?: boolean }): Promise<string>;
	/** The claims of a token that API Gateway's JWT authorizer would take. */
	verify(token: string): Promise<JWTPayload | undefined>;
};
export type TokenNames = { issuer: string; audience: string; accountClaim: string; groupsClaim: string };
type Keys = { publicKey: JWK; privateKey: JWK };

const algorithm = 'RS256';

/** What the authorizer evaluates beside what every reader of tokens does: a client stands in for an audience, and no token is of tomorrow. */
const isFor = ({ aud, client_id: client, iat }: JWTPayload, audience: string): boolean =>
	[aud ?? client].flat().includes(audience) && (iat === undefined || iat * 1_000 <= Date.now());

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
		token: ({ account, admin = false }) =>
			new SignJWT({
				...(account === undefined ? {} : { [accountClaim]: account }),
				...(admin ? { [groupsClaim]: ['admin'] } : {}),
			})
				.setProtectedHeader({ alg: algorithm, kid })
				.setSubject(admin ? 'local-admin' : `local-${account ?? 'nobody'}`)
				.setIssuer(issuer)
				.setAudience(audience)
				.setIssuedAt()
				.setExpirationTime('12h')
				.sign(privateKey),
		async verify(token) {
			try {
				const wanted = { issuer, requiredClaims: ['exp'], algorithms: [algorithm] };
				const { payload, protectedHeader } = await jwtVerify(token, publicKey, wanted);
				return protectedHeader.kid === kid && isFor(payload, audience) ? payload : undefined;
			} catch {
				// Whatever is wrong with it, a token that cannot be verified is none.
				return undefined;
			}
		},
	};
};
