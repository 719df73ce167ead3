import { describe, expect, it } from 'vitest';
import { isPeerHeard, logEvidence } from '../../../functions/domain/diagnosis/log-evidence.ts';
import { daemonLogs } from '../../support/daemon-logs.ts';

const evidence = (lines: readonly string[]) => logEvidence(lines.map((text) => ({ text })));
const codes = (lines: readonly string[]) => evidence(lines).map(({ code }) => code);
const initiating = '"x" #1: initiating Main Mode';
const unanswered = '"x" #1: STATE_MAIN_I1: retransmission; will wait 20s for response';
const refused = '"x" #1: ERROR: asynchronous network error report on wan, complainant 192.0.2.2: Connection refused [errno 111]';

describe('the evidence in a log', () => {
	it.each(daemonLogs)('begins with the code of $what', ({ lines, reasons }) => {
		expect(codes(lines)[0]).toBe(reasons[0]);
	});

	it('keeps what the attempt before met, behind what the present one meets', () => {
		const lines = [
			'"x" #1: malformed payload in packet',
			'"x" #2: initiating Main Mode',
			'"x" #2: no acceptable Oakley Transform',
		];
		expect(codes(lines.slice(0, 2))).toEqual(['psk-mismatch']);
		expect(codes(lines)).toEqual(['ike-proposal-mismatch', 'psk-mismatch']);
	});

	it('has the newest first of what is of a kind', () => {
		const lines = ['"x" #1: malformed payload in packet', '"x" #1: Peer ID mismatched on first found connection'];
		expect(codes(lines)).toEqual(['identity-mismatch', 'psk-mismatch']);
	});

	it('says of a peer that it cannot be reached only while nothing of it is heard', () => {
		expect(codes([initiating, unanswered, refused])).toEqual(['peer-unreachable', 'peer-unreachable']);
		for (const answer of ['"x" #1: received Vendor ID payload [XAUTH]', 'packet from 192.0.2.2:500: received and ignored']) {
			expect(codes([initiating, unanswered, refused, answer])).toEqual([]);
			expect(codes([initiating, answer, unanswered])).toEqual([]);
		}
		expect(codes([initiating, unanswered, initiating])).toEqual(['peer-unreachable']);
	});

	it('knows whether the peer was heard since our last attempt began', () => {
		const heard = (lines: string[]) => isPeerHeard(lines.map((text) => ({ text })));
		expect(heard([initiating, unanswered])).toBe(false);
		expect(heard([initiating, '"x" #1: STATE_MAIN_I2: sent MI2, expecting MR2'])).toBe(true);
		expect(heard(['"x" #1: STATE_MAIN_I2: sent MI2, expecting MR2', initiating])).toBe(false);
	});

	it.each([
		['shown', 'no acceptable Oakley Transform'],
		['shown', 'Connection refused [errno 111, origin ICMP type 3 code 3 (not authenticated)]'],
		['hinted', 'ignoring informational payload NO_PROPOSAL_CHOSEN'],
		['hinted', 'STATE_MAIN_I3: retransmission; will wait 20s for response'],
	])('is %s where the line is: %s', (strength, text) => {
		expect(evidence([`"x" #1: ${text}`])).toMatchObject([{ strength }]);
	});

	it('takes a state for a new one once the connection was loaded anew', () => {
		const up = '"x" #1: STATE_MAIN_I4: ISAKMP SA established';
		const refusal = '"x" #1: ignoring informational payload, type NO_PROPOSAL_CHOSEN msgid=00000000';
		expect(codes([up, refusal])).toEqual(['phase2-refused']);
		expect(codes([up, 'adding connection: "x"', refusal])).toEqual(['ike-proposal-mismatch']);
	});
});
