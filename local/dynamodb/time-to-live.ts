import { join } from 'node:path';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import type { Call } from './transaction-types.ts';

type Specification = { AttributeName: string; Enabled: boolean };
type Update = { TableName: string; TimeToLiveSpecification: Specification };

/** Kept and shown, not acted upon: AWS too may take days to delete what has expired, so readers must look at the expiry anyway. */
export const timeToLive = async (call: Call, dir: string | undefined) => {
	const file = dir === undefined ? undefined : join(dir, 'time-to-live.json');
	const known: Record<string, Specification> = file === undefined ? {} : await readJson(file, {});

	return {
		/** The caller lets one update in at a time. */
		async update({ TableName, TimeToLiveSpecification }: Update): Promise<object> {
			await call('DescribeTable', { TableName });
			known[TableName] = TimeToLiveSpecification;
			if (file !== undefined) await writeDurably(file, JSON.stringify(known));
			return { TimeToLiveSpecification };
		},
		async describe({ TableName }: { TableName: string }): Promise<object> {
			await call('DescribeTable', { TableName });
			const specification = known[TableName];
			return {
				TimeToLiveDescription: specification?.Enabled
					? { TimeToLiveStatus: 'ENABLED', AttributeName: specification.AttributeName }
					: { TimeToLiveStatus: 'DISABLED' },
			};
		},
	};
};
