import { type ReasonCode, reasons } from './reasons.ts';
import type { StateReason } from './vpn-connection.ts';

/** The reason of a connection: its meaning or detail, and what else it may be. */
export const stateReason = (code: ReasonCode, { candidates = [] as readonly ReasonCode[], detail = '' } = {}): StateReason => {
	const others = candidates.filter((one) => one !== code);
	const perhaps = others.length > 0 ? `; it may also be ${others.join(' or ')}` : '';
	return { code, kind: reasons[code].kind, detail: `${detail === '' ? reasons[code].meaning : detail}${perhaps}` };
};
