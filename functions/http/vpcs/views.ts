import * as z from 'zod';
import { Vpc } from '../../domain/model/vpc.ts';

export const VpcView = Vpc.omit({
	rev: true,
	slots: true,
	lease: true,
	retry: true,
	silenceNotified: true,
	retired: true,
}).extend({
	/** Former routers that are still to be cleaned. */
	retired: z.array(z.object({ instanceId: z.string() })).optional(),
});
