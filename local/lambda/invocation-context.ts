/** What Lambda's runtime is told of an invocation; the rest of a context is of its sandbox. */
export type Invocation = {
	requestId: string;
	/** As the invoker named the function. */
	arn: string;
	/** As X-Ray's header writes it: `Root=…;Parent=…;Sampled=…`. */
	trace: string;
	/** When it is killed, in milliseconds since the epoch. */
	deadline: number;
};

/** What a handler gets beside its event, from a caller that is no mobile app. */
export const invocationContext = ({ requestId, arn, deadline }: Invocation, env: NodeJS.ProcessEnv) => ({
	callbackWaitsForEmptyEventLoop: true,
	functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
	functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
	memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
	logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
	logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
	invokedFunctionArn: arn,
	awsRequestId: requestId,
	getRemainingTimeInMillis: () => deadline - Date.now(),
});
