import * as z from 'zod';

/** What a router saw in the seconds of a probe. */
export const Probe = z.object({
	/** It began a tunnel, or tried to. */
	initiated: z.boolean(),
	/** The peer answers an ICMP echo. */
	ping: z.boolean(),
	/** Packets of IKE and of ESP from the peer's address meanwhile; `ikeBefore`, all those before. */
	ike: z.int().min(0),
	esp: z.int().min(0),
	ikeBefore: z.int().min(0),
	/** Bytes into and out of the tunnel meanwhile. */
	bytesOut: z.int(),
	bytesIn: z.int(),
});
export type Probe = z.infer<typeof Probe>;

export const probeMark = 's2s-probe ';

/** Of a router's answer to the logs document; undefined where it did not probe. */
export const probeOf = (text: string): Probe | undefined => {
	const line = text.split('\n').find((one) => one.startsWith(probeMark));
	if (line === undefined) return undefined;
	const values = Object.fromEntries(
		line
			.slice(probeMark.length)
			.split(' ')
			.map((word) => word.split('=')),
	);
	const probe = Probe.safeParse({
		initiated: values.initiated === '1',
		ping: values.ping === '1',
		ike: Number(values.ike),
		esp: Number(values.esp),
		ikeBefore: Number(values.seen) - Number(values.ike),
		bytesOut: Number(values.out),
		bytesIn: Number(values.in),
	});
	return probe.success ? probe.data : undefined;
};
