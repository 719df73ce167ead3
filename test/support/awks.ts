import { spawnSync } from 'node:child_process';
import { atLength } from './at-length.ts';

const known = [
	{ name: 'mawk', argv: ['mawk'] },
	{ name: 'gawk', argv: ['gawk'] },
	{ name: 'busybox awk', argv: ['busybox', 'awk'] },
	{ name: 'original-awk', argv: ['original-awk'] },
];

/** Those that this machine has of what routers have for awk; what the machine itself calls awk, if it is none of them. */
export const awks = ((found) => (found.length > 0 ? found : [{ name: 'awk', argv: ['awk'] }]))(
	known.filter(({ argv: [command = '', ...options] }) => spawnSync(command, [...options, 'BEGIN { exit 0 }']).status === 0),
);

/** For what is mostly shell: the first of them, and all in the long run. */
export const sampledAwks = atLength ? awks : awks.slice(0, 1);
