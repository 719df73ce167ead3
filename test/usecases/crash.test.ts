import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Route, takesKey } from '../../functions/http/chain/route.ts';
import { routes } from '../../functions/http/routes.ts';
import type { Ports } from '../../functions/ports.ts';
import { apiCaller } from '../support/api-caller.ts';
import { broken, unsettled } from '../support/crash/invariants.ts';
import { aScene, type Scene } from '../support/crash/scene.ts';
import { standing, unlikeAny } from '../support/crash/standing.ts';
import { isRead, type PortCall, type Stop, stopsOf } from '../support/crash/stopped-ports.ts';
import { loopFlows } from './crash-loops.ts';
import { type Request, requestFlows } from './crash-requests.ts';

let stops = 0;
const flows = requestFlows.length + loopFlows.length;
afterAll(() => console.log(`crash harness: ${stops} stops in ${flows} flows`));

const wrongs = (scene: Scene): string[] => [...scene.wrongs, ...broken(scene)];
const placeOf = ({ at, when }: Stop, calls: readonly PortCall[]): string => `${when} ${calls[at]?.name} (${at})`;

type Repeat = 'never' | 'at once' | 'later' | 'under its key';

const send = ({ route, call = {}, params }: Request, key?: string) => {
	const headers = key === undefined ? call.headers : { ...call.headers, 'idempotency-key': key };
	return (ports: Ports) => apiCaller(ports)(route, { ...call, headers }, params);
};

const mayBeKeyed = (routeKey: string): boolean =>
	(routes as readonly Route[]).some((route) => `${route.method} ${route.path}` === routeKey && takesKey(route));

describe('a request that dies at any of its port calls leaves its work either done or not done', () => {
	it.each(requestFlows)('$what', async ({ setUp, again, inParts = false, isMadeAnew = false }) => {
		const story = async (stop?: Stop, repeat: Repeat = 'never') => {
			const scene = await aScene();
			const request = await setUp(scene);
			const key = repeat === 'under its key' ? 'k' : undefined;
			const { outcome, calls } = await scene.run(send(request, key), stop);
			const wrong = wrongs(scene);
			const repeated: number[] = [];
			const sendAgain = async () => {
				const { outcome: answer } = await scene.run(send(request, key));
				if (answer === 'stopped' || 'error' in answer) throw new Error('a repeat is answered');
				repeated.push(answer.value.status ?? 0);
			};
			if (repeat === 'at once' || repeat === 'under its key') await sendAgain();
			await scene.settle();
			if (repeat === 'later' || repeat === 'under its key') {
				await sendAgain();
				await scene.settle();
			}
			return {
				scene,
				outcome,
				calls,
				repeated,
				wrong: [...wrong, ...wrongs(scene), ...unsettled(scene)],
				standing: standing(scene),
			};
		};
		const untouched = await aScene();
		const { route } = await setUp(untouched);
		await untouched.settle();
		const undone = standing(untouched);
		const { outcome, calls, ...whole } = await story();
		expect(whole.wrong).toEqual([]);
		if (outcome === 'stopped' || 'error' in outcome) throw new Error('it is answered');
		const { status } = outcome.value;
		expect(status).toBeLessThan(300);
		const done = whole.standing;

		const found: string[] = [];
		const repeats: Repeat[] = isMadeAnew ? ['never'] : ['never', 'at once', 'later'];
		if (mayBeKeyed(route)) repeats.push('under its key');
		for (const repeat of repeats) {
			const made = repeat === 'under its key' ? (await story(undefined, repeat)).calls : calls;
			/** Under an Idempotency-Key, the first request may still count as running; and what was done is never done again. */
			const answers = (n: number) => (repeat !== 'under its key' ? [status, again] : n === 0 ? [status, 409] : [status]);
			const fair = repeat === 'never' ? [undone, done] : [done];
			const hasOwnHistory = repeat !== 'never' || inParts;
			// Nothing changes between two writes, so a repeat finds the same wherever the first request stopped in between.
			const places = stopsOf(made, whole.scene.within).filter(({ at }) => repeat === 'never' || !isRead(made[at]?.name ?? ''));
			for (const stop of places) {
				stops++;
				const end = await story(stop, repeat);
				const wrong = [
					...end.wrong,
					...unlikeAny(
						end.standing,
						fair.map((one) => (hasOwnHistory ? { ...one, history: end.standing.history } : one)),
					),
					...end.repeated.filter((one, n) => !answers(n).includes(one)).map((one) => `a repeat is answered ${one}`),
					...(end.outcome === 'stopped' ? [] : ['it was not stopped']),
				];
				found.push(...wrong.map((one) => `${placeOf(stop, made)}, repeated ${repeat}: ${one}`));
			}
		}
		expect(found).toEqual([]);
	});
});

