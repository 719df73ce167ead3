import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../../functions/domain/model/reasons.ts';

const docs = join(import.meta.dirname, '../../../docs');
const page = readFileSync(join(docs, 'reasons.md'), 'utf8');
const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
const sides = { peer: 'the peer', router: 'the router', both: 'both', path: 'the path', request: 'the request' };

describe('the page that alerts link to', () => {
	it('has a section for each reason and for no other, under the anchor that alerts link to', () => {
		expect(headings.toSorted()).toEqual(Object.keys(reasons).toSorted());
	});

	it.each(Object.entries(reasons))('says for %s on which side to fix it', (code, { side }) => {
		const section = page.split(`\n## ${code}\n`)[1]?.split('\n## ')[0] ?? '';
		expect(section).toContain(`**Side: ${sides[side]}.**`);
	});
});
