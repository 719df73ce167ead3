import { type ReasonCode, reasons } from './reasons.ts';
import type { StateReason, VpnConnection } from './vpn-connection.ts';

/** The reason of a connection: its meaning or detail, and what else it may be. */
export const stateReason = (code: ReasonCode, { candidates = [] as readonly ReasonCode[], detail = '' } = {}): StateReason => {
	const others = candidates.filter((one) => one !== code);
	const perhaps = others.length > 0 ? `; it may also be ${others.join(' or ')}` : '';
	return { code, kind: reasons[code].kind, detail: `${detail === '' ? reasons[code].meaning : detail}${perhaps}` };
};

/** The reason to show: that of its state, or what is wrong with the routes of a tunnel that is up. */
export const shownReason = ({
	state,
	stateReason: reason,
	routeTrouble,
}: Pick<VpnConnection, 'state' | 'stateReason' | 'routeTrouble'>): StateReason | undefined =>
	reason ?? (state === 'Connected' ? routeTrouble : undefined);
