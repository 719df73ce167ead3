import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { connectLab, type Lab, startLab } from '../lab/lab.ts';
import type { RouterDriver } from './driver.ts';
import { execDriver } from './exec-driver.ts';
import { goneInstance, Instance, routerInstance } from './instance.ts';
import { labDriver } from './lab-driver.ts';
import type { RouterEntry, RoutersFile } from './routers-file.ts';
import { type SimulatedRouter, Steering as SimulatedSteering, simulatedDriver } from './simulated/simulated-driver.ts';

/** What of an instance can be set from outside: the tunnels and answers of a simulated router alone, the instance of any. */
export const Steering = SimulatedSteering.extend(Instance.partial().shape);
export type Steering = z.infer<typeof Steering>;

export type RouterFleet = {
	/** Undefined for an instance that routers.json does not name. */
	driverOf(instanceId: string): Promise<RouterDriver | undefined>;
	instanceOf(instanceId: string): Instance;
	/** The lab that it is the router of, if it is. */
	labOf(instanceId: string): Promise<Lab | undefined>;
	/** Whether what was on it has gone with the last run of the platform. Asked before its driver is made. */
	isLost(instanceId: string): Promise<boolean>;
	/** False where answers or tunnels are to be set of an instance that is no simulated router. */
	steer(instanceId: string, steering: Steering): Promise<boolean>;
	stop(): Promise<void>;
};

/** The routers of this machine, each behind the driver that routers.json names for it. */
export const routerFleet = ({ file, dir, lab }: { file: RoutersFile; dir: string; lab: Lab | undefined }): RouterFleet => {
	const drivers = new Map<string, Promise<RouterDriver>>();
	const simulated = new Map<string, SimulatedRouter>();
	const instances = new Map<string, Instance>();
	let own: Promise<Lab> | undefined = lab && Promise.resolve(lab);

	const entryOf = (instanceId: string): RouterEntry | undefined => file[instanceId] ?? file['*'];
	const folderOf = (instanceId: string) => join(dir, 'routers', instanceId);

	const labFor = (labFile: string | undefined): Promise<Lab> => {
		if (labFile !== undefined) return connectLab(labFile);
		own ??= startLab({ dir: join(dir, 'lab') });
		return own;
	};

	const make = async (instanceId: string, entry: RouterEntry): Promise<RouterDriver> => {
		if (entry.driver === 'exec') return execDriver(entry.argv);
		if (entry.driver === 'lab') return labDriver(await labFor(entry.labFile));
		const router = await simulatedDriver({ instanceId, dir: folderOf(instanceId) });
		simulated.set(instanceId, router);
		return router;
	};

	const driverOf = async (instanceId: string): Promise<RouterDriver | undefined> => {
		const entry = entryOf(instanceId);
		if (entry === undefined) return undefined;
		const known = drivers.get(instanceId) ?? make(instanceId, entry);
		drivers.set(instanceId, known);
		return known;
	};

	const isNamed = (instanceId: string) => entryOf(instanceId) !== undefined;
	const instanceOf = (instanceId: string): Instance =>
		instances.get(instanceId) ?? (isNamed(instanceId) ? routerInstance : goneInstance);

	return {
		driverOf,
		instanceOf,
		async labOf(instanceId) {
			const entry = entryOf(instanceId);
			return entry?.driver === 'lab' ? labFor(entry.labFile) : undefined;
		},
		async isLost(instanceId) {
			const entry = entryOf(instanceId);
			if (entry?.driver === 'lab') return entry.labFile === undefined;
			return entry?.driver === 'simulated' && !existsSync(folderOf(instanceId));
		},
		async steer(instanceId, { answers, tunnels, ...instance }) {
			if (!isNamed(instanceId)) return false;
			if (answers !== undefined || tunnels !== undefined) {
				await driverOf(instanceId);
				const router = simulated.get(instanceId);
				if (router === undefined) return false;
				await router.steer({ answers, tunnels });
			}
			const steered = { ...instanceOf(instanceId), ...instance };
			instances.set(instanceId, steered.state === 'gone' ? goneInstance : steered);
			return true;
		},
		async stop() {
			for (const driver of await Promise.all(drivers.values())) await driver.stop();
			if (own !== undefined) await (await own).stop();
		},
	};
};
