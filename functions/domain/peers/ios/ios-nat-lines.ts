import { canonicalCidr, Ipv4 } from '../../model/cidr.ts';
import type { Command, IosNat } from './ios-config.ts';
import { interfaceName } from './ios-interface-name.ts';
import { match } from './ios-pattern.ts';

const isAddress = (word: string | undefined): word is string => Ipv4.safeParse(word).success;

/** `static [tcp | udp] 10.2.0.5 [80] 198.51.100.5 [8080] …`, or `static network 10.2.0.0 198.51.100.0 /24`. */
const hostsOf = (words: readonly string[]): string | undefined => {
	const [first, ...rest] = words;
	if (first === 'network') {
		const length = rest.map((word) => /^\/(\d\d?)$/.exec(word)?.[1]).find((one) => one !== undefined);
		return isAddress(rest[0]) && length !== undefined && Number(length) <= 32 ? canonicalCidr(`${rest[0]}/${length}`) : undefined;
	}
	const local = /^(tcp|udp|esp)$/i.test(first ?? '') ? rest[0] : first;
	return isAddress(local) ? `${local}/32` : undefined;
};

const after = (words: readonly string[], word: string): string[] => {
	const at = words.findIndex((one) => one.toLowerCase() === word);
	return at < 0 ? [] : words.slice(at + 1);
};

/** `ip nat inside source …`: a list or a route map says of what, or it is static. */
export const natOf = ({ words, line }: Command): IosNat | undefined => {
	const text = words.join(' ');
	const [list, ...ofList] = match('ip nat inside source list L …', words) ?? [];
	const [routeMap, ...ofMap] = match('ip nat inside source route-map R …', words) ?? [];
	const rest = list === undefined ? ofMap : ofList;
	const gives = after(rest, 'interface').filter((word) => word.toLowerCase() !== 'overload');
	const named = gives.length === 0 ? {} : { gives: interfaceName(gives) };
	if (list !== undefined) return { line, text, by: { list }, ...named };
	if (routeMap !== undefined) return { line, text, by: { routeMap }, ...named };
	const fixed = match('ip nat inside source static V …', words);
	const hosts = fixed && hostsOf(fixed);
	if (fixed === undefined || hosts === undefined) return undefined;
	const [conditional] = after(fixed, 'route-map');
	return { line, text, by: { hosts, ...(conditional === undefined ? {} : { routeMap: conditional }) } };
};
