import { Stack } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type DocumentName, routerDocument } from '../../router/build.ts';
import type { Settings } from '../settings.ts';

/** The agent compiles patterns as RE2, which refuses repeats beyond 1000: how long a value may be is `maxChars`. */
type Parameter = { description: string; allowedPattern: string; maxChars?: number; default?: string };
const shapes: Record<DocumentName, { description: string; timeoutSeconds: number; parameters: Record<string, Parameter> }> = {
	apply: {
		description: 'Applies the given site-to-site tunnels to a router, and removes all others',
		timeoutSeconds: 120,
		parameters: {
			Bundle: { description: 'The whole desired state: gzip, base64', allowedPattern: '^[A-Za-z0-9+/=]+$', maxChars: 40_000 },
			Revision: { description: 'Generation and hash of the bundle', allowedPattern: '^[0-9]{1,12}-[0-9a-f]{16}$' },
			Force: { description: 'Whether to override a higher generation', default: '0', allowedPattern: '^[01]$' },
		},
	},
	check: {
		description: 'Reports the tunnels of a router',
		timeoutSeconds: 10,
		parameters: {
			// Without any variable the script could not detect an agent that passes none.
			Report: { description: 'The format of the report', default: 's2s/1', allowedPattern: '^s2s/1$' },
		},
	},
	logs: {
		description: "Prints the lines of the router's logs that concern a connection",
		timeoutSeconds: 15,
		parameters: {
			ConnectionId: { description: 'The connection', allowedPattern: '^vpnc-[0-9a-f]{17}$' },
			Limit: { description: 'How many lines', allowedPattern: '^[0-9]{1,4}$' },
			Probe: { description: 'Whether to look for packets from the peer first', allowedPattern: '^[01]$' },
		},
	},
	inspect: {
		description: 'Reads what a router is made of, and changes nothing',
		timeoutSeconds: 20,
		parameters: {
			Key: {
				description: 'A parameter that the router should be able to read',
				allowedPattern: '^/[A-Za-z0-9/_-]+$',
				maxChars: 200,
			},
		},
	},
};

/** The four Systems Manager documents: the only commands that the service can run on a router. */
export class RouterDocuments extends Construct {
	readonly names: Record<DocumentName, string>;
	readonly arns: Record<DocumentName, string>;

	constructor(scope: Construct, id: string, { stage }: Settings) {
		super(scope, id);
		const made = Object.entries(shapes).map(([name, shape]) => {
			const document = documentOf(this, name as DocumentName, { stage, ...shape });
			return [name, document] as const;
		});
		const arn = (resourceName: string) => Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName });
		this.names = Object.fromEntries(made.map(([name, { ref }]) => [name, ref])) as Record<DocumentName, string>;
		this.arns = Object.fromEntries(made.map(([name, { name: full }]) => [name, arn(full ?? '')])) as Record<DocumentName, string>;
	}
}

type Shape = (typeof shapes)[DocumentName] & { stage: string };

const documentOf = (scope: Construct, name: DocumentName, { stage, description, timeoutSeconds, parameters }: Shape) =>
	new CfnDocument(scope, name, {
		name: `S2sVpn-${stage}-${name}`,
		documentType: 'Command',
		documentFormat: 'JSON',
		targetType: '/AWS::EC2::Instance',
		updateMethod: 'NewVersion',
		content: {
			schemaVersion: '2.2',
			description,
			// Passed as environment variables (`SSM_<name>`), so that no shell ever parses a value as part of a command.
			parameters: Object.fromEntries(
				Object.entries(parameters).map(([key, parameter]) => [
					key,
					{ type: 'String', interpolationType: 'ENV_VAR', ...parameter },
				]),
			),
			mainSteps: [
				{
					action: 'aws:runShellScript',
					name,
					inputs: { timeoutSeconds: String(timeoutSeconds), runCommand: routerDocument(name).split('\n') },
				},
			],
		},
	});
