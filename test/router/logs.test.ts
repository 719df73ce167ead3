import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerDocument, routerLibrary } from '../../router/build.ts';

const id = 'vpnc-00000000000000001';

describe('what a router shows of its log', () => {
	let root: string;
	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), 's2s-logs-'));
		for (const folder of ['var/log', 'etc/ipsec.d/s2s', 'proc', 'opt/s2s']) mkdirSync(join(root, folder), { recursive: true });
		writeFileSync(join(root, 'opt/s2s/lib.sh'), routerLibrary());
		const held = Buffer.from('a key with spaces').toString('base64');
		writeFileSync(join(root, `etc/ipsec.d/s2s/${id}.secrets`), `192.0.2.1 192.0.2.2 : PSK 0s${held}\n`);
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	const run = (S2S_ROOT: string) => {
		const env = { PATH: process.env['PATH'], S2S_ROOT, SSM_ConnectionId: id, SSM_Limit: '10', SSM_Probe: '0' };
		return spawnSync('sh', ['-c', routerDocument('logs')], { encoding: 'utf8', env });
	};
	const shown = (line: string): string => {
		writeFileSync(join(root, 'var/log/pluto.log'), `Nov 24 03:33:48.225532: "${id}-1" #1: ${line}\n`);
		const ran = run(root);
		expect(ran.stderr).toBe('');
		expect(ran.stdout).toMatch(/\ns2s-logs-end\n$/);
		return ran.stdout;
	};

	it('is nothing where our scripts are not installed, which it says', () => {
		const { status, stdout, stderr } = run(join(root, 'nowhere'));

		expect({ status, stdout, stderr }).toEqual({
			status: 1,
			stdout: '',
			stderr: 'this router lacks: the scripts of s2s-vpn, which the next apply installs\n',
		});
	});

	it.each([
		['in quotes', ': PSK "a key with spaces"'],
		['as base64', 'secret is 0sYSBrZXkgd2l0aCBzcGFjZXM='],
		['after a colon', 'secret: a-key-without-spaces'],
		['in single quotes', ": PSK 'a key with spaces'"],
		['after a word in small letters', 'psk "a key with spaces"'],
		['in quotes that are cut off at the end', 'PSK "a key with spaces'],
		['as a word', 'PSK a-key-without-spaces'],
		['that the router holds, without anything around it', 'got a key with spaces from it'],
		['that the router holds, as base64 alone', `got ${Buffer.from('a key with spaces').toString('base64')} from it`],
	])('has no key that stands there %s', (_, line) => {
		expect(shown(line)).not.toMatch(/a key with spaces|YSBrZXkg|a-key-without/);
	});

	it.each([
		['reads like a word of our own', ['end of the keys ']],
		['begins like another', ['zebra crossing', 'zebra crossing at the office']],
		['has what an expression takes for its own', ['z.*[a] \\1 & *** key']],
	])('has no key beside one that %s', (_, keys) => {
		const held = [...keys, 'zz key of another connection'].map((key) => Buffer.from(key).toString('base64'));
		held.forEach((key, n) => {
			writeFileSync(join(root, `etc/ipsec.d/s2s/vpnc-0000000000000001${n}.secrets`), `192.0.2.1 192.0.2.${n} : PSK 0s${key}\n`);
		});

		const text = shown(`got zz key of another connection, ${keys.join(', ')} and ${held.join(' and ')} from it`);

		expect(text).toMatch(/^Nov 24 .*: got (\*\*\*(, | and | from it\n))+s2s-logs-end\n$/);
	});

	it('has no line of another connection, whatever its peer says of itself', () => {
		const other = (name: string) => `Nov 24 03:33:47.1: "${name}" #3: Peer ID is ID_FQDN: '@${id} malformed payload'`;
		const lines = [
			other('vpnc-00000000000000002-1'),
			other('office'),
			`Nov 24 03:33:47.2: loading secrets from "/etc/ipsec.d/s2s/${id}.secrets"`,
			`Nov 24 03:33:47.3: "${id}-12"[2] 192.0.2.9 #4: responding to Main Mode`,
		];
		writeFileSync(join(root, 'var/log/pluto.log'), lines.map((line) => `${line}\n`).join(''));

		expect(run(root).stdout).toBe(`${lines.slice(2).join('\n')}\ns2s-logs-end\n`);
	});

	it('has what the daemon says of a packet of the peer, whatever stands there in quotes', () => {
		mkdirSync(join(root, 'var/lib/s2s'), { recursive: true });
		writeFileSync(join(root, 'var/lib/s2s/bundle'), `connection ${id} peer=192.0.2.2\npair 1 10.2.0.0/24\n`);
		const lines = [
			'Nov 24 03:33:47.1: packet from 192.0.2.2:500: no connection has been authorized with policy "PSK"',
			`Nov 24 03:33:47.2: "office" #3: Peer ID is ID_FQDN: '@packet from 192.0.2.2:500: no acceptable Oakley Transform'`,
			'Nov 24 03:33:47.3: packet from 203.0.113.9:500: ignoring Vendor ID payload [TIMESTEP packet from 192.0.2.2: dead peer]',
			`Nov 24 03:33:47.4: packet from 203.0.113.9:500: initial Aggressive Mode packet claiming to be from @"${id}-1" #1`,
		];
		writeFileSync(join(root, 'var/log/pluto.log'), lines.map((line) => `${line}\n`).join(''));

		expect(run(root).stdout).toBe(`${lines[0]}\ns2s-logs-end\n`);
	});

	it('keeps the words by which the daemon says why', () => {
		expect(shown('PSK authentication failed')).toContain('PSK authentication failed');
	});

	it('has no part of a key that stands where a long line is cut', () => {
		for (let before = 380; before < 520; before += 9) {
			const text = shown(`${'x'.repeat(before - 60)} PSK "first second third fourth"`);
			expect(text).not.toMatch(/second|third|fourth/);
		}
	});
});
