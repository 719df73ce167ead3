import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { grants } from '../cdk/grants.ts';
import { type Service, servicesTouched } from '../cdk/services-touched.ts';
import { constructOf, readStack, region } from '../local/stack.ts';
import { cdkOut, synthesize } from '../local/synth.ts';
import { percentile } from './clock.ts';

const runs = 15;

const clients = {
	dynamodb: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'; DynamoDBDocumentClient.from(new DynamoDBClient({}));`,
	sqs: `import { SQSClient } from '@aws-sdk/client-sqs'; new SQSClient({});`,
	ssm: `import { SSMClient } from '@aws-sdk/client-ssm'; new SSMClient({});`,
	ec2: `import { EC2Client } from '@aws-sdk/client-ec2'; new EC2Client({});`,
	sns: `import { SNSClient } from '@aws-sdk/client-sns'; new SNSClient({});`,
} satisfies Record<Service, string>;

const clientsOf = (handler: string): Service[] => {
	const touches = grants[handler];
	if (touches === undefined) throw new Error(`nothing says what ${handler} touches`);
	return servicesTouched(touches);
};

/** Milliseconds that a new process takes to load a bundle. */
const startOf = (bundle: string, env: Record<string, string>): number =>
	Number(
		execFileSync(
			process.execPath,
			[
				'--input-type=module',
				'-e',
				`const t = performance.now(); await import(${JSON.stringify(bundle)}); console.log(performance.now() - t); process.exit()`,
			],
			{ env: { ...env, AWS_REGION: region, PATH: process.env['PATH'] }, encoding: 'utf8' },
		).trim(),
	);

/** Rows of the table: the function, its clients, milliseconds bare and ours, and their ratio. */
export const functionStart = async (): Promise<string[][]> => {
	await synthesize(() => {});
	const stack = await readStack(cdkOut);
	const dir = await mkdtemp(join(tmpdir(), 's2s-start-'));
	try {
		const rows: string[][] = [];
		for (const resource of stack.ofType('AWS::Lambda::Function')) {
			const handler = constructOf(resource);
			const used = clientsOf(handler);
			if (used.length === 0) continue;
			const bare = join(dir, `${handler}.mjs`);
			await build({
				stdin: {
					contents: `${used.map((name) => clients[name]).join('\n')}\nexport const handler = async () => ({});`,
					resolveDir: process.cwd(),
				},
				outfile: bare,
				bundle: true,
				format: 'esm',
				platform: 'node',
				target: 'node24',
				mainFields: ['module', 'main'],
				minify: true,
				banner: { js: "import{createRequire as s2sRequire}from'node:module';const require=s2sRequire(import.meta.url);" },
			});
			const { Environment } = stack.resolve(resource, (name) => `http://localhost/${name}`) as {
				Environment?: { Variables: Record<string, string> };
			};
			const env = Environment?.Variables ?? {};
			const ours = join(cdkOut, basename(String(resource.metadata['aws:asset:path'])), 'index.mjs');
			const times = { bare: [] as number[], ours: [] as number[] };
			for (let run = 0; run < runs; run++) {
				times.bare.push(startOf(bare, env));
				times.ours.push(startOf(ours, env));
			}
			const [own, other] = [percentile(times.ours, 50), percentile(times.bare, 50)];
			rows.push([handler, used.join(' '), other.toFixed(0), own.toFixed(0), (own / other).toFixed(2)]);
		}
		return rows;
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
};
