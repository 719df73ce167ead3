import { reasons } from '../model/reasons.ts';
import type { ConnectionReport } from '../model/report.ts';
import { foreignPlace } from './foreign-place.ts';

/** What an apply says of a connection that it could not apply, behind the connection's id. */
const failureOf = (connectionId: string, steps: readonly string[]): string | undefined => {
	const mark = `${connectionId} failed: `;
	return steps.find((step) => step.startsWith(mark))?.slice(mark.length);
};

/** What the steps of a report add to the reason of a line: the place of an error in the owner's files, or what failed. */
export const detailOf = (
	{ connectionId, reasons: [code] }: ConnectionReport,
	steps: readonly string[] = [],
): string | undefined => {
	if (code === undefined) return undefined;
	const place = code === 'foreign-config' ? foreignPlace(steps, connectionId) : undefined;
	const said = place ?? failureOf(connectionId, steps);
	return said && `${reasons[code].meaning}: ${said}`;
};
