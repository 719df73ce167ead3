import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/caller.sh');
/** Writes down what it is called with, and answers as AWS would of a pool with one user. */
const aws = `#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in
*UserPoolId*) echo "$POOL" ;;
*UserPoolClientId*) echo client-1 ;;
*ApiUrl*) echo https://api.example.org ;;
*admin-get-user*jo@*) echo '{}' ;;
*admin-get-user*) echo UserNotFoundException >&2; exit 254 ;;
esac
`;

describe('npm run caller', () => {
	let dir: string;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'caller-'));
		writeFileSync(join(dir, 'aws'), aws);
		chmodSync(join(dir, 'aws'), 0o755);
	});
	afterEach(() => rmSync(dir, { recursive: true }));

	const run = (args: string[], pool = 'pool-1') => {
		const calls = join(dir, 'calls');
		const env = { ...process.env, PATH: `${dir}:${process.env['PATH']}`, CALLS: calls, POOL: pool };
		const { status, stdout, stderr } = spawnSync('sh', [script, ...args], { env, encoding: 'utf8' });
		const made = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
		return { status, said: stdout + stderr, calls: made, cognito: made.filter((call) => call.startsWith('cognito-idp')) };
	};

	it('creates the first admin', () => {
		const { status, said, cognito, calls } = run(['--email', 'ann@example.org', '--admin']);

		expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('temporary password') });
		expect(said).toContain('https://api.example.org');
		expect(said).toContain('client-1');
		expect(calls[0]).toContain('--stack-name S2sVpn ');
		expect(cognito).toEqual([
			'cognito-idp admin-get-user --user-pool-id pool-1 --username ann@example.org',
			'cognito-idp admin-create-user --user-pool-id pool-1 --username ann@example.org --user-attributes Name=email,Value=ann@example.org Name=email_verified,Value=true --desired-delivery-mediums EMAIL',
			'cognito-idp admin-add-user-to-group --user-pool-id pool-1 --username ann@example.org --group-name admin',
		]);
	});

	it('creates a tenant in another stage, who is not an admin', () => {
		const { status, cognito, calls } = run(['--account', 'acme', '--email', 'bob@example.org', '--stage', 'prod']);

		expect(status).toBe(0);
		expect(calls[0]).toContain('--stack-name S2sVpn-prod ');
		expect(cognito.join('\n')).toContain('admin-create-user');
		expect(cognito.join('\n')).toContain('Name=custom:account,Value=acme');
		expect(cognito.join('\n')).not.toContain('admin-add-user-to-group');
	});

	it('updates a user who already exists', () => {
		const { status, cognito } = run(['--email', 'jo@example.org', '--account', 'acme']);

		expect(status).toBe(0);
		expect(cognito[1]).toMatch(/^cognito-idp admin-update-user-attributes .*Name=custom:account,Value=acme$/);
		expect(cognito).toHaveLength(2);
	});

	it.each([
		['neither an admin nor a tenant', ['--email', 'ann@example.org']],
		['no address', ['--admin']],
		['a malformed address', ['--admin', '--email', 'ann,Name=custom:account@example.org']],
		['a malformed account', ['--email', 'ann@example.org', '--account', '-acme']],
		['an account with a comma', ['--email', 'ann@example.org', '--account', 'acme,Name=x']],
		['an unknown option', ['--email', 'ann@example.org', '--admin', '--root']],
		['an option without its value', ['--admin', '--email']],
	])('refuses %s before it calls AWS', (_, args) => {
		const { status, said, calls } = run(args);

		expect(status).toBe(2);
		expect(said).toContain('usage: npm run caller');
		expect(calls).toEqual([]);
	});

	it('explains that a stack with an issuer of its own has no user pool', () => {
		const { status, said, cognito } = run(['--email', 'ann@example.org', '--admin'], 'None');

		expect(status).toBe(1);
		expect(said).toContain('has no user pool');
		expect(cognito).toEqual([]);
	});
});
