import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NamedDevice } from '../../functions/domain/peers/contract/peer-device.ts';
import { peerView } from '../../functions/domain/peers/contract/peer-view.ts';
import { peerConfig } from '../../functions/domain/peers/peer-config.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../support/builders.ts';

const textsOf = (prefix: string) => {
	const customerGateway = aCustomerGateway();
	const view = peerView(idOf('vpnc', 1), customerGateway, { vpc: aVpc(), gateway: aGateway(), psk: undefined });
	const toBase64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
	const config = peerConfig(NamedDevice.parse({ device: 'libreswan', prefix }), view, { customerGateway, toBase64 });
	if ('unable' in config) throw new Error(config.unable);
	return config;
};

describe('the setup of a Libreswan device with two connections of ours that need IKEv1', () => {
	let root: string;
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), 's2s-device-'));
		mkdirSync(join(root, 'etc/ipsec.d'), { recursive: true });
		mkdirSync(join(root, 'bin'));
		for (const [name, script] of [
			['ipsec', `case $1 in --version) echo 'Linux Libreswan 4.10' ;; setup) echo "$*" >>'${root}/asked' ;; esac`],
			['iptables', ':'],
			['ip', ':'],
		] as const)
			writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
		for (const name of ['etc/ipsec.secrets', 'asked']) writeFileSync(join(root, name), '');
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	const paste = (text: string) => {
		const PATH = `${join(root, 'bin')}:${process.env['PATH']}`;
		const ran = spawnSync('sh', ['-c', text.replaceAll('/etc/', `${root}/etc/`)], { encoding: 'utf8', env: { PATH } });
		expect(ran.stderr).toBe('');
	};
	const setup = () =>
		readFileSync(join(root, 'etc/ipsec.conf'), 'utf8')
			.split('\n')
			.filter((line) => line.startsWith('\tikev1-policy='));

	it.each([
		['refuses', '\tikev1-policy=drop\n', ['\tikev1-policy=drop']],
		['says nothing of', '', []],
		['takes', '\tikev1-policy=accept\n', ['\tikev1-policy=accept']],
	])('takes it as long as one of them is there, and then is what it was, which %s IKEv1', (_, said, before) => {
		const own = `config setup\n\tlogfile=/var/log/pluto.log\n${said}\nconn office\n\tikev2=insist\n`;
		writeFileSync(join(root, 'etc/ipsec.conf'), own);
		const [first, second] = [textsOf('one'), textsOf('two')];

		paste(first.config);
		paste(second.config);
		expect(setup()).toEqual([expect.stringMatching(/^\tikev1-policy=accept/)]);

		paste(first.remove);
		expect(setup()).toEqual([expect.stringMatching(/^\tikev1-policy=accept/)]);

		paste(second.remove);
		expect(setup()).toEqual(before);
		expect(readFileSync(join(root, 'etc/ipsec.conf'), 'utf8')).toBe(own);
		expect(readFileSync(join(root, 'asked'), 'utf8')).toBe(said.includes('accept') ? '' : 'setup restart\n');
	});
});
