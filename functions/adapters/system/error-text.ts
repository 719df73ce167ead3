import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const frame = /(\(|at )(file:\/\/[^\s()]+|\/[^\s()]+):(\d+):(\d+)/g;
const maps = new Map<string, SourceMap | undefined>();

/** Read for the first error: `--enable-source-maps` would read the map, which is larger than the bundle, at each start of a function. */
const mapOf = (file: string): SourceMap | undefined => {
	if (!maps.has(file)) {
		const map = `${file}.map`;
		maps.set(file, existsSync(map) ? new SourceMap(JSON.parse(readFileSync(map, 'utf8'))) : undefined);
	}
	return maps.get(file);
};

/** The stack with the places in our sources in place of those in the bundle. What is no error is told as it is. */
export const errorText = (error: unknown): string => {
	if (!(error instanceof Error)) return String(error);
	return (error.stack ?? error.message).replace(frame, (whole, before: string, at: string, line: string, column: string) => {
		const file = at.startsWith('file:') ? fileURLToPath(at) : at;
		const found = mapOf(file)?.findOrigin(Number(line), Number(column));
		return found === undefined || !('fileName' in found)
			? whole
			: `${before}${found.fileName}:${found.lineNumber}:${found.columnNumber}`;
	});
};
