import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckCode } from '../../functions/domain/router-check/check-finding.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/aws-router.md'), 'utf8');

describe('the guide to a router', () => {
	it('says of every check what is looked at, each once and in the order of the answer', () => {
		const rows = [...page.matchAll(/^\| (`.+?`) \| (\S.*) \|$/gm)];
		const codes = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code));

		expect(codes).toEqual(CheckCode.options);
	});
});
