import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { routerLibrary } from '../../router/build.ts';

/** Runs parts of the router's library below a root of its own, with an awk of choice. */
export const routerShell = (awk: readonly string[]) => {
	const root = mkdtempSync(join(tmpdir(), 's2s-router-'));
	const bin = join(root, 'bin');
	const put = (name: string, text: string, mode = 0o644) => {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text, { mode });
	};
	put('bin/awk', `#!/bin/sh\nexec ${awk.join(' ')} "$@"\n`, 0o755);
	put('bin/journalctl', '#!/bin/sh\n', 0o755);
	const PATH = `${bin}:${process.env['PATH']}`;
	return {
		root,
		/** A file of the router. */
		write: (name: string, lines: readonly string[], at?: Date) => {
			put(name, lines.map((line) => `${line}\n`).join(''));
			if (at !== undefined) utimesSync(join(root, name), at, at);
		},
		/** A command of the router, in place of what this machine has. */
		command: (name: string, script: string) => put(`bin/${name}`, `#!/bin/sh\n${script}\n`, 0o755),
		run: (script: string, env: Record<string, string> = {}) => {
			const ran = spawnSync('sh', ['-c', `${routerLibrary()}\n${script}`], {
				encoding: 'utf8',
				env: { PATH, S2S_PATH: PATH, S2S_ROOT: root, ...env },
				maxBuffer: 1e8,
			});
			return { stdout: ran.stdout, stderr: ran.stderr, lines: ran.stdout.split('\n').filter((line) => line !== '') };
		},
		remove: () => rmSync(root, { recursive: true, force: true }),
	};
};
