import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { logPatternsAwk } from './log-patterns-awk.ts';

const here = import.meta.dirname;
export type DocumentName = 'apply' | 'check' | 'logs';

/** A script without its comment lines and blank lines; the indentation of heredocs does not matter, since there are none in the parts. */
const compact = (text: string): string =>
	text
		.split('\n')
		.map((line) => line.trimStart())
		.filter((line) => line !== '' && !line.startsWith('# '))
		.join('\n');

const part = (name: string): string => compact(readFileSync(join(here, name), 'utf8'));

/** The line in whose place the rules of the log stand. */
const patternsMark = /^#log-patterns$/m;

/** What the scripts of a router have in common. */
export const routerLibrary = (): string => {
	const joined = libraryParts();
	if (!patternsMark.test(joined)) throw new Error('the library has no place for the patterns of the log');
	return joined.replace(patternsMark, logPatternsAwk);
};

const libraryParts = (): string =>
	readdirSync(join(here, 'lib'))
		.filter((name) => name.endsWith('.sh'))
		.sort((a, b) => Number(b === 'paths.sh') - Number(a === 'paths.sh') || a.localeCompare(b))
		.map((name) => part(join('lib', name)))
		.join('\n');

const installed = (name: string): string => `#!/bin/sh\n. "\${S2S_ROOT:-}/opt/s2s/lib.sh"\n${part(`${name}.sh`)}`;

/** A file whole or not at all: what could not be written leaves the one before in its place and ends the script. */
const written = (path: string, { mode, by, text }: { mode: string; by: string; text: string }): string =>
	`${by} >"${path}.new" <<'S2S_END' && chmod ${mode} "${path}.new" && mv "${path}.new" "${path}" || exit 1\n${text}\nS2S_END`;

/** Lines that no shell has trouble to read. */
const packedColumns = 1_000;
const packed = (text: string): string =>
	(
		gzipSync(text, { level: 9 })
			.toString('base64')
			.match(new RegExp(`.{1,${packedColumns}}`, 'g')) ?? []
	).join('\n');

/**
 * `apply` carries the library once: it writes it where heal and boot find it, and reads it from there itself. It is compressed, since
 * a document and its parameters share 64 kB, of which the bundle of a full gateway takes 26.
 */
const applyDocument = (): string =>
	[
		'umask 077',
		`folder=\${S2S_ROOT:-}/opt/s2s`,
		'mkdir -p "$folder"',
		written('$folder/lib.sh', { mode: '600', by: '{ base64 -d | gzip -dc; }', text: packed(routerLibrary()) }),
		...['heal', 'boot'].map((name) => written(`$folder/${name}.sh`, { mode: '700', by: 'cat', text: installed(name) })),
		'. "$folder/lib.sh"',
		part('apply.sh'),
	].join('\n');

/** The script of one SSM document, its parts joined. */
export const routerDocument = (name: DocumentName): string =>
	`${name === 'apply' ? applyDocument() : [routerLibrary(), part(`${name}.sh`)].join('\n')}\n`;
