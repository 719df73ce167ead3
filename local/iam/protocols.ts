import type { IncomingMessage } from 'node:http';
import type { Answer } from '../dynamodb/forward.ts';
import { ec2ErrorXml } from '../ec2/ec2-xml.ts';
import { QueryError } from '../query-protocol.ts';
import { snsErrorXml } from '../sns/sns-xml.ts';

/** How a service is asked, and how it refuses. */
export type Protocol = {
	read(request: IncomingMessage, body: Buffer): { operation: string; input: unknown };
	refuse(message: string): Answer;
	unknownCaller(): Answer;
};

const unknown = 'The security token included in the request is invalid.';

const jsonAnswer = (status: number, content: object, headers: Record<string, string> = {}): Answer => ({
	status,
	headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
	body: Buffer.from(JSON.stringify(content)),
});

/** `X-Amz-Target: Service.Operation`, and a JSON object. */
const json = (refuse: Protocol['refuse']): Protocol => ({
	read: (request, body) => ({
		operation: String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
		input: JSON.parse(body.toString()),
	}),
	refuse,
	unknownCaller: () => jsonAnswer(400, { __type: 'com.amazon.coral.service#UnrecognizedClientException', message: unknown }),
});

/** The errors that all actions have in common: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const dynamoDbProtocol = json((Message) =>
	jsonAnswer(400, { __type: 'com.amazon.coral.service#AccessDeniedException', Message }),
);
export const ssmProtocol = json((Message) => jsonAnswer(400, { __type: 'AccessDeniedException', Message }));

/**
 * Clients of the JSON protocol know the error by the name that the Query protocol had for it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-access-denied.html
 */
export const sqsProtocol = json((Message) =>
	jsonAnswer(
		403,
		{ __type: 'com.amazon.coral.service#AccessDeniedException', Message },
		{ 'x-amzn-query-error': 'AccessDenied;Sender' },
	),
);

const xmlAnswer = (status: number, text: string): Answer => ({
	status,
	headers: { 'content-type': 'text/xml' },
	body: Buffer.from(text),
});

/** The Query protocol: a form that names its action. */
const query = (refused: (code: string, message: string) => Answer, codes: { denied: string; unknown: string }): Protocol => ({
	read(_request, body) {
		const input = new URLSearchParams(body.toString());
		return { operation: input.get('Action') ?? '', input };
	},
	refuse: (message) => refused(codes.denied, message),
	unknownCaller: () => refused(codes.unknown, unknown),
});

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: AuthorizationError, 403. */
export const snsProtocol: Protocol = query((code, message) => xmlAnswer(403, snsErrorXml(new QueryError(code, message, 403))), {
	denied: 'AuthorizationError',
	unknown: 'InvalidClientTokenId',
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: UnauthorizedOperation, 403. */
export const ec2Protocol: Protocol = query((code, message) => xmlAnswer(403, ec2ErrorXml(new QueryError(code, message, 403))), {
	denied: 'UnauthorizedOperation',
	unknown: 'AuthFailure',
});
