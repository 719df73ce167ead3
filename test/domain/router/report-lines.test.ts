import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../functions/domain/router/parse-report.ts';
import { idOf } from '../../support/builders.ts';

const header = 's2s/1 libreswan/4.10 daemon=1 busy=0 revision=7-0123456789abcdef fw=ok boot=1763932000 caps=ikev1,modp1536';
const line = `${idOf('vpnc', 1)} p1=1 up=10 in=252 out=1260 reason=one-way`;
const report = (...lines: string[]) => `${lines.join('\n')}\n`;
const withHeader = (from: string | RegExp, to: string) => parseReport(report(header.replace(from, to), line, 'end 1'));
const withLine = (from: string | RegExp, to: string) => parseReport(report(header, line.replace(from, to), 'end 1'));

const unreadable = (about: RegExp) => ({ unreadable: expect.stringMatching(about) });
const noHeader = unreadable(/header/);
const noEnd = unreadable(/end line/);
const noLine = unreadable(/connection line/);
const truncated = unreadable(/truncated/);

describe('the header of a report', () => {
	it.each<[string, string, object]>([
		['libreswan/4.10', 'openswan/2.6.38', { flavor: 'openswan', version: '2.6.38' }],
		['4.10', `4.10+deb12~u1-_${'x'.repeat(49)}`, { version: `4.10+deb12~u1-_${'x'.repeat(49)}` }],
		['daemon=1', 'daemon=0', { daemon: false, busy: false }],
		['busy=0', 'busy=1', { daemon: true, busy: true }],
		['fw=ok', 'fw=missing', { packetRules: 'missing' }],
		['revision=7-', 'revision=123456789012345-', { revision: { generation: 123_456_789_012_345, hash: '0123456789abcdef' } }],
		['1763932000', '999999999999', { boot: 999_999_999_999 }],
		['caps=ikev1,modp1536', 'caps=-', { capabilities: [] }],
		['caps=ikev1,modp1536', 'caps=,3des,', { capabilities: ['3des'] }],
		['caps=ikev1,modp1536', 'caps=- scripts=1a2b3c4d', { scripts: '1a2b3c4d' }],
		['caps=ikev1,modp1536', 'caps=- scripts=none', { scripts: 'none' }],
		['caps=ikev1,modp1536', 'caps=- later=1,x%2 scripts=1a2b3c4d more=', { scripts: '1a2b3c4d' }],
		['caps=ikev1,modp1536', 'caps=-', { scripts: undefined }],
	])('with %s as %s is read', (from, to, expected) => {
		expect(withHeader(from, to)).toMatchObject(expected);
	});

	it.each([
		['s2s/1', ' s2s/1'],
		['s2s/1', 'xs2s/1'],
		['4.10', ''],
		['4.10', 'x'.repeat(65)],
		['4.10', '4 10'],
		['daemon=1', 'daemon=2'],
		['daemon=1', 'daemon='],
		['busy=0', 'busy=yes'],
		['revision=7-', 'revision=-'],
		['revision=7-', 'revision=1234567890123456-'],
		['0123456789abcdef', '0123456789abcde'],
		['0123456789abcdef', '0123456789abcdef0'],
		['0123456789abcdef', '0123456789ABCDEF'],
		['7-0123456789abcdef', 'adrift'],
		['fw=ok', 'fw=fine'],
		['boot=1763932000', 'boot='],
		['boot=1763932000', 'boot=1234567890123'],
		['boot=1763932000', 'boot=x'],
		['caps=ikev1,modp1536', 'caps='],
		['caps=ikev1,modp1536', 'caps=IKE'],
		['caps=ikev1,modp1536', 'caps=ikev1 x'],
		['caps=ikev1,modp1536', 'caps=ikev1 scripts='],
		['caps=ikev1,modp1536', 'caps=ikev1 scripts=1a2b3c4'],
		['caps=ikev1,modp1536', 'caps=ikev1 scripts=1a2b3c4d0'],
		['caps=ikev1,modp1536', 'caps=ikev1 scripts=nones'],
	])('with %s as %s is unknown', (from, to) => {
		expect(withHeader(from, to)).toEqual(noHeader);
	});

	it('is the first line that is no step', () => {
		expect(parseReport(report(line, header, 'end 1'))).toEqual(noHeader);
		expect(parseReport(report('xlog one', header, 'end 0'))).toEqual(noHeader);
	});
});

