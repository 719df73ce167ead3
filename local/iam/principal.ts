import type { Context } from './context.ts';

/** Who calls: a role with the tags on it, or a service of AWS on its own behalf. */
export type Principal = { role: string; tags?: Readonly<Record<string, string>> } | { service: string };

export const nameOf = (principal: Principal): string => ('role' in principal ? principal.role : principal.service);

export const accountOf = ({ role }: { role: string }): string => role.split(':')[4] ?? '';

/** What every request says of who makes it. Ours all go over TLS. */
export const principalContext = (principal: Principal): Context => {
	const secure = { 'aws:SecureTransport': 'true' };
	if ('service' in principal) {
		return { ...secure, 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal.service };
	}
	const tags = Object.entries(principal.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
	return {
		...secure,
		'aws:PrincipalIsAWSService': 'false',
		'aws:PrincipalArn': principal.role,
		'aws:PrincipalAccount': accountOf(principal),
		...Object.fromEntries(tags),
	};
};
