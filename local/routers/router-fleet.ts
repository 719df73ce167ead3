import { join } from 'node:path';
import { connectLab, type Lab, startLab } from '../lab/lab.ts';
import type { RouterDriver } from './driver.ts';
import { execDriver } from './exec-driver.ts';
import { labDriver } from './lab-driver.ts';
import type { RouterEntry, RoutersFile } from './routers-file.ts';
import { type SimulatedRouter, type Steering, simulatedDriver } from './simulated/simulated-driver.ts';

export type RouterFleet = {
	/** Undefined for an instance that nobody manages. */
	driverOf(instanceId: string): Promise<RouterDriver | undefined>;
	/** False where the instance is no simulated one. */
	steer(instanceId: string, steering: Steering): Promise<boolean>;
	stop(): Promise<void>;
};

/** The routers of this machine, each behind the driver that routers.json names for it. */
export const routerFleet = ({ file, dir, lab }: { file: RoutersFile; dir: string; lab: Lab | undefined }): RouterFleet => {
	const drivers = new Map<string, Promise<RouterDriver>>();
	const simulated = new Map<string, SimulatedRouter>();
	let own: Promise<Lab> | undefined = lab && Promise.resolve(lab);

	const make = async (instanceId: string, entry: RouterEntry): Promise<RouterDriver> => {
		if (entry.driver === 'exec') return execDriver(entry.argv);
		if (entry.driver === 'lab') {
			if (entry.labFile !== undefined) return labDriver(await connectLab(entry.labFile));
			own ??= startLab({ dir: join(dir, 'lab') });
			return labDriver(await own);
		}
		const router = await simulatedDriver({ instanceId, dir: join(dir, 'routers', instanceId) });
		simulated.set(instanceId, router);
		return router;
	};

	const driverOf = async (instanceId: string): Promise<RouterDriver | undefined> => {
		const entry = file[instanceId] ?? file['*'];
		if (entry === undefined) return undefined;
		const known = drivers.get(instanceId) ?? make(instanceId, entry);
		drivers.set(instanceId, known);
		return known;
	};

	return {
		driverOf,
		async steer(instanceId, steering) {
			await driverOf(instanceId);
			const router = simulated.get(instanceId);
			await router?.steer(steering);
			return router !== undefined;
		},
		async stop() {
			for (const driver of await Promise.all(drivers.values())) await driver.stop();
			if (own !== undefined) await (await own).stop();
		},
	};
};
