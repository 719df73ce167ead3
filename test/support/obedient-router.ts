import type { ProbeReading } from '../../functions/domain/model/connection-probe.ts';
import type { RouterAnswer } from '../../functions/domain/model/router-answer.ts';
import { aReport } from './builders.ts';
import type { MemoryPorts } from './memory-ports.ts';

/** A router that holds what it was last pushed, and whose tunnels are up but for those of the peers in `down`. */
export const obedientRouter = ({ outside }: { outside: Pick<MemoryPorts['outside'], 'apply' | 'check'> }) => {
	const held = {
		revision: undefined as { generation: number; hash: string } | undefined,
		text: '',
		/** The version of the scripts on it, and of those that an apply installs. */
		scripts: undefined as string | undefined,
		carried: undefined as string | undefined,
	};
	const down = new Set<string>();
	/** What the pings of a probe met, by host; without it nothing is known of it. */
	const replies = new Map<string, ProbeReading>();
	/** What came in and went out so far, by peer. */
	const bytes = new Map<string, [number, number]>();
	const answer = (): RouterAnswer => {
		const connections = [...held.text.matchAll(/^connection (\S+) .*peer=(\S+)(.*)\n((?:pair .*\n)+)/gm)].map(
			([, connectionId = '', peer = '', more = '', lines = '']) => {
				const probe = replies.get(/ probe=(\S+)/.exec(more)?.[1] ?? '');
				const up = !down.has(peer);
				return {
					connectionId,
					phase1: up,
					up: Array<boolean>(lines.trim().split('\n').length).fill(up),
					bytesIn: bytes.get(peer)?.[0] ?? 0,
					bytesOut: bytes.get(peer)?.[1] ?? 0,
					...(probe === undefined ? {} : { probe }),
					reasons: up ? [] : (['dpd-timeout'] as const).slice(),
				};
			},
		);
		return { report: aReport({ revision: held.revision ?? 'none', connections, scripts: held.scripts }) };
	};
	outside.apply = ({ revision, text, force = false }) => {
		const [generation = '0', hash = ''] = revision.split('-');
		if (force || held.revision === undefined || Number(generation) >= held.revision.generation) {
			held.revision = { generation: Number(generation), hash };
			held.text = text;
			held.scripts = held.carried;
		}
		return answer();
	};
	outside.check = () => answer();
	return { held, down, bytes, replies, answer };
};
