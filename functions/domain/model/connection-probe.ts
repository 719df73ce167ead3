import * as z from 'zod';
import { Ipv4 } from './cidr.ts';

/** A host behind the peer that the router pings through the tunnel: security associations are not reachability. */
export const ConnectionProbe = z.strictObject({ host: Ipv4 });
export type ConnectionProbe = z.infer<typeof ConnectionProbe>;

/** What the router's last pings met. There is no round trip where none was answered. */
export const ProbeReading = z.object({ lossPercent: z.int().min(0).max(100), rttMs: z.int().min(0).optional() });
export type ProbeReading = z.infer<typeof ProbeReading>;

export const isUnanswered = ({ lossPercent }: ProbeReading): boolean => lossPercent === 100;
