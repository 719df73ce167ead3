import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../functions/domain/router/parse-report.ts';
import { anyText } from '../../support/arbitraries.ts';
import { idOf, pairs } from '../../support/builders.ts';

const header = 's2s/1 libreswan/4.10 daemon=1 busy=0 revision=7-0123456789abcdef fw=ok boot=1763932000 caps=ikev1,modp1536';
const one = `${idOf('vpnc', 1)} p1=1 up=10 in=252 out=1260 reason=one-way,dpd-timeout`;
const two = `${idOf('vpnc', 2)} p1=0 up=0 in=0 out=0`;
const report = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('a report', () => {
	it('is parsed completely', () => {
		expect(parseReport(report('log - staged 2 files', header, one, two, 'end 2'))).toEqual({
			flavor: 'libreswan',
			version: '4.10',
			daemon: true,
			busy: false,
			revision: { generation: 7, hash: '0123456789abcdef' },
			packetRules: 'ok',
			boot: 1_763_932_000,
			capabilities: ['ikev1', 'modp1536'],
			connections: [
				{
					connectionId: idOf('vpnc', 1),
					phase1: true,
					up: pairs('10'),
					bytesIn: 252,
					bytesOut: 1260,
					reasons: ['one-way', 'dpd-timeout'],
				},
				{ connectionId: idOf('vpnc', 2), phase1: false, up: pairs('0'), bytesIn: 0, bytesOut: 0, reasons: [] },
			],
			steps: ['- staged 2 files'],
		});
	});

	it.each(['none', 'drift'])('may have the revision %s', (revision) => {
		expect(parseReport(report(header.replace(/revision=\S+/, `revision=${revision}`), 'end 0'))).toMatchObject({ revision });
	});

	it('stays readable during an apply, which may have taken the pairs of a connection away, and tells of no pair that is down', () => {
		const without = one.replace('up=10', 'up=');

		expect(parseReport(report(header.replace('busy=0', 'busy=1'), without, two, 'end 2'))).toMatchObject({
			busy: true,
			connections: [{ up: [] }, { up: [false] }],
		});
		expect(parseReport(report(header, without, two, 'end 2'))).toHaveProperty('unreadable');
	});

	it('keeps a line with an unknown reason, without the reason', () => {
		const parsed = parseReport(report(header, one.replace('one-way', 'sunspots'), 'end 1'));

		expect(parsed).toMatchObject({ connections: [{ up: pairs('10'), reasons: ['dpd-timeout'] }] });
	});

	it.each([
		'no-reply-through-tunnel',
		'route-missing',
		'route-refused',
		'crypto-denied',
		'router-unreachable',
		'router-not-managed',
	])('keeps a line without the reason %s, which no router can know', (reason) => {
		const parsed = parseReport(report(header, one.replace('one-way', reason), 'end 1'));

		expect(parsed).toMatchObject({ connections: [{ up: pairs('10'), reasons: ['dpd-timeout'] }] });
	});

	it('has no capabilities if it reports none', () => {
		expect(parseReport(report(header.replace(/caps=\S+/, 'caps=-'), 'end 0'))).toMatchObject({ capabilities: [] });
	});

	it.each([
		['nothing', ''],
		['only steps', report('log - staged')],
		['another format version', report(header.replace('s2s/1', 's2s/2'), 'end 0')],
		['another daemon', report(header.replace('libreswan', 'strongswan'), 'end 0')],
		['a word in the header that is no setting', report(`${header} x`, 'end 0')],
		['no end', report(header, one)],
		['an end line with a wrong count', report(header, one, 'end 2')],
		['more after the end', report(header, 'end 0', 'x')],
		['a broken line', report(header, 'vpnc-1 p1=1', 'end 1')],
		['a connection twice', report(header, one, one, 'end 2')],
		['carriage returns', report(header, one, 'end 1').replaceAll('\n', '\r\n')],
		['truncated output', report(header, one, '---Output truncated---')],
		['output truncated at the end', report(header, one, 'end 1', '--output truncated--')],
	])('is unreadable if it consists of or has %s', (_what, text) => {
		expect(parseReport(text)).toHaveProperty('unreadable');
	});

	it('never makes the parser throw, whatever a router prints', () => {
		fc.assert(fc.property(anyText(), (text) => typeof parseReport(text) === 'object'));

		fc.assert(
			fc.property(
				fc.array(fc.constantFrom(header, one, two, 'end 0', 'end 1', 'end 2', 'log - x', ''), { maxLength: 6 }),
				(lines) => {
					const parsed = parseReport(lines.join('\n'));
					return 'unreadable' in parsed || lines.includes(`end ${parsed.connections.length}`);
				},
			),
		);
	});
});