describe('the line of a connection', () => {
	it.each<[string | RegExp, string, object]>([
		['p1=1', 'p1=0', { phase1: false }],
		['up=10', `up=${'01'.repeat(32)}`, { up: Array.from({ length: 64 }, (_, n) => n % 2 === 1) }],
		['in=252', 'in=9007199254740991', { bytesIn: Number.MAX_SAFE_INTEGER }],
		['out=1260', 'out=9007199254740991', { bytesOut: Number.MAX_SAFE_INTEGER }],
		[/ reason=.*/, '', { reasons: [] }],
		['one-way', '', { reasons: [] }],
		['one-way', 'dpd-timeout,one-way', { reasons: ['dpd-timeout', 'one-way'] }],
		['one-way', 'dpd-timeout,sunspots2', { reasons: ['dpd-timeout'] }],
		['reason=one-way', 'because=one-way', { reasons: [] }],
		['reason=', 'rtt=12 loss=0 reason=', { probe: { rttMs: 12, lossPercent: 0 }, reasons: ['one-way'] }],
		['reason=', 'loss=33 later=x%2 rtt=999999 reason=', { probe: { rttMs: 999_999, lossPercent: 33 }, reasons: ['one-way'] }],
		['reason=', 'loss=100 reason=', { probe: { lossPercent: 100 } }],
		['reason=', 'rtt=7 loss=100 reason=', { probe: { lossPercent: 100 } }],
		['reason=', 'loss=67 reason=', { probe: { lossPercent: 67 } }],
	])('with %s as %s is read', (from, to, expected) => {
		expect(withLine(from, to)).toMatchObject({ connections: [expected] });
	});

	it('has nothing of a probe where it does not say how many pings were lost', () => {
		expect(withLine('', '')).not.toHaveProperty('connections.0.probe');
		expect(withLine('reason=', 'rtt=7 reason=')).not.toHaveProperty('connections.0.probe');
	});

	it.each([
		['vpnc-', 'vpn-'],
		['vpnc-', 'xvpnc-'],
		[idOf('vpnc', 1), 'vpnc-0'],
		[idOf('vpnc', 1), `${idOf('vpnc', 1)}0`],
		[idOf('vpnc', 1), idOf('vpnc', 1).replace('1', 'g')],
		['p1=1', 'p1=2'],
		['up=10', 'up='],
		['up=10', 'up=12'],
		['up=10', `up=${'1'.repeat(65)}`],
		['in=252', 'in='],
		['in=252', 'in=x'],
		['in=252', 'in=90071992547409910'],
		['out=1260', 'out='],
		['out=1260', 'out=x'],
		['out=1260', 'out=90071992547409910'],
		['reason=one-way', 'reason=One Way'],
		['reason=', 'rtt= loss=0 reason='],
		['reason=', 'rtt=1000000 loss=0 reason='],
		['reason=', 'rtt=-1 loss=0 reason='],
		['reason=', 'rtt=1.5 loss=0 reason='],
		['reason=', 'rtt=1e3 loss=0 reason='],
		['reason=', 'rtt=0x10 loss=0 reason='],
		['reason=', 'loss= reason='],
		['reason=', 'loss=101 reason='],
		['reason=', 'loss=-1 reason='],
		['reason=', 'loss=33.3 reason='],
		['reason=', 'loss=NaN reason='],
		['reason=', 'loss=0 loss=100 reason='],
		['reason=', 'rtt=1 rtt=2 loss=0 reason='],
		['reason=', 'reason=dpd-timeout reason='],
		['reason=', 'loss reason='],
		[' reason=one-way', 'x'],
	])('with %s as %s cannot be read', (from, to) => {
		expect(withLine(from, to)).toEqual(noLine);
	});
});

describe('a report', () => {
	it.each<[string, string, object]>([
		['with a connection twice', report(header, line, line, 'end 2'), unreadable(/twice/)],
		['with no end', report(header, line), noEnd],
		['of a header alone', report(header), noEnd],
		['with an end that counts one too few', report(header, line, 'end 0'), noEnd],
		['with an end that counts one too many', report(header, line, 'end 2'), noEnd],
		['of nothing', '', noHeader],
		['of steps alone', report('log - staged'), noHeader],
		['with lines before its end that are no connections', report(header, '', 'end 1'), noLine],
		['that Run Command cut off', report(header, line, '---Output truncated---'), truncated],
		['that Run Command cut off, with spaces', report(header, line, '-- Output truncated --'), truncated],
		['that Run Command cut off in its steps', report('log - staged', '--output truncated--', header, 'end 0'), truncated],
		['that says so itself', report(header, `${line} --output truncated--`, 'end 1'), noLine],
		['that goes on after being cut off', report(header, '--output truncated-- x', 'end 1'), noLine],
		['that was cut off without dashes', report(header, 'output truncated', 'end 1'), noLine],
	])('%s is unreadable', (_what, text, why) => {
		expect(parseReport(text)).toEqual(why);
	});

	it('may end in as many empty lines as it likes, and have none within', () => {
		expect(parseReport(`${report(header, line, 'end 1')}\n\n`)).toHaveProperty('connections.length', 1);
		expect(parseReport(report(header, line, 'end 1').trimEnd())).toHaveProperty('connections.length', 1);
		expect(parseReport(report('', header, line, 'end 1'))).toEqual(noHeader);
	});

	it('of no connection is one', () => {
		expect(parseReport(report(header, 'end 0'))).toMatchObject({ connections: [], steps: [] });
	});

	it('has the steps before its header, whatever they print, and leaves an empty one out', () => {
		const steps = ['log - staged 2 files', 'log ! failed: daemon=1', 'log one', 'log '];

		expect(parseReport(report(...steps, header, 'end 0'))).toHaveProperty('steps', [
			'- staged 2 files',
			'! failed: daemon=1',
			'one',
		]);
	});
});
