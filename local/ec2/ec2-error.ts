import { randomUUID } from 'node:crypto';
import { toXml, type Xml } from '../sns/query-protocol.ts';

/** An error as EC2 answers it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export class Ec2Error extends Error {
	readonly code: string;
	readonly status: number;
	constructor(code: string, message: string, status = 400) {
		super(message);
		this.code = code;
		this.status = status;
	}
}

/** EC2 calls the entries of a list `item`. */
export const ec2Xml = (action: string, result: { [name: string]: Xml }): string =>
	`<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${toXml({ requestId: randomUUID(), ...result }, 'item')}</${action}Response>`;

export const ec2ErrorXml = ({ code, message }: Ec2Error): string =>
	`<Response>${toXml({ Errors: { Error: { Code: code, Message: message } }, RequestID: randomUUID() })}</Response>`;
