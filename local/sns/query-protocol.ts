import { randomUUID } from 'node:crypto';

/** An error as SNS answers it. */
export class SnsError extends Error {
	readonly code: string;
	readonly status: number;
	constructor(code: string, message: string, status = 400) {
		super(message);
		this.code = code;
		this.status = status;
	}
}
export const invalid = (message: string) => new SnsError('InvalidParameter', `Invalid parameter: ${message}`);

const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

/** An element's content; undefined leaves the element out. */
export type Xml = string | undefined | Xml[] | { [name: string]: Xml };

/** An array stands for a list, whose entries are called `member` in the Query protocol. */
export const toXml = (content: Xml, entries = 'member'): string => {
	if (content === undefined) return '';
	if (typeof content === 'string') return escaped(content);
	if (Array.isArray(content)) return content.map((entry) => `<${entries}>${toXml(entry, entries)}</${entries}>`).join('');
	return Object.entries(content)
		.filter(([, inner]) => inner !== undefined)
		.map(([name, inner]) => `<${name}>${toXml(inner, entries)}</${name}>`)
		.join('');
};

const escaped = (text: string): string => text.replace(/[<>&"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);

export const resultXml = (action: string, result: Xml): string =>
	`<${action}Response ${namespace}>${toXml({ [`${action}Result`]: result, ResponseMetadata: { RequestId: randomUUID() } })}</${action}Response>`;

export const errorXml = ({ code, status, message }: SnsError): string =>
	`<ErrorResponse ${namespace}>${toXml({
		Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
		RequestId: randomUUID(),
	})}</ErrorResponse>`;
