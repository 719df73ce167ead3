import type { EventDraft } from './decision.ts';
import type { Vpc } from './vpc.ts';
import type { VpnConnection } from './vpn-connection.ts';

type Happening = Omit<EventDraft, 'subject' | 'accountId' | 'vpcId' | 'at'> & { now: Date };

export const connectionEvent = (
	{ id, accountId, vpcId }: Pick<VpnConnection, 'id' | 'accountId' | 'vpcId'>,
	{ now, ...happening }: Happening,
): EventDraft => ({ subject: { kind: 'connection', id }, accountId, vpcId, at: now.toISOString(), ...happening });

export const routerEvent = (
	{ id, accountId }: Pick<Vpc, 'id' | 'accountId'>,
	{ now, ...happening }: Omit<Happening, 'kind'>,
): EventDraft => ({ subject: { kind: 'router', id }, accountId, vpcId: id, at: now.toISOString(), kind: 'router', ...happening });
