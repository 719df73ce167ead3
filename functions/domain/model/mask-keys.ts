const masked = '***';

/** What a value is announced by: `PSK "…"`, `secret: …`, `pre-shared key = '…'`. */
const announced =
	'((?:psk|pre-?shared[ _-]?key|preshared|shared[ _-]?secret|secret|passphrase|password)["\']?\\s*(?:[:=]\\s*|is\\s+)?)';
/** In quotes, which may be cut off at the end. */
const quoted = new RegExp(`${announced}("[^"]*(?:"|$)|'[^']*(?:'|$)|“[^”]*(?:”|$))`, 'giu');
const assigned = new RegExp(`${announced.replace('(?:[:=]\\s*|is\\s+)?', '[:=]\\s*')}([^\\s"'“{][^\\s]*)`, 'giu');
/** As a daemon's secrets file has it, or anything after the word that is not one of the daemon's own. */
const afterWord = /\b(psk\s+)(0[stx]\S+|(?=\S*[^a-z\s])[^\s+{"'“]{8,})/giu;
/** A key as the daemons write one: base64, text, or hexadecimal that is longer than any cookie or SPI. */
const prefixed = /\b0(?:s[A-Za-z0-9+/=]{8,}|t\S{8,}|x[0-9a-f]{17,})/giu;
const base64 = /(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/]{11,}={1,2}|[A-Za-z0-9+/]{20,})(?![A-Za-z0-9+/=_-])/gu;

/** Policies of a daemon are joined by plus signs; paths and identifiers are of one case, or have no digits. */
const isKey = (word: string): boolean =>
	word.endsWith('=') ||
	(/[a-z]/.test(word) &&
		/[A-Z]/.test(word) &&
		/[0-9]/.test(word) &&
		!/^[A-Za-z0-9]+(\+[A-Z][A-Z0-9]*)+$/.test(word) &&
		!word.startsWith('/'));

/**
 * A line of a router without what has the shape of a pre-shared key. The router masks the keys that it holds by themselves; this is for
 * those that it does not know, and for routers that do not mask.
 */
export const maskKeys = (line: string): string =>
	line
		.replace(quoted, `$1${masked}`)
		.replace(assigned, `$1${masked}`)
		.replace(afterWord, `$1${masked}`)
		.replace(prefixed, masked)
		.replace(base64, (word) => (isKey(word) ? masked : word));
