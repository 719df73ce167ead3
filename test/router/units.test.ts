import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routerShell } from '../support/router-shell.ts';

describe('the guard that a router with systemd has at boot', () => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(['awk']);
		router.write('run/systemd/system/none', []);
		router.write('etc/systemd/system/none', []);
		router.command('systemctl', 'echo "$*" >>"$S2S_ROOT/calls"');
	});
	afterEach(() => router.remove());

	const unit = () => {
		const { lines } = router.run('install_timer; cat "$root/etc/systemd/system/s2s-boot.service"');
		const of = (name: string) =>
			lines.flatMap((line) => (line.startsWith(`${name}=`) ? line.slice(name.length + 1).split(' ') : []));
		return { after: of('After'), before: of('Before') };
	};

	it('is there before the network and the daemon', () => {
		expect(unit().before).toEqual(['network-pre.target', 'ipsec.service']);
	});

	// Each loads the owner's rules in place of all that there are, before the network as well.
	it.each(['iptables.service', 'nftables.service', 'netfilter-persistent.service'])(
		'is not flushed by %s, which it comes after',
		(loader) => {
			expect(unit().after).toContain(loader);
		},
	);

	it('is started with every boot, and gone with everything of ours', () => {
		unit();
		router.run('remove_timer');

		expect(router.run('cat "$root/calls"').lines).toEqual([
			'daemon-reload',
			'enable --now s2s-boot.service s2s-heal.timer',
			'disable --now s2s-heal.timer s2s-boot.service',
			'daemon-reload',
		]);
		expect(router.run('ls "$root/etc/systemd/system"').lines).toEqual(['none']);
	});
});
