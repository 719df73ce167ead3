import { randomUUID } from 'node:crypto';
import { QueryError, toXml, type Xml } from '../query-protocol.ts';

export const invalid = (message: string) => new QueryError('InvalidParameter', `Invalid parameter: ${message}`);

const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

export const snsXml = (action: string, result: Xml): string =>
	`<${action}Response ${namespace}>${toXml({ [`${action}Result`]: result, ResponseMetadata: { RequestId: randomUUID() } })}</${action}Response>`;

export const snsErrorXml = ({ code, status, message }: QueryError): string =>
	`<ErrorResponse ${namespace}>${toXml({
		Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
		RequestId: randomUUID(),
	})}</ErrorResponse>`;
