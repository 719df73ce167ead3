import { randomBytes } from 'node:crypto';
import type { Role } from './authority.ts';

/** Who holds an access key: a role, at work on something that its calls belong to. */
export type Session = {
	role: Role;
	flow: string;
	credentials: Readonly<{ accessKeyId: string; secretAccessKey: string }>;
	end(): void;
};
export type Keyring = {
	begin(role: Role, flow: string): Session;
	/** By the Authorization header of Signature Version 4; undefined where it names no key of ours. Signatures are not looked at. */
	whose(authorization: string | undefined): Session | undefined;
};

/** Access keys as STS gives them out, one a session: nobody can guess another's. */
export const keyring = (): Keyring => {
	const sessions = new Map<string, Session>();
	return {
		begin(role, flow) {
			const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
			const session: Session = {
				role,
				flow,
				credentials: { accessKeyId, secretAccessKey: randomBytes(20).toString('hex') },
				end: () => sessions.delete(accessKeyId),
			};
			sessions.set(accessKeyId, session);
			return session;
		},
		whose: (authorization = '') => sessions.get(/^AWS4-HMAC-SHA256 Credential=([^/]+)\//.exec(authorization)?.[1] ?? ''),
	};
};
