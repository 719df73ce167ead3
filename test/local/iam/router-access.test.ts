import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { authorityOf } from '../../../local/iam/authority.ts';
import { authorizer } from '../../../local/iam/authorizer.ts';
import { callLog } from '../../../local/iam/call-log.ts';
import { routerAccess } from '../../../local/iam/router-access.ts';
import { remoteProgram } from '../../../local/routers/remote-program.ts';
import { arnOf, readStack } from '../../../local/stack.ts';
import { cdkOut, synthesize } from '../../../local/synth.ts';

const keys = [
	{ name: '/s2s/dev/acme/cgw-1', version: 2, value: 'b25l' },
	{ name: '/s2s/dev/acme/cgw-2', version: 1, value: 'dHdv' },
];
const refused = new Map([['/s2s/dev/other/cgw-3:1', 'User: r is not authorized to perform: ssm:GetParameters on resource: p']]);
const ask = (names: string[]) => {
	const script = `aws ssm get-parameters --region us-east-1 --with-decryption --names ${names.join(' ')} --output text`;
	const { stdout, stderr } = spawnSync('sh', ['-s'], {
		input: remoteProgram({ script, variables: {}, parameters: keys, refused }),
		encoding: 'utf8',
	});
	return { stdout, stderr };
};

describe('the aws CLI of a simulated router', () => {
	it('returns the keys that its role may read', () => {
		expect(ask(['/s2s/dev/acme/cgw-1:2', '/s2s/dev/acme/cgw-2:1']).stdout).toBe(
			'/s2s/dev/acme/cgw-1\t2\tb25l\n/s2s/dev/acme/cgw-2\t1\tdHdv\n',
		);
	});

	it('returns no key if one of them is refused, since the whole call fails', () => {
		const { stdout, stderr } = ask(['/s2s/dev/acme/cgw-1:2', '/s2s/dev/other/cgw-3:1']);

		expect(stdout).toBe('');
		expect(stderr).toMatch(
			/^An error occurred \(AccessDeniedException\) when calling the GetParameters operation: User: r is not authorized/,
		);
	});

	it('returns the permitted key in a separate call', () => {
		expect(ask(['/s2s/dev/acme/cgw-2:1']).stdout).toBe('/s2s/dev/acme/cgw-2\t1\tdHdv\n');
	});
});

describe('what a router is given', () => {
	it.each([
		['acme', ['/s2s/dev/other/cgw-3:1']],
		['other', ['/s2s/dev/acme/cgw-1:2']],
		[undefined, ['/s2s/dev/acme/cgw-1:2', '/s2s/dev/other/cgw-3:1']],
	])(
		'is decided under its role, tagged for %s',
		async (account, refusedNames) => {
			await synthesize(() => {});
			const stack = await readStack(cdkOut);
			const authority = authorityOf(stack);
			const [key] = stack.ofType('AWS::KMS::Key').map(arnOf);
			const calls = callLog();
			const access = routerAccess({
				authority,
				authorize: authorizer({ authority, calls }),
				parameters: { keyOf: () => key },
				accountOf: async () => account,
			});

			const given = await access.refusedKeys('i-1', ['/s2s/dev/acme/cgw-1:2', '/s2s/dev/other/cgw-3:1']);

			expect([...given.keys()]).toEqual(refusedNames);
			for (const message of given.values())
				expect(message).toMatch(/is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:.*explicit deny$/);
			expect(calls.list().every(({ flow }) => flow === 'router')).toBe(true);
		},
		200_000,
	);
});
