import type { Device } from '../../domain/peers/contract/peer-device.ts';
import type { Finding } from '../../domain/peers/contract/peer-reading.ts';
import { peerCheck, readers } from '../../domain/peers/peer-check.ts';
import type { Ports } from '../../ports.ts';
import type { Caller } from '../shared/caller.ts';
import { ProblemError } from '../shared/problem-error.ts';
import { connectionEnds } from './connection-ends.ts';

type Request = { caller: Caller; id: string; device: Device; text: string };

/** Where a customer's configuration does not match the connection. The text is never stored. */
export const checkPeerConfig = async (
	ports: Ports,
	{ caller, id, device, text }: Request,
): Promise<{ device: Device; fits: boolean; findings: Finding[] }> => {
	const { view } = await connectionEnds(ports, { caller, id });
	const reader = readers[device];
	if (reader === undefined)
		throw new ProblemError(
			'unsupported-by-device',
			`cannot read a configuration for ${device}; supported devices: ${Object.keys(readers).join(', ')}`,
		);
	const findings = peerCheck(reader(text), view);
	return { device, fits: findings.length === 0, findings };
};
