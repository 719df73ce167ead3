import * as z from 'zod';

const address = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

export const Ipv4 = z.string().regex(address, { error: 'must be an IPv4 address, such as 203.0.113.9', abort: true });

/** The address as an unsigned 32-bit number. */
export const addressToNumber = (ip: string): number => ip.split('.').reduce((n, octet) => n * 256 + Number(octet), 0);

export const numberToAddress = (n: number): string => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');

type Range = { first: number; last: number };

/** The first and last address of a block. */
export const cidrRange = (cidr: string): Range => {
	const [ip = '', length = '32'] = cidr.split('/');
	const size = 2 ** (32 - Number(length));
	const first = Math.floor(addressToNumber(ip) / size) * size;
	return { first, last: first + size - 1 };
};

/** The block with its host bits zero. */
export const canonicalCidr = (cidr: string): string => `${numberToAddress(cidrRange(cidr).first)}/${cidr.split('/')[1]}`;

export const cidrsOverlap = (a: string, b: string): boolean => {
	const x = cidrRange(a);
	const y = cidrRange(b);
	return x.first <= y.last && y.first <= x.last;
};

export const cidrContains = (outer: string, inner: string): boolean => {
	const o = cidrRange(outer);
	const i = cidrRange(inner);
	return o.first <= i.first && i.last <= o.last;
};

/** Blocks in which there is neither a site nor a peer: this network, loopback, link-local, multicast and above. */
const unusable = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

export const unusableBlockOf = (cidr: string): string | undefined => unusable.find((block) => cidrsOverlap(block, cidr));

const notABlock = 'must be an IPv4 block, such as 10.2.0.0/24';

const malformed = (text: string): string =>
	text.endsWith('/0') && address.test(text.slice(0, -2))
		? 'would take all traffic: give the blocks that are used, such as 10.2.0.0/24'
		: notABlock;

const wrongWith = (cidr: string): string | undefined => {
	const [ip = ''] = cidr.split('/');
	if (!address.test(ip)) return notABlock;
	const block = unusableBlockOf(cidr);
	if (block !== undefined) return `has addresses of ${block}, which no site can use`;
	const meant = canonicalCidr(cidr);
	return meant === cidr ? undefined : `is not the start of a block: write ${meant}, or ${ip}/32 for the one address`;
};

/** A block as it is stored and compared: host bits are refused, so that what is read is what was written. */
export const Ipv4Cidr = z
	.string()
	.regex(/^[\d.]{7,15}\/([1-9]|[12]\d|3[0-2])$/, { error: ({ input }) => malformed(String(input)), abort: true })
	.superRefine((cidr, context) => {
		const message = wrongWith(cidr);
		if (message !== undefined) context.addIssue({ code: 'custom', message });
	});

/** 1 to 10 blocks (F-6); an overlap is reported at the later block. */
export const RemoteCidrs = z
	.array(Ipv4Cidr, {
		error: ({ code, input }) =>
			code === 'invalid_type' && input !== undefined ? 'must be a list, such as ["10.2.0.0/24"]' : undefined,
	})
	.min(1)
	.max(10)
	.superRefine((cidrs, context) => {
		cidrs.forEach((cidr, index) => {
			const other = cidrs.slice(0, index).find((earlier) => cidrsOverlap(earlier, cidr));
			if (other !== undefined) context.addIssue({ code: 'custom', path: [index], message: `overlaps ${other}` });
		});
	});
