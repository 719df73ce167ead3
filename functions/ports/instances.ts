import type { SeenSurroundings } from '../domain/model/seen-instance.ts';

/** The instances of EC2. Never throws for what EC2 or one of its limits does. */
export type Instances = {
	/** One instance with what lies around it, and those of the route tables that exist. */
	read(of: { instanceId: string; tableIds: readonly string[] }): Promise<SeenSurroundings | { refused: string }>;
};
