import { SSMClient } from '@aws-sdk/client-ssm';

/** An SSM client whose calls are answered by `send`. The SDK's paginators accept only an instance of its own class. */
export const ssmClientThat = (send: (command: unknown) => Promise<object>): SSMClient =>
	Object.assign(new SSMClient({ region: 'us-east-1' }), { send });
