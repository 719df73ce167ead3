import { awsAccount, region } from '../stack.ts';
import type { Context } from './context.ts';

/** One right that a call needs; most need one, some several, and then all of them. */
export type Need = { action: string; resource: string; context?: Context };

export const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${awsAccount}:${resource}`;
