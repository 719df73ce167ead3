import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Log } from '../../ports.ts';
import { errorText } from './error-text.ts';

const logger = new Logger({ serviceName: 's2s-vpn' });

/** One JSON line an event on standard output, which is CloudWatch's. */
export const powertoolsLog: Log = {
	info: (event, fields = {}) => logger.info(event, fields),
	warn: (event, fields = {}) => logger.warn(event, fields),
	error: (event, { error, ...fields }) => logger.error(event, { ...fields, error: errorText(error) }),
};

/** Puts Lambda's request id and API Gateway's, as `correlation_id`, into each line that is logged while a request is answered. */
export const requestLogContext = (): MiddlewareObj[] => [
	injectLambdaContext(logger, { resetKeys: true }),
	{ before: ({ event }) => logger.setCorrelationId((event as APIGatewayProxyEventV2).requestContext.requestId) },
];
