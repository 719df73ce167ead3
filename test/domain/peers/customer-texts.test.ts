import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreateCustomerGateway } from '../../../functions/domain/model/customer-gateway.ts';
import { Secret } from '../../../functions/domain/model/secret.ts';
import type { Device } from '../../../functions/domain/peers/contract/peer-device.ts';
import { type PeerView, peerView } from '../../../functions/domain/peers/contract/peer-view.ts';
import { type PeerCheck, peerCheck, readers } from '../../../functions/domain/peers/peer-check.ts';
import { samples } from '../../support/at-length.ts';
import { aCustomerGateway, aGateway, aVpc, idOf } from '../../support/builders.ts';
import { customerTexts } from './customer-texts.ts';

type Expected =
	| { fits: true }
	| {
			/** `*` is one finding, whatever it is called. */
			findings: string[];
			lines?: Record<string, number | number[]>;
			commands?: string[];
			absentCommands?: string[];
			says?: string;
			not?: string[];
	  };
type Connection = { gatewayIp: string; vpcCidr: string; customerGateway: Record<string, unknown> };
type Case = {
	name: string;
	device: Device;
	connection: Connection;
	/** Any of several answers may be right. */
	expect: Expected | Expected[];
	why: string;
};

const folder = new URL('./texts/', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(new URL('cases.json', folder), 'utf8'));
const textOf = ({ name }: Case): string => readFileSync(new URL(`${name}.txt`, folder), 'utf8');

/** The branch that all these are texts of. */
const branch: Connection = {
	gatewayIp: '203.0.113.1',
	vpcCidr: '10.1.0.0/16',
	customerGateway: {
		gateway: '198.51.100.2',
		remoteCidrs: ['10.2.0.0/24'],
		ike: { encryption: 'aes128', hash: 'sha1', dhGroup: 2 },
		esp: { encryption: 'aes128', hash: 'sha1' },
	},
};

const viewOf = ({ gatewayIp, vpcCidr, customerGateway }: Connection, psk?: string): PeerView => {
	const { gateway, remoteId, remoteCidrs, ike, esp, forceEncaps } = CreateCustomerGateway.parse({
		...customerGateway,
		psk: 'not in the text',
	});
	const made = aCustomerGateway({
		gateway,
		remoteCidrs,
		ike,
		esp,
		...(remoteId === undefined ? {} : { remoteId }),
		...(forceEncaps === undefined ? {} : { forceEncaps }),
	});
	return peerView(idOf('vpnc', 1), made, {
		vpc: aVpc({ cidr: vpcCidr }),
		gateway: aGateway({ publicIp: gatewayIp }),
		...(psk === undefined ? {} : { psk: new Secret(psk) }),
	});
};

const check = (device: Device, text: string, view: PeerView): PeerCheck => {
	const reader = readers[device];
	if (reader === undefined) throw new Error(`no reader for ${device}`);
	return peerCheck(reader(text), view);
};

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

const told = ({ findings, notCompared }: PeerCheck): string[] => [
	...findings.flatMap(({ message, expected, commands }) => [message, expected, ...commands]),
	...notCompared.map(({ message }) => message),
];

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

	it('never shows a value that is none, whatever becomes of a text', () => {
		const texts = [
			...cases.map((one) => ({ device: one.device, text: textOf(one), view: viewOf(one.connection) })),
			...customerTexts.map(({ device, text, customerGateway, psk }) => ({
				device,
				text,
				view: viewOf({ ...branch, customerGateway: { ...branch.customerGateway, ...customerGateway } }, psk),
			})),
		];
		const other = viewOf({
			...branch,
			gatewayIp: '203.0.113.9',
			customerGateway: {
				gateway: 'any',
				remoteId: 'branch.example.com',
				remoteCidrs: ['10.2.0.0/25', '10.8.0.0/16'],
				ike: { version: 'ikev2', encryption: '3des', hash: 'sha512', dhGroup: 16 },
				esp: { encryption: 'aes192', hash: 'sha384', pfsGroup: 15 },
			},
		});
		const words = texts.flatMap(({ text }) => text.split(/\s+/));
		const change = fc.record({
			how: fc.constantFrom('word', 'no word', 'no line', 'no rest', 'twice'),
			at: fc.nat(),
			by: fc.nat(),
		});
		const mutated = (text: string, { how, at, by }: { how: string; at: number; by: number }): string => {
			const lines = text.split('\n');
			const n = at % lines.length;
			const own = (lines[n] ?? '').split(' ');
			const word = by % own.length;
			if (how === 'no rest') return lines.slice(0, n).join('\n');
			const line =
				how === 'no line'
					? []
					: how === 'twice'
						? [lines[n], lines[n]]
						: [own.toSpliced(word, 1, ...(how === 'word' ? [words[by % words.length] ?? ''] : [])).join(' ')];
			return lines.toSpliced(n, 1, ...line.map(String)).join('\n');
		};
		fc.assert(
			fc.property(
				fc.constantFrom(...texts),
				fc.array(change, { maxLength: 4 }),
				fc.boolean(),
				({ device, text, view }, changes, isOther) => {
					const answer = check(device, changes.reduce(mutated, text), isOther ? other : view);
					expect(told(answer).join('\n')).not.toMatch(/undefined|NaN|Infinity|\[object/);
					expect(answer.findings.flatMap(({ commands }) => commands).join('\n')).not.toContain('…');
				},
			),
			samples(400, 2_000),
		);
	});
});
