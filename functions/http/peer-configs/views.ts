import * as z from 'zod';
import { Device } from '../../domain/peers/contract/peer-device.ts';
import { Finding, NotCompared } from '../../domain/peers/contract/peer-reading.ts';

export const PeerCheckView = z.object({
	device: Device,
	/** That there is no finding; what was not compared may still differ. */
	fits: z.boolean(),
	findings: z.array(Finding),
	notCompared: z.array(NotCompared),
});
export const PeerConfigView = z.object({ device: Device, config: z.string(), verify: z.string(), remove: z.string() });