describe('a loop that dies at any of its port calls still brings everything to the same state', () => {
	it.each(loopFlows)('$what', async ({ of, setUp, afterwards }) => {
		const story = async (stop?: Stop) => {
			const scene = await aScene();
			await setUp(scene);
			const { outcome, calls } = await scene.deliver(of, stop);
			const wrong = wrongs(scene);
			await afterwards?.(scene);
			await scene.settle();
			return { scene, outcome, calls, wrong: [...wrong, ...wrongs(scene), ...unsettled(scene)], standing: standing(scene) };
		};
		const whole = await story();
		expect(whole.wrong).toEqual([]);

		const found: string[] = [];
		for (const stop of stopsOf(whole.calls, whole.scene.within)) {
			stops++;
			const end = await story(stop);
			const wrong = [
				...end.wrong,
				...unlikeAny(end.standing, [whole.standing]),
				...(end.outcome === 'stopped' ? [] : ['it was not stopped']),
			];
			found.push(...wrong.map((one) => `${placeOf(stop, whole.calls)}: ${one}`));
		}
		expect(found).toEqual([]);
	});
});

describe('hints alone, without a tick, finish the work', () => {
	const left = async (scene: Scene) => {
		// Some hints are delayed by seconds.
		await scene.pass(59);
		return [...wrongs(scene), ...scene.unfinished()];
	};
	it.each(requestFlows)('after $what', async ({ setUp }) => {
		const scene = await aScene();
		const request = await setUp(scene);
		scene.hintsOnly();
		const { outcome } = await scene.run(send(request));
		expect(outcome).toMatchObject({ value: { status: expect.toSatisfy((status) => status < 300) } });
		expect(await left(scene)).toEqual([]);
	});
	it.each(loopFlows.filter(({ waits }) => !waits))('after $what', async ({ of, setUp }) => {
		const scene = await aScene();
		await setUp(scene);
		scene.hintsOnly();
		await scene.deliver(of);
		expect(await left(scene)).toEqual([]);
	});
});

/** Use cases that only read, or only return what is to be written. */
const readers = [
	'alert-subscriptions/list-alert-subscriptions.ts',
	'connections/check-peer-config.ts',
	'connections/connection-ends.ts',
	'connections/diagnose-connection.ts',
	'connections/read-availability.ts',
	'connections/read-logs.ts',
	'connections/render-peer-config.ts',
	'customer-gateways/plan-customer-gateway-change.ts',
	'loops/decision-writes.ts',
	'loops/read-router.ts',
	'vpcs/check-router.ts',
];
describe('use cases', () => {
	const root = join(import.meta.dirname, '../../functions/usecases');
	const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts') && !file.startsWith('shared/'))
		.sort();

	it('that write are all stopped here', async () => {
		const calls: PortCall[] = [];
		for (const { setUp } of requestFlows) {
			const scene = await aScene();
			calls.push(...(await scene.run(send(await setUp(scene)), 'traced')).calls);
		}
		for (const { of, setUp } of loopFlows) {
			const scene = await aScene();
			await setUp(scene);
			calls.push(...(await scene.deliver(of, 'traced')).calls);
		}
		const writers = new Set(calls.flatMap(({ name, from }) => (isRead(name) || from === undefined ? [] : [from])));

		expect([...writers, ...readers].sort()).toEqual(files);
	});

	it.each(readers)('do not write: %s', (file) => {
		const source = readFileSync(join(root, file), 'utf8');
		expect(source).not.toMatch(
			/transact\(|secrets|control|queues|hint(Reconcile|Alert)|\.(put|remove|publish|subscribe|unsubscribe|claim|pay|apply)\(/,
		);
	});
});
