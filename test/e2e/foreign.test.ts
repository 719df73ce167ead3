import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../local/lab/lab.ts';
import { peerConfig } from '../../local/lab/peer-config.ts';
import {
	configurePeer,
	connectionOf,
	type ReportInDigits,
	type RouterUnderTest,
	routerUnderTest,
	spisWith,
	type Tunnel,
	toPeer,
} from './router-under-test.ts';
import { until } from './until.ts';

const ours = toPeer(1, 'a secret');
const theirs = {
	local: '192.0.2.3',
	remote: '192.0.2.1',
	psk: 'the owner’s own',
	localSubnets: ['10.3.0.0/24'],
	remoteSubnet: '10.1.0.0/16',
};
const foreignConn = `conn owner
	authby=secret
	left=192.0.2.1
	leftsubnet=10.1.0.0/16
	right=192.0.2.3
	rightsubnet=10.3.0.0/24
	ikev2=no
	ike=aes128-sha1;modp1536
	phase2alg=aes128-sha1
	pfs=no
	auto=start
`;

/** A router that holds tunnels of its owner's. */
describe('a router with a configuration of its owner', () => {
	let lab: Lab;
	let router: RouterUnderTest;
	let generation = 0;

	const write = (file: string, text: string) =>
		lab.exec('router', ['sh', '-c', `umask 077; cat >${file}`], { stdin: text }).then(({ code }) => expect(code).toBe(0));
	const apply = (tunnels: Tunnel[]): Promise<ReportInDigits> => {
		generation++;
		return router.apply(
			generation,
			tunnels.map((tunnel) => ({ ...tunnel, revision: generation })),
		);
	};
	const isUp = () =>
		until('our tunnel up', 60, async () => {
			const report = await router.look();
			return report !== undefined && connectionOf(report, ours).up === '1';
		});
	const foreignUp = async () => (await lab.sh('router', 'ipsec whack --status | grep \'"owner"\' || true')).includes('erouted;');
	const pings = async (address: string) =>
		(await lab.exec('host', ['ping', '-c', '3', '-i', '0.2', '-W', '1', address])).stdout.includes(' 0% packet loss');

	beforeAll(async () => {
		lab = await startLab();
		router = routerUnderTest(lab);
		await configurePeer(lab, 'peer', ours);
		await lab.configurePeer('peer2', peerConfig(theirs));
		await write('/etc/ipsec.d/owner.conf', foreignConn);
		await write('/etc/ipsec.d/owner.secrets', `192.0.2.1 192.0.2.3 : PSK "${theirs.psk}"\n`);
		await lab.sh(
			'router',
			"grep -v '^include' /etc/ipsec.conf >/tmp/c; { cat /tmp/c; echo 'config setup'; echo '\tikev1-policy=accept'; echo 'include /etc/ipsec.d/owner.conf'; } >/etc/ipsec.conf; echo 'include /etc/ipsec.d/owner.secrets' >/etc/ipsec.secrets; ipsec setup restart",
		);
		await until('the owner’s tunnel up', 60, foreignUp);
	});
	afterAll(() => lab?.stop());

	it('keeps the tunnel of its owner up while ours come and go', async () => {
		const before = await spisWith(lab, '192.0.2.3');

		const report = await apply([ours]);
		await isUp();
		expect(report.steps.join('\n')).not.toContain('restart');
		expect(await pings('10.3.0.10')).toBe(true);
		await apply([]);

		expect(await spisWith(lab, '192.0.2.3')).toEqual(before);
		expect(await foreignUp()).toBe(true);
		expect(await lab.sh('router', 'cat /etc/ipsec.conf /etc/ipsec.secrets; ls /etc/ipsec.d')).not.toContain('s2s');
	});

	it('does not restart the daemon for our setup lines while that tunnel is up, and says so', async () => {
		await lab.sh('router', "sed -i '/ikev1-policy/d' /etc/ipsec.conf");
		const before = await spisWith(lab, '192.0.2.3');

		const report = await apply([ours]);

		expect(connectionOf(report, ours)).toMatchObject({ up: '0', reasons: ['router-needs-restart'] });
		expect(await spisWith(lab, '192.0.2.3')).toEqual(before);
		// The owner restarts it at a time of their choice.
		await lab.sh('router', 'ipsec setup restart');
		await apply([ours]);
		await isUp();
		await until('the owner’s tunnel up', 60, foreignUp);
	});

	it('may have defaults of its owner, which do not change ours or are reported', async () => {
		await write(
			'/etc/ipsec.d/defaults.conf',
			'conn %default\n\tike=3des-md5;modp2048\n\tphase2alg=3des-md5\n\tpfs=yes\n\tsalifetime=1h\n\tleftid=@owner.example\n\trightid=@other.example\n\tdpddelay=99\n\tdpdtimeout=500\n',
		);
		await lab.sh('router', "sed -i '1i include /etc/ipsec.d/defaults.conf' /etc/ipsec.conf");

		const report = await apply([ours]);
		await isUp();

		expect(connectionOf(await router.check(), ours)).toMatchObject({ up: '1', reasons: [] });
		expect(report.steps.join()).not.toContain('foreign');
		expect(await lab.sh('router', `ipsec whack --status | grep -F '"vpnc-00000000000000002-1":'`)).toMatch(/delay:3s;/);
		await lab.sh('router', "sed -i '/defaults.conf/d' /etc/ipsec.conf");
	});

	it('may have a syntax error in a file of its owner: our tunnels and changes still work, and the error is named', async () => {
		await write('/etc/ipsec.d/owner.conf', `${foreignConn}\tnosuchoption=yes\n`);
		const report = await apply([ours]);
		await isUp();

		expect(report.steps.join('\n')).toMatch(/owner\.conf:12/);
		expect(connectionOf(report, ours).reasons).not.toContain('unsupported-by-router');
	});

	it('reports that error as foreign with its line when the daemon cannot start, and heals once it is corrected', async () => {
		await lab.sh('router', 'ipsec setup stop');
		const report = await apply([ours]);
		expect(connectionOf(report, ours)).toMatchObject({ up: '0' });
		expect(connectionOf(report, ours).reasons[0]).toBe('foreign-config');
		expect(report.steps.join('\n')).toMatch(/owner\.conf:12/);

		await write('/etc/ipsec.d/owner.conf', foreignConn);
		await apply([ours]);
		await isUp();
	});
});
