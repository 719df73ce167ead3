import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { grants } from '../../cdk/grants.ts';
import { services, servicesTouched } from '../../cdk/services-touched.ts';
import { constructOf, readStack } from '../../local/stack.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';

/** Of the deployment, for every function. */
const settings = new Set(
	'ACCOUNT_CLAIM ALERTING CHECK_INTERVAL_SECONDS CRYPTO_FLOOR DOCS_BASE_URL GROUPS_CLAIM MAX_CONNECTIONS_PER_GATEWAY POWERTOOLS_SERVICE_NAME PSK_PREFIX PUBLIC_REMOTE_CIDRS ROUTER_SCRIPTS ROUTES_PER_TABLE STAGE'.split(
		' ',
	),
);

describe('the functions of the stack', () => {
	const functions: { name: string; file: string; bundle: string; names: string[] }[] = [];
	beforeAll(async () => {
		await synthesize(() => {});
		const stack = await readStack(cdkOut);
		for (const resource of stack.ofType('AWS::Lambda::Function')) {
			const file = join(cdkOut, basename(String(resource.metadata['aws:asset:path'])), 'index.mjs');
			const { Environment } = stack.resolve(resource, (name) => name) as { Environment: { Variables: object } };
			functions.push({
				name: constructOf(resource),
				file,
				bundle: await readFile(file, 'utf8'),
				names: Object.keys(Environment.Variables)
					.filter((name) => !settings.has(name))
					.sort(),
			});
		}
	}, 120_000);

	it('are told the names of what they touch and no others', async () => {
		const table = functions.map(({ name, names }) => `${name}: ${names.join(' ') || 'nothing'}`).sort();

		await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('../golden/function-names.txt');
	});

	it('have the clients of the services they touch in their bundles and no others', () => {
		for (const { name, bundle } of functions) {
			const held = new Set([...bundle.matchAll(/serviceId\?\?"(\w+)"/g)].map(([, service]) => service?.toLowerCase()));

			expect([name, services.filter((service) => held.has(service))]).toEqual([name, servicesTouched(grants[name] ?? {})]);
		}
	});

	it('have the map of their sources beside their bundles, for errors in the log', () => {
		for (const { file } of functions) expect(existsSync(`${file}.map`)).toBe(true);
	});
});
