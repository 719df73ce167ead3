import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../../ports.ts';

/** One JSON line an event on standard output, which is CloudWatch's. */
export const powertoolsLog = (serviceName: string): Log => {
	const logger = new Logger({ serviceName });
	return {
		info: (event, fields = {}) => logger.info(event, fields),
		warn: (event, fields = {}) => logger.warn(event, fields),
		error: (event, fields = {}) => logger.error(event, fields),
	};
};
