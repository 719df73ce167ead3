import { maskKeys } from '../model/mask-keys.ts';
import { oneLine } from '../model/text.ts';

/** What a router reads of itself for a check. */
export type RouterState = {
	/** Its clock, in seconds since 1970. */
	time: number;
	/** Its distribution, as /etc/os-release names it. */
	system: string;
	/** The tools that it lacks. */
	lacking: readonly string[];
	aws: boolean;
	/** The region that its `aws` is told, if any. */
	region: string;
	/** `read`, `absent`, `no-aws`, or `failed` with what `aws` said. */
	key: string;
	daemon: { flavor: 'openswan' | 'libreswan'; version: string } | undefined;
	running: boolean;
	/** As systemd says of the daemon's unit, `enabled` or `disabled` by its init script, or `unknown`. */
	atBoot: string;
	timer: string;
	/** Whether the timer runs heal: `1`, `0`, or `-` where there is nothing to heal yet. */
	healing: string;
	/** What of the kernel cannot be read: `xfrm`, and tables of iptables. */
	kernel: readonly string[];
	forwarding: boolean;
	/** The interfaces with strict reverse path filtering, and those that send or take redirects. */
	strict: readonly string[];
	redirects: readonly string[];
	/** The interface of its default route, and the size of its packets. */
	wan: { name: string; mtu: number } | undefined;
	addresses: readonly string[];
};

/** What begins and ends a whole answer. */
export const inspectMark = 's2s-inspect/1';
export const inspectEnd = 's2s-inspect-end';

const mostCharacters = 400;
/** It stands in a command that an operator is told to run. */
const interfaceName = /^[\w.@:-]{1,15}$/;
const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** Of a router's answer to the document `inspect`; undefined where it is not whole. */
export const routerStateOf = (text: string): RouterState | undefined => {
	const lines = text.split('\n').filter((line) => line !== '');
	if (lines[0] !== inspectMark || lines.at(-1) !== inspectEnd) return undefined;
	const values = new Map(
		lines.slice(1, -1).map((line) => {
			const [name = '', ...rest] = line.slice(0, 4 * mostCharacters).split(' ');
			return [name, maskKeys(oneLine(rest.join(' '))).slice(0, mostCharacters)];
		}),
	);
	const of = (name: string): string => values.get(name) ?? '';
	const [flavor, version] = words(of('daemon'));
	const [name, mtu] = words(of('wan'));
	return {
		time: Number(of('time')),
		system: of('system'),
		lacking: words(of('lacking')),
		aws: of('aws') === '1',
		region: of('region'),
		key: of('key'),
		daemon: (flavor === 'openswan' || flavor === 'libreswan') && version !== undefined ? { flavor, version } : undefined,
		running: of('running') === '1',
		atBoot: of('at-boot'),
		timer: of('timer'),
		healing: of('healing'),
		kernel: words(of('kernel')),
		forwarding: of('forwarding') === '1',
		strict: words(of('strict')),
		redirects: words(of('redirects')),
		wan: name !== undefined && interfaceName.test(name) ? { name, mtu: Number(mtu) } : undefined,
		addresses: words(of('addresses')),
	};
};
