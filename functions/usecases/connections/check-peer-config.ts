import type { Secret } from '../../domain/model/secret.ts';
import type { Device } from '../../domain/peers/contract/peer-device.ts';
import type { PeerCheck } from '../../domain/peers/contract/peer-reading.ts';
import { peerCheck, readers } from '../../domain/peers/peer-check.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { spendShare } from '../shared/share-of-minute.ts';
import { connectionEnds } from './connection-ends.ts';

/** Each holds a function for as long as it takes to judge the text. */
const mostAMinute = 120;

type Request = { caller: Caller; id: string; device: Device; text: string; psk?: Secret };

/**
 * Where a customer's configuration does not match the connection, and what was not compared. Neither the text nor the key, which is
 * the caller's, is ever stored: the service cannot read its own key.
 */
export const checkPeerConfig = async (
	ports: Ports,
	{ caller, id, device, text, psk }: Request,
): Promise<PeerCheck & { device: Device; fits: boolean }> => {
	const { view, customerGateway } = await connectionEnds(ports, { caller, id, psk });
	const reader = readers[device];
	if (reader === undefined) {
		const detail = `cannot read a configuration for ${device}; supported devices: ${Object.keys(readers).join(', ')}`;
		throw new ProblemError('unsupported-by-device', detail, [{ pointer: '/device', detail }]);
	}
	const { accountId } = customerGateway;
	await spendShare(ports, caller, {
		accountId,
		counted: 'peer-checks',
		most: mostAMinute,
		done: `had ${mostAMinute} configurations checked`,
	});
	const { findings, notCompared } = peerCheck(reader(text), view);
	return { device, fits: findings.length === 0, findings, notCompared };
};
