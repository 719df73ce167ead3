import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerLibrary } from '../../router/build.ts';
import { awks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

/** The aws CLI of version 1 asks nobody for a region that it is not given. */
const aws = `#!/bin/sh
echo "$*" >>"$S2S_ROOT/called"
case "$*" in *--region\\ *) ;; *) [ -n "$AWS_DEFAULT_REGION" ] || { echo 'You must specify a region.' >&2; exit 255; } ;; esac
for name in "$@"; do case $name in /*) printf '%s\\t%s\\tc2VjcmV0\\n' "\${name%:*}" "\${name##*:}" ;; esac; done
`;

const [awk = { argv: ['mawk'] }] = awks;

describe('the keys that a router fetches', () => {
	let dir: string;
	const fetched = (names: string[], env: Record<string, string>) => {
		rmSync(join(dir, 'called'), { force: true });
		const script = `${routerLibrary()}\nfetch_keys "$S2S_ROOT/keys" ${names.join(' ')}`;
		const path = `${dir}:${process.env['PATH']}`;
		spawnSync('sh', ['-c', script], { env: { PATH: path, S2S_PATH: path, S2S_ROOT: dir, ...env } });
		return {
			keys: readFileSync(join(dir, 'keys'), 'utf8').split('\n').filter(Boolean),
			calls: readFileSync(join(dir, 'called'), 'utf8').split('\n').filter(Boolean),
		};
	};
	beforeAll(() => {
		dir = mkdtempSync(join(tmpdir(), 's2s-keys-'));
		writeFileSync(join(dir, 'aws'), aws);
		chmodSync(join(dir, 'aws'), 0o700);
	});
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	it.each([
		['the agent', { AWS_SSM_REGION_NAME: 'eu-central-1' }, 'eu-central-1'],
		['its owner, before the agent', { AWS_REGION: 'eu-west-1', AWS_SSM_REGION_NAME: 'eu-central-1' }, 'eu-west-1'],
		['its owner, in the old way', { AWS_DEFAULT_REGION: 'eu-west-2', AWS_SSM_REGION_NAME: 'eu-central-1' }, 'eu-west-2'],
	])('come from the region named by %s', (_who, env, region) => {
		const { keys, calls } = fetched(['/s2s/dev/acme/cgw-1:3'], env);

		expect(keys).toEqual(['/s2s/dev/acme/cgw-1\t3\tc2VjcmV0']);
		expect(calls).toEqual([expect.stringContaining(`--region ${region} `)]);
	});

	/** As the CLI of version 2 writes it. */
	const denied = 'An error occurred (AccessDeniedException) when calling the GetParameters operation: not authorized';
	it.each<[string, string | undefined, string]>([
		['the router has no aws', undefined, 'the router has no aws (the AWS CLI)'],
		['it has no region', aws, 'its aws has no region: neither the agent nor the configuration of root names one'],
		['access is denied', `echo '${denied}' >&2; exit 254`, `access is denied in eu-west-1: ${denied}`],
		['there is none', 'exit 0', 'Parameter Store has no such parameter in eu-west-1'],
		[
			'its version is gone',
			"echo '(ParameterVersionNotFound)' >&2; exit 254",
			'Parameter Store has no such parameter in eu-west-1',
		],
		['it fails otherwise', "echo 'Could not connect' >&2; exit 255", 'aws failed in eu-west-1: Could not connect'],
	])('are missing for a reason that is told: %s', (_why, command, told) => {
		const name = '/s2s/dev/acme/cgw-1:3';
		const router = routerShell(awk.argv);
		const named: Record<string, string> = command === aws ? {} : { AWS_REGION: 'eu-west-1' };
		if (command !== undefined) router.command('aws', command.replace('#!/bin/sh\n', ''));
		// This machine may have one.
		const without = command === undefined ? 'command() { [ "$2" != aws ]; };' : '';

		const { lines } = router.run(`${without} fetch_keys "$S2S_ROOT/keys" ${name}; why_no_key ${name} "$S2S_ROOT/keys"`, named);

		expect(lines).toEqual([`${name}: ${told.trim()}`]);
		router.remove();
	});

	it('are those of the others where access to one is denied', () => {
		const router = routerShell(awk.argv);
		router.command('aws', `case "$*" in *cgw-2*) echo '${denied}' >&2; exit 254 ;; esac\n${aws.replace(/.*\n/, '')}`);
		const names = [1, 2, 3].map((n) => `/s2s/dev/acme/cgw-${n}:1`);

		const { lines } = router.run(
			`fetch_keys "$S2S_ROOT/keys" ${names.join(' ')}; for name in ${names.join(' ')}; do key_is_there $name "$S2S_ROOT/keys" && echo $name; done`,
			{ AWS_REGION: 'eu-west-1' },
		);

		expect(lines).toEqual([names[0], names[2]]);
		router.remove();
	});

	it('are fetched ten at a time', () => {
		const names = Array.from({ length: 21 }, (_, n) => `/s2s/dev/acme/cgw-${n}:1`);
		const { keys, calls } = fetched(names, { AWS_SSM_REGION_NAME: 'eu-central-1' });

		expect(keys).toHaveLength(21);
		expect(calls).toHaveLength(3);
	});
});
