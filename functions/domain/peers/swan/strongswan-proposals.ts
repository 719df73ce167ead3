import type { EspPolicy, IkePolicy } from '../../model/crypto-suite.ts';
import { modpOf } from '../../rules/router-capabilities.ts';

/** strongSwan's spelling of a proposal, the same in `swanctl.conf` and `ipsec.conf`. */
export const ikeProposal = ({ encryption, hash, dhGroup }: IkePolicy): string => `${encryption}-${hash}-${modpOf[dhGroup]}`;
export const espProposal = ({ encryption, hash, pfsGroup }: EspPolicy): string =>
	`${encryption}-${hash}${pfsGroup === null ? '' : `-${modpOf[pfsGroup]}`}`;
