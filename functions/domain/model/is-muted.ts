import type { VpnConnection } from './vpn-connection.ts';

export const isMuted = ({ mutedUntil }: Pick<VpnConnection, 'mutedUntil'>, now: Date): boolean =>
	mutedUntil !== undefined && Date.parse(mutedUntil) > now.getTime();
