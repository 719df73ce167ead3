import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reading } from '../../cdk/constructs/router-policy.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
const query = page.split('\n## Who read a key?\n')[1]?.split('```')[1] ?? '';

describe('the query for reads of keys', () => {
	it('asks for every call that reads a parameter, as routers are denied them', () => {
		const named = /eventName in \[([^\]]*)\]/.exec(query)?.[1] ?? '';

		expect([...named.matchAll(/"(\w+)"/g)].map(([, name]) => `ssm:${name}`).sort()).toEqual([...reading].sort());
	});
});
