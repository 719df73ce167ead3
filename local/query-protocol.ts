import { createServer, type IncomingMessage } from 'node:http';
import { bodyOf, close, listenInside } from './listen.ts';

/** An error as the services of the Query protocol answer it, each in XML of its own. */
export class QueryError extends Error {
	readonly code: string;
	readonly status: number;
	constructor(code: string, message: string, status = 400) {
		super(message);
		this.code = code;
		this.status = status;
	}
}

/** An element's content; undefined leaves the element out. */
export type Xml = string | undefined | Xml[] | { [name: string]: Xml };

/** An array stands for a list, whose entries are called `member` unless the service says otherwise. */
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

type Service<Result extends Xml> = {
	/** The calls that are answered; another one is `InvalidAction`. */
	actions: Readonly<Record<string, (form: URLSearchParams) => Promise<Result>>>;
	resultXml(action: string, result: Result): string;
	errorXml(error: QueryError): string;
	port?: number;
};

export const startQueryService = async <Result extends Xml>({ actions, resultXml, errorXml, port = 0 }: Service<Result>) => {
	const answerTo = async (request: IncomingMessage): Promise<string> => {
		const form = new URLSearchParams((await bodyOf(request)).toString());
		const action = form.get('Action') ?? '';
		const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
		if (run === undefined) throw new QueryError('InvalidAction', `${action} is not answered here`);
		return resultXml(action, await run(form));
	};
	const server = createServer((request, response) => {
		const xml = (status: number, text: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
		answerTo(request).then(
			(text) => xml(200, text),
			(error: unknown) => {
				const known = error instanceof QueryError ? error : new QueryError('InternalError', String(error), 500);
				xml(known.status, errorXml(known));
			},
		);
	});
	const url = await listenInside(server, port);
	return { url, stop: () => close(server) };
};
