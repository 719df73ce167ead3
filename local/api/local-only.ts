import type { IncomingMessage } from 'node:http';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The address of this server as the given one names it, where it does. */
const ownAddress = (host: string, port: number | undefined): URL | undefined => {
	const url = URL.parse(`http://${host}/`);
	return url !== null && loopback.has(url.hostname) && Number(url.port || 80) === port ? url : undefined;
};

/**
 * Why a request is not answered, which may have been sent by a page in a browser: a name that leads to this machine (DNS rebinding) or
 * another origin. Undefined for one that a program on this machine sent.
 */
export const notFromHere = ({ headers, socket }: IncomingMessage): string | undefined => {
	const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
	const own = ownAddress(host, socket.localPort);
	if (own === undefined) {
		return `the host ${host || '(none)'} is not this platform: use 127.0.0.1 or localhost, with port ${socket.localPort}`;
	}
	if (origin !== undefined && origin !== own.origin) return `the origin ${origin} is not this platform`;
	// A browser tells no origin of a GET that a page has it make for an image, a script or a frame.
	if (site !== 'none' && site !== 'same-origin') return 'a page of another site asks for this';
	return undefined;
};
