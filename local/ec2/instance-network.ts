import * as z from 'zod';
import { cidrRange, numberToAddress } from '../../functions/domain/model/cidr.ts';
import type { ServedVpc } from '../routers/served-vpcs.ts';

const Ports = z.strictObject({ from: z.int(), to: z.int() });
const GroupRule = z.strictObject({
	protocol: z.string(),
	ports: Ports.optional(),
	cidrs: z.array(z.string()).default([]),
	/** `sg-…` and `pl-…`. */
	others: z.array(z.string()).default([]),
});
const AclRule = z.strictObject({
	number: z.int(),
	egress: z.boolean(),
	allow: z.boolean(),
	protocol: z.string(),
	ports: Ports.optional(),
	cidr: z.string(),
});

/** What lies around the interface of an instance. */
const Network = z.strictObject({
	vpcId: z.string(),
	sourceDestCheck: z.boolean(),
	addresses: z.array(z.strictObject({ privateIp: z.ipv4(), publicIp: z.ipv4().optional() })),
	inbound: z.array(GroupRule),
	outbound: z.array(GroupRule),
	/** Of the table of its subnet; `main`: it has none of its own. */
	subnetRoutes: z.union([z.literal('main'), z.array(z.strictObject({ cidr: z.string(), target: z.string() }))]),
	acl: z.array(AclRule),
});
export type Network = z.infer<typeof Network>;

/** What of it is not as docs/aws-router.md has it made. */
export const NetworkSteering = Network.partial();
export type NetworkSteering = z.infer<typeof NetworkSteering>;

const everywhere = '0.0.0.0/0';
const everything = (egress: boolean) => [
	{ number: 100, egress, allow: true, protocol: '-1', cidr: everywhere },
	{ number: 32_767, egress, allow: false, protocol: '-1', cidr: everywhere },
];

/** Elastic addresses lead to private ones: to those that the VPC names, else to the interface's own, one after another. */
const addressesOf = ({ cidr, publicIps }: ServedVpc): Network['addresses'] =>
	publicIps
		.toSorted((a, b) => Number(b.sourceNat) - Number(a.sourceNat))
		.map(({ ip, privateIp }, n) => ({ privateIp: privateIp ?? numberToAddress(cidrRange(cidr).first + 10 + n), publicIp: ip }));

/** As docs/aws-router.md has a router made in the VPC that it serves, but for what was steered. */
export const networkOf = (served: ServedVpc | undefined, steered: NetworkSteering = {}): Partial<Network> => ({
	...(served === undefined ? {} : { vpcId: served.id }),
	sourceDestCheck: false,
	addresses: served === undefined ? [] : addressesOf(served),
	inbound: [
		...[500, 4_500].map((port) => ({ protocol: 'udp', ports: { from: port, to: port }, cidrs: [everywhere], others: [] })),
		{ protocol: '50', cidrs: [everywhere], others: [] },
		...(served === undefined ? [] : [{ protocol: '-1', cidrs: [served.cidr], others: [] }]),
	],
	outbound: [{ protocol: '-1', cidrs: [everywhere], others: [] }],
	subnetRoutes: [{ cidr: everywhere, target: 'igw-0a1b2c3d' }],
	acl: [...everything(false), ...everything(true)],
	...steered,
});
