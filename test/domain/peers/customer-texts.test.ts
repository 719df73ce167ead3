import { describe, expect, it } from 'vitest';
import type { PeerCheck } from '../../../functions/domain/peers/contract/peer-reading.ts';
import { customerTexts } from './customer-texts.ts';
import { branch, cases, check, type Expected, textOf, viewOf } from './device-texts.ts';

/** What is wrong with an answer, by what is expected of it. */
const wrongBy = (expected: Expected, { findings }: PeerCheck): string[] => {
	if ('fits' in expected) return findings.map(({ what }) => `${what} is found`);
	const codes = new Set<string>(findings.map(({ what }) => what));
	const commands = findings.flatMap((one) => one.commands);
	const isAnyCode = expected.findings[0] === '*';
	const isAt = (code: string, lines: number[]) =>
		findings.some(({ what, line }) => (code === '*' || what === code) && lines.includes(line));
	return [
		...(isAnyCode && findings.length !== 1 ? [`${findings.length} findings`] : []),
		...(isAnyCode ? [] : expected.findings.filter((code) => !codes.has(code)).map((code) => `${code} is not found`)),
		...(isAnyCode ? [] : [...codes].filter((code) => !expected.findings.includes(code)).map((code) => `${code} is found`)),
		...(expected.not ?? []).filter((code) => codes.has(code)),
		...Object.entries(expected.lines ?? {})
			.filter(([code, lines]) => !isAt(code, [lines].flat()))
			.map(([code, lines]) => `${code} is not at ${lines}`),
		...(expected.commands ?? []).filter((pattern) => !commands.some((command) => new RegExp(pattern).test(command))),
		...(expected.absentCommands ?? []).filter((text) => commands.some((command) => command.includes(text))),
		...(expected.says === undefined || findings.some((one) => new RegExp(expected.says ?? '', 'i').test(one.message))
			? []
			: [`no finding says ${expected.says}`]),
	];
};

describe('the check of a text as customers send it', () => {
	it.each(cases)('$name: $why', (one) => {
		const answer = check(one.device, textOf(one), viewOf(one.connection));

		const wrong = [one.expect].flat().map((expected) => wrongBy(expected, answer));
		expect(wrong, JSON.stringify(answer, null, 1)).toContainEqual([]);
	});

	it.each(customerTexts)(
		'$kind: $what',
		({ device, text, customerGateway, psk, finds = [], at, by, never = [], notCompared }) => {
			const view = viewOf({ ...branch, customerGateway: { ...branch.customerGateway, ...customerGateway } }, psk);
			const answer = check(device, text, view);
			const { findings } = answer;
			const commands = findings.flatMap((one) => one.commands).join('\n');

			expect(findings.map(({ what }) => what).sort(), JSON.stringify(answer, null, 1)).toEqual([...finds].sort());
			if (at !== undefined) expect(text.split('\n')[(findings[0]?.line ?? 0) - 1]).toContain(at);
			if (by !== undefined) expect(commands).toContain(by);
			for (const one of never) expect(commands).not.toContain(one);
			const open = new Set(answer.notCompared.map(({ what }) => what));
			if (notCompared !== undefined) expect([...open].sort()).toEqual([...notCompared].sort());
		},
	);

	it('has at least three of each kind beside the cases', () => {
		const kinds = new Set(cases.map(({ name }) => name));
		for (const { kind } of customerTexts) {
			expect(customerTexts.filter((one) => one.kind === kind).length, kind).toBeGreaterThanOrEqual(3);
			for (const name of kinds) if (name.startsWith(kind)) kinds.delete(name);
		}
		expect([...kinds]).toEqual([]);
	});
});
