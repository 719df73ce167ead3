import { invalid } from './sns-xml.ts';

/** AWS: 256 KiB a message. */
const mostBytes = 262_144;
/** AWS: ASCII without line breaks or control characters, at most 100 characters. */
const subjectPattern = /^[\x20-\x7e]{1,100}$/;

export const subjectOf = (form: URLSearchParams): string => {
	const subject = form.get('Subject');
	if (subject !== null && !subjectPattern.test(subject)) throw invalid('Subject');
	return subject ?? '';
};

export type Texts = { default: string; [protocol: string]: string };

/** A message's text by protocol, and the one for protocols that have none of their own. */
export const textsOf = (form: URLSearchParams): Texts => {
	const message = form.get('Message') ?? '';
	if (message === '') throw invalid('Empty message');
	if (Buffer.byteLength(message) > mostBytes) throw invalid('Message too long');
	const structure = form.get('MessageStructure');
	if (structure === null) return { default: message };
	if (structure !== 'json') throw invalid('MessageStructure');
	let parsed: unknown;
	try {
		parsed = JSON.parse(message);
	} catch {
		throw invalid('Message Structure - JSON message body failed to parse');
	}
	// AWS: a key whose value is not a string is ignored.
	const texts = Object.fromEntries(Object.entries(parsed ?? {}).filter(([, text]) => typeof text === 'string'));
	if (texts['default'] === undefined) throw invalid('Message Structure - No default entry in JSON message body');
	return texts as Texts;
};
