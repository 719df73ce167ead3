import type { ProbeReading } from './connection-probe.ts';
import type { ReasonCode } from './reasons.ts';

/** One connection's line of a router's report (`s2s/1`). */
export type ConnectionReport = {
	connectionId: string;
	phase1: boolean;
	/** One per subnet pair, in the order of the connection's `remoteCidrs`; none where an apply is running and they are not known. */
	up: boolean[];
	bytesIn: number;
	bytesOut: number;
	/** Of a connection with a probe, where there is a recent answer or the lack of one. */
	probe?: ProbeReading;
	/** The most likely reason, then the other candidates. */
	reasons: ReasonCode[];
};

export type Revision = { generation: number; hash: string };

export type RouterReport = {
	flavor: 'openswan' | 'libreswan';
	version: string;
	daemon: boolean;
	/** An apply is running: the report changes no state. */
	busy: boolean;
	/** What the router really holds; `drift` if its files, conns or chains are not what was stored. */
	revision: Revision | 'drift' | 'none';
	packetRules: 'ok' | 'missing';
	/** Epoch seconds at which the router started. */
	boot: number;
	capabilities: string[];
	/** Which version of our scripts is installed; undefined of a router whose check does not say so yet. */
	scripts?: string | 'none';
	connections: ConnectionReport[];
	/** What an apply did, step by step (F-22); empty for a check. */
	steps: string[];
};
