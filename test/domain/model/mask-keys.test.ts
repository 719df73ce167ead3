import { describe, expect, it } from 'vitest';
import { logLines, logsEnd } from '../../../functions/domain/diagnosis/log-lines.ts';
import { maskKeys } from '../../../functions/domain/model/mask-keys.ts';
import { parseReport } from '../../../functions/domain/router/parse-report.ts';
import { later } from '../../support/builders.ts';
import { daemonLogs } from '../../support/daemon-logs.ts';

const key = 'Correct horse 7 battery';
const word = 'Correct-horse-7-battery';
const encoded = Buffer.from(key).toString('base64');

describe('a key in what a router prints', () => {
	const shapes: [string, string][] = [
		['in double quotes', `192.0.2.1 192.0.2.2 : PSK "${key}"`],
		['in single quotes', `: PSK '${key}'`],
		['after a word in small letters', `psk "${key}"`],
		['after an equals sign', `psk=${word}`],
		['after a colon', `the secret: ${word}`],
		['as a word', `: PSK ${word}`],
		['in quotes that are cut off at the end', `: PSK "${key}`],
		['in single quotes that are cut off', `psk '${key}`],
		['as base64 of the daemon', `: PSK 0s${encoded}`],
		['as base64 alone', `got ${encoded} from it`],
		['as base64 without its end', `got ${Buffer.from('Correct horse 7 battery x').toString('base64').replace(/=+$/, '')}`],
		['in hexadecimal', `PSK 0x${Buffer.from(key).toString('hex')}`],
		['as JSON', JSON.stringify({ psk: key })],
		['after a long name', `Pre-Shared Key is “${key}”`],
		['after a password', `password = '${key}'`],
	];
	it.each(shapes)('is masked by its shape: %s', (_what, line) => {
		const [first] = logLines(`${line}\n${logsEnd}`, { now: later(0) }) ?? [];
		const report = parseReport(`log - ${line}\ns2s/1 libreswan/4.10 daemon=1 busy=0 revision=none fw=ok boot=1 caps=-\nend 0\n`);

		for (const text of [maskKeys(line), first?.text ?? '', 'unreadable' in report ? '' : (report.steps[0] ?? '')]) {
			expect(text).toContain('***');
			expect(text).not.toMatch(/orrect|battery|Q29ycmVj|436f7272/i);
		}
	});

	it('is no part of what the daemons write otherwise', () => {
		const lines = daemonLogs.flatMap(({ lines: all }) => all).filter((line) => maskKeys(line) !== line);

		expect(lines).toEqual([]);
	});

	it.each([
		'initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP+SAREFTRACK {using isakmp#1 msgid:b88ca3a9}',
		'PSK authentication failed',
		"Can't authenticate: no preshared key found for `192.0.2.1' and `192.0.2.2'",
		'mismatch of preshared secrets',
		'/usr/libexec/ipsec/pluto --config /etc/ipsec.conf --leak-detective',
		'cookie 0x0123456789abcdef spi 0xc8246b7d',
	])('is not seen where there is none: %s', (line) => {
		expect(maskKeys(line)).toBe(line);
	});
});

describe('a line of a router', () => {
	it.each([
		['colours', '\u001b[31mred\u001b[0m', 'red'],
		['a cleared screen', '\u001b[2J\u001b[1;1Hgone', 'gone'],
		['a line separator', 'one\u2028two\u2029three\u0085four', 'one two three four'],
		['a text that is turned round', 'a\u202eb', 'a b'],
		['half a character', 'a\ud800b', 'a b'],
	])('has none of %s', (_what, line, text) => {
		expect(logLines(`${line}\n${logsEnd}`, { now: later(0) })).toEqual([{ text }]);
	});
});
