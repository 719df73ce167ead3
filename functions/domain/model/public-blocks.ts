import * as z from 'zod';
import { cidrContains } from './cidr.ts';

/** What a deployment makes of public blocks behind a peer. Offices have them; so have the services that a router itself needs. */
export const PublicRemoteCidrs = z.enum(['allow', 'warn', 'deny']);
export type PublicRemoteCidrs = z.infer<typeof PublicRemoteCidrs>;

/** Private use (RFC 1918), shared address space (RFC 6598), and networks that are for measuring devices (RFC 2544). */
export const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'];

export const isPublicBlock = (cidr: string): boolean => !privateBlocks.some((block) => cidrContains(block, cidr));
