import * as z from 'zod';
import { Device } from '../../domain/peers/contract/peer-device.ts';
import { Finding } from '../../domain/peers/contract/peer-reading.ts';

export const PeerCheckView = z.object({ device: Device, fits: z.boolean(), findings: z.array(Finding) });
export const PeerConfigView = z.object({ device: Device, config: z.string(), verify: z.string(), remove: z.string() });
