import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
export type DocumentName = 'apply' | 'check' | 'logs';

/** An SSM document and its parameters share 64 kB, of which a bundle needs its part. */
const largest: Record<DocumentName, number> = { apply: 40_000, check: 60_000, logs: 60_000 };

/** A script without its comment lines and blank lines; the indentation of heredocs does not matter, since there are none in the parts. */
const compact = (text: string): string =>
	text
		.split('\n')
		.map((line) => line.trimStart())
		.filter((line) => line !== '' && !line.startsWith('# '))
		.join('\n');

const part = (name: string): string => compact(readFileSync(join(here, name), 'utf8'));

const library = (): string =>
	readdirSync(join(here, 'lib'))
		.filter((name) => name.endsWith('.sh'))
		.sort((a, b) => Number(b === 'paths.sh') - Number(a === 'paths.sh') || a.localeCompare(b))
		.map((name) => part(join('lib', name)))
		.join('\n');

const installed = (name: string): string => `#!/bin/sh\n. "\${S2S_ROOT:-}/opt/s2s/lib.sh"\n${part(`${name}.sh`)}`;

const heredoc = (path: string, mode: string, text: string): string =>
	`cat >"${path}.new" <<'S2S_END'\n${text}\nS2S_END\nchmod ${mode} "${path}.new" && mv "${path}.new" "${path}"`;

/** `apply` carries the library once: it writes it where heal and boot find it, and reads it from there itself. */
const applyDocument = (): string =>
	[
		'umask 077',
		`folder=\${S2S_ROOT:-}/opt/s2s`,
		'mkdir -p "$folder"',
		heredoc('$folder/lib.sh', '600', library()),
		...['heal', 'boot'].map((name) => heredoc(`$folder/${name}.sh`, '700', installed(name))),
		'. "$folder/lib.sh"',
		part('apply.sh'),
	].join('\n');

/** The script of one SSM document, its parts joined. */
export const routerDocument = (name: DocumentName): string => {
	const text = `${name === 'apply' ? applyDocument() : [library(), part(`${name}.sh`)].join('\n')}\n`;
	if (Buffer.byteLength(text) > largest[name])
		throw new Error(`the ${name} document has ${Buffer.byteLength(text)} bytes, more than ${largest[name]}`);
	return text;
};
