import * as z from 'zod';

/** All that is looked at, in the order in which it is best mended: what comes first may be why something later fails. */
export const CheckCode = z.enum([
	'instance',
	'router-tag',
	'agent',
	'tools',
	'aws-cli',
	'key-access',
	'clock',
	'daemon',
	'daemon-running',
	'daemon-at-boot',
	'timer',
	'kernel',
	'ip-forward',
	'rp-filter',
	'redirects',
	'mtu',
	'source-dest-check',
	'public-address',
	'default-route',
	'security-group-ike',
	'security-group-esp',
	'security-group-vpc',
	'security-group-out',
	'network-acl',
	'route-tables',
]);
export type CheckCode = z.infer<typeof CheckCode>;

export const CheckFinding = z.object({
	code: CheckCode,
	ok: z.boolean(),
	/** What was found. */
	found: z.string(),
	/** How to mend it; absent where it is ok. */
	mend: z.string().optional(),
});
export type CheckFinding = z.infer<typeof CheckFinding>;

/** What a rule says: `mend` only where something is wrong. */
export type Verdict = { found: string; mend?: string };

export const findingOf = (code: CheckCode, verdict: Verdict): CheckFinding => ({
	code,
	ok: verdict.mend === undefined,
	...verdict,
});
