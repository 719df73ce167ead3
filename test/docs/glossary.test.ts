import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlanEffect } from '../../functions/domain/model/change-plan.ts';
import { Event } from '../../functions/domain/model/event.ts';
import { reasons } from '../../functions/domain/model/reasons.ts';
import { Silence } from '../../functions/domain/model/router-answer.ts';
import { ConnectionState, NotifiedHealth } from '../../functions/domain/model/vpn-connection.ts';
import type { Health } from '../../functions/domain/monitoring/health.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/glossary.md'), 'utf8');
const section = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const entries = (text: string): string[] => [...text.matchAll(/^- \*\*`([^`]+)`\*\*: \S.*\.$/gm)].map(([, word = '']) => word);
const healths = { up: true, degraded: true, down: true, unknown: true } satisfies Record<Health, true>;

describe('the glossary', () => {
	it.each([
		['States', ConnectionState.options],
		['Health', Object.keys(healths)],
		['Notified', NotifiedHealth.options],
		['Reasons', Object.keys(reasons)],
		['Kinds of silence', Silence.shape.code.options],
		['Kinds of event', Event.shape.kind.options],
		['Effects of a plan', PlanEffect.options],
	])('has a sentence for each word of %s and for no other', (heading, words) => {
		expect(entries(section(heading)).toSorted()).toEqual([...words].sort());
	});

	it.each(
		page
			.split('\n## ')
			.slice(1)
			.map((text) => [text.split('\n')[0], text]),
	)('explains each word of %s only once', (_heading, text = '') => {
		const words = [...text.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, word]) => word);

		expect(words.length).toBeGreaterThan(0);
		expect(words.filter((word, n) => words.indexOf(word) !== n)).toEqual([]);
	});
});
