import * as z from 'zod';

/** What ends a line, moves a cursor or turns the direction of a text, what nobody sees, and what is no character at all. */
const unprintable =
	'\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\u00ad\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff';
export const printable = new RegExp(`^[^${unprintable}]*$`, 'u');
const unprintables = new RegExp(`[${unprintable}]+`, 'gu');

/** Any text that a user sends: it goes into mails, pages and terminals as it is. */
export const Text = z.string().regex(printable, 'must not contain control characters or line separators');
export const Name = Text.min(1).max(255);

/** The commands of a terminal, such as those that colour a text. */
const terminal = /\p{Cc}\[[0-9;:<=>?]*[ -/]*[@-~]/gu;

/** A text from elsewhere without what is no printable character of one line. */
export const printed = (text: string): string => text.replace(terminal, '').replace(unprintables, ' ');
export const oneLine = (text: string): string => printed(text).trim();

/** A path from the root, of which nothing is read as the name of a host. */
const path = /^["'(]*\/[\w.@:+-][\w.@:+/-]*[)"',;]*$/;
const dotOfHost = /(?<=[\p{L}\p{N}])[.。．｡](?=\p{L}[\p{L}\p{N}-])/gu;

/** What a router says as it may stand in a mail, with paths and addresses, and with nothing that a reader's program makes a link of. */
export const unlinked = (text: string): string =>
	oneLine(text)
		.replace(/:\/\//g, ': //')
		.replace(/www\./gi, 'www ')
		.replace(/\S+/gu, (word) => (path.test(word) ? word : word.replace(dotOfHost, '$& ')));

const mailAddress = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu;
/** A path, what begins like a URL, what ends like the name of a host, or a telephone number. */
const links = [
	/\//u,
	/www\./iu,
	/\b(?:https?|ftps?|mailto|tel|sms|callto|facetime|file|data|javascript):/iu,
	/[\p{L}\p{N}][.。．｡]\p{L}[\p{L}\p{N}-]/u,
	/\+\d[\d ()-]{6}/u,
];

/**
 * A name as it may stand in a mail or an SMS: what a reader's program could make a link of is replaced by the id. A mail address may
 * stand: it leads to no page.
 */
export const tellable = (name: string | undefined, id: string): string => {
	const line = oneLine(name ?? '');
	const rest = line.replace(mailAddress, '');
	return line === '' || links.some((link) => link.test(rest)) ? id : line;
};
