import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleGrammarAwk } from './bundle-grammar-awk.ts';
import { logPatternsAwk } from './log-patterns-awk.ts';
import { privateBlocksAwk } from './private-blocks-awk.ts';

const here = import.meta.dirname;
export type DocumentName = 'apply' | 'check' | 'logs' | 'inspect';

/**
 * A script without its comment lines, what its functions say they take, and blank lines; the indentation of heredocs does not matter, since
 * there are none in the parts.
 */
const compact = (text: string): string =>
	text
		.split('\n')
		.map((line) => line.trimStart())
		.filter((line) => line !== '' && !line.startsWith('# '))
		.map((line) => line.replace(/^(\w+\(\) \{) # .*/, '$1'))
		.join('\n');

const part = (name: string): string => compact(readFileSync(join(here, name), 'utf8'));

/** Lines in whose place rules stand that are generated from tables. */
const generated: readonly [mark: RegExp, text: () => string][] = [
	[/^#log-patterns$/m, logPatternsAwk],
	[/^#bundle-grammar$/m, bundleGrammarAwk],
	[/^#private-blocks$/m, privateBlocksAwk],
];

/** What the scripts of a router have in common. */
export const routerLibrary = (): string =>
	generated.reduce((text, [mark, rules]) => {
		if (!mark.test(text)) throw new Error(`the library has no place for ${mark.source}`);
		return text.replace(mark, rules);
	}, `${libraryParts()}\n`);

/**
 * The parts of the library. `paths` is used by all others, and who finds what is called from outside, in `run`, has found everything. Between
 * them any order would do: this one is packed best by gzip, which looks back no more than 32 kB.
 */
const parts =
	'paths grammar evidence reasons address packets bundle kernel need mask status columns bypass logs replies daemon-lines secrets orphans due tools report foreign daemon initiate heal memory files lock apply install includes run';

const libraryParts = (): string => {
	const files = readdirSync(join(here, 'lib')).filter((name) => name.endsWith('.sh'));
	const names = parts.split(' ').map((name) => `${name}.sh`);
	const unlike = [...files, ...names].find((name) => !files.includes(name) || !names.includes(name));
	if (unlike !== undefined) throw new Error(`${unlike} is no part of the library, or no file of it`);
	return names.map((name) => part(join('lib', name))).join('\n');
};

const installed = (name: string): string => `#!/bin/sh\n. "\${S2S_ROOT:-}/opt/s2s/lib.sh"\n${part(`${name}.sh`)}\n`;

/** What `apply` carries: the library, what a timer and a boot call, which stay on the router, and what it does itself. */
export type Scripts = Record<'lib' | 'heal' | 'boot' | 'apply', string>;

export const routerScripts = (): Scripts => ({
	lib: routerLibrary(),
	heal: installed('heal'),
	boot: installed('boot'),
	apply: `${part('apply.sh')}\n`,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As a router reports it of what is installed: `scripts=<8 hex digits>`. The library has everything but the names by which it is called. */
export const scriptsVersion = ({ lib }: Scripts = routerScripts()): string => sha256(lib).slice(0, 8);

/** Lines that no shell has trouble to read. */
const packedColumns = 2_000;
const packed = (text: string): string =>
	(
		gzipSync(text, { level: 9, memLevel: 9 })
			.toString('base64')
			.match(new RegExp(`.{1,${packedColumns}}`, 'g')) ?? []
	).join('\n');

/**
 * `apply` carries the scripts once, compressed, since a document and its parameters share 64 kB, of which the bundle of a full gateway
 * takes 26. They are unpacked beside what is installed, run from there, and installed once the bundle is found good.
 */
const applyDocument = (scripts: Scripts): string => {
	const texts = Object.entries(scripts);
	const names = texts.map(([name]) => `${name}.sh`);
	const archive = texts.map(([name, text]) => `#=== ${name}.sh\n${text}`).join('');
	return [
		'umask 077',
		`: "\${SSM_Bundle:?the agent of Systems Manager is too old}" "\${SSM_Revision:?the agent of Systems Manager is too old}"`,
		part('lib/tools.sh'),
		'has_tools || exit 1',
		`carried=\${S2S_ROOT:-}/run/s2s/carried.$$`,
		`trap 'rm -rf "$carried"' EXIT`,
		`trap 'exit 143' HUP INT TERM`,
		'mkdir -p "$carried" && cd "$carried" || exit 1',
		`base64 -d <<'S2S_END' | gzip -dc | awk '/^#=== /{ close(to); to = $2; next } { print >to }'`,
		packed(archive),
		'S2S_END',
		`[ "$(cat ${names.join(' ')} | sha256sum)" = '${sha256(texts.map(([, text]) => text).join(''))}  -' ] || { echo "the scripts could not be unpacked in $carried" >&2; exit 1; }`,
		'cd /',
		'. "$carried/lib.sh"',
		'. "$carried/apply.sh"',
	].join('\n');
};

/**
 * `inspect` has to run where no apply ever was, and where the tools to unpack something may be what is missing: it carries what it needs
 * of the library as it stands.
 */
const inspectDocument = (): string =>
	[
		`: "\${SSM_Key:?the agent of Systems Manager is too old}"`,
		...['paths', 'tools', 'install', 'daemon', 'secrets'].map((name) => part(join('lib', `${name}.sh`))),
		part('inspect.sh'),
	].join('\n');

/** The script of one SSM document. */
export const routerDocument = (name: DocumentName, scripts: Scripts = routerScripts()): string => {
	if (name === 'apply') return `${applyDocument(scripts)}\n`;
	return `${name === 'inspect' ? inspectDocument() : part(`${name}.sh`)}\n`;
};
