import * as z from 'zod';

const window = { from: z.string(), to: z.string(), bytesIn: z.int(), bytesOut: z.int() };
export const ConnectionUsageView = z.object({
	...window,
	items: z.array(z.object({ hour: z.string(), bytesIn: z.int(), bytesOut: z.int() })),
});
export const UsageView = z.object({
	...window,
	items: z.array(z.object({ accountId: z.string(), connectionId: z.string(), bytesIn: z.int(), bytesOut: z.int() })),
});
