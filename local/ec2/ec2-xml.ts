import { randomUUID } from 'node:crypto';
import { type QueryError, toXml, type Xml } from '../query-protocol.ts';

/** EC2 calls the entries of a list `item`. */
export const ec2Xml = (action: string, result: { [name: string]: Xml }): string =>
	`<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${toXml({ requestId: randomUUID(), ...result }, 'item')}</${action}Response>`;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const ec2ErrorXml = ({ code, message }: QueryError): string =>
	`<Response>${toXml({ Errors: { Error: { Code: code, Message: message } }, RequestID: randomUUID() })}</Response>`;
