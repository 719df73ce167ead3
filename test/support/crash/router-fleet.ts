import type { ReasonCode } from '../../../functions/domain/model/reasons.ts';
import type { RouterAnswer, Silence } from '../../../functions/domain/model/router-answer.ts';
import type { MemoryPorts } from '../memory-ports.ts';
import { obedientRouter } from '../obedient-router.ts';
import type { ParameterStore } from './parameter-store.ts';

type Push = Parameters<MemoryPorts['outside']['apply']>[0];
type Router = ReturnType<typeof obedientRouter> & {
	apply(push: Push): RouterAnswer;
	/** By connection, its peer and the key that the router fetched with its last bundle. */
	ends: Map<string, { peer: string; key: string | undefined }>;
	silence?: Silence;
};

/**
 * One router per instance. Each holds the last bundle that it took, with the keys that Parameter Store had at that moment. A tunnel is up
 * if its peer is up and has the same key.
 */
export const routerFleet = (memory: Pick<MemoryPorts, 'outside'>, { read }: Pick<ParameterStore, 'read'>) => {
	const routers = new Map<string, Router>();
	/** The key that a peer has; a peer that is not listed accepts any key. */
	const peerKeys = new Map<string, string>();
	const down = new Set<string>();

	const routerOf = (instanceId: string): Router => {
		const known = routers.get(instanceId);
		if (known !== undefined) return known;
		const outside = {} as Pick<MemoryPorts['outside'], 'apply' | 'check'>;
		const obedient = obedientRouter({ outside });
		const router: Router = {
			...obedient,
			ends: new Map(),
			apply(push) {
				outside.apply(push);
				const lines = obedient.held.text.matchAll(/^connection (\S+) .*peer=(\S+) .*psk=\/s2s\/dev\/(\S+):(\d+)/gm);
				router.ends = new Map(
					[...lines].map(([, id = '', peer = '', name = '', version]) => [id, { peer, key: read(name, Number(version)) }]),
				);
				return answerOf(router);
			},
		};
		routers.set(instanceId, router);
		return router;
	};

	const answerOf = (router: Router): RouterAnswer => {
		if (router.silence !== undefined) return { silence: router.silence };
		const answer = router.answer();
		if (!('report' in answer)) return answer;
		const connections = answer.report.connections.map((line) => {
			const reason = reasonOf(router.ends.get(line.connectionId));
			return reason === undefined ? line : { ...line, phase1: false, up: line.up.map(() => false), reasons: [reason] };
		});
		return { report: { ...answer.report, connections } };
	};

	const reasonOf = ({ peer, key }: { peer: string; key?: string } = { peer: '' }): ReasonCode | undefined => {
		if (key === undefined) return 'secret-missing';
		if (down.has(peer)) return 'dpd-timeout';
		return (peerKeys.get(peer) ?? key) === key ? undefined : 'psk-mismatch';
	};

	memory.outside.apply = (push) => {
		const router = routerOf(push.instanceId);
		return router.silence === undefined ? router.apply(push) : answerOf(router);
	};
	memory.outside.check = (instanceId) => answerOf(routerOf(instanceId));
	return { routers, routerOf, peerKeys, down };
};
export type RouterFleet = ReturnType<typeof routerFleet>;
