import { randomUUID } from 'node:crypto';

const version = '$LATEST';

/**
 * What Lambda adds to the environment of each sandbox, from which its runtime tells the handler where it is. A log group that the
 * function's own configuration names gets streams with the function's name in theirs (Lambda developer guide, "Configuring CloudWatch
 * log groups").
 */
export const runtimeVariables = ({ name, memoryMb, logGroup }: { name: string; memoryMb: number; logGroup: string }) => ({
	AWS_LAMBDA_FUNCTION_NAME: name,
	AWS_LAMBDA_FUNCTION_VERSION: version,
	AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
	AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
	AWS_LAMBDA_LOG_STREAM_NAME: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/${name}[${version}]${randomUUID().replaceAll('-', '')}`,
});
