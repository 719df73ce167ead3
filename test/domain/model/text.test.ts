import { describe, expect, it } from 'vitest';
import { PutAccount } from '../../../functions/domain/model/account.ts';
import { CreateCustomerGateway, PatchCustomerGateway, Psk } from '../../../functions/domain/model/customer-gateway.ts';
import { unlinked } from '../../../functions/domain/model/text.ts';
import { CreateVpc, PatchVpc } from '../../../functions/domain/model/vpc.ts';

/** Every text that a user may choose freely. */
const texts = {
	'the name of an account': PutAccount.shape.name,
	'the name of a VPC': CreateVpc.shape.name,
	'the new name of a VPC': PatchVpc.shape.name,
	'the name of a customer gateway': CreateCustomerGateway.shape.name,
	'the new name of a customer gateway': PatchCustomerGateway.shape.name,
	'a pre-shared key': Psk,
};

describe.each(Object.entries(texts))('%s', (_what, schema) => {
	it.each([
		['a line break', 'head\noffice'],
		['a carriage return', 'head\roffice'],
		['a tab', 'head\toffice'],
		['a zero', 'head\u0000office'],
		['the commands of a terminal', '\u001b[31mhead office'],
		['a command of a terminal in one character', '\u009b31mhead office'],
		['a next line', 'head\u0085office'],
		['a line separator', 'head\u2028office'],
		['a paragraph separator', 'head\u2029office'],
		['a mark that turns the text round', 'head\u202eoffice'],
		['an isolate', 'head\u2066office'],
		['a blank that nobody sees', 'head\u200boffice'],
		['a word joiner', 'head\u2060office'],
		['a soft hyphen', 'head\u00adoffice'],
		['half a character', 'head\ud800office'],
	])('has no %s', (_character, text) => {
		expect(schema.safeParse(text).success).toBe(false);
	});

	it.each(['head office', 'Büro Köln', '本社 東京', 'مكتب', 'home 👩‍👩‍👧', '<b>|&"\'`$(x)'])('may be %s', (text) => {
		expect(schema.safeParse(text.padEnd(8, '.')).success).toBe(true);
	});
});

describe('what a router says, as it stands in a mail', () => {
	it.each([
		['a URL', 'see https://evil.example/login', 'see https: //evil. example/login'],
		['a bare domain', 'renew at evil.example/login now', 'renew at evil. example/login now'],
		['a bare domain in brackets', 'renew (evil.example)', 'renew (evil. example)'],
		['a domain with another dot', 'renew at evil。example', 'renew at evil。 example'],
		['a domain behind a path', '/etc/x,evil.example/login', '/etc/x,evil. example/login'],
		['a domain behind two slashes', '//evil.example', '//evil. example'],
		['the usual beginning of a page', 'WWW.evil', 'www evil'],
	])('has no link in place of %s', (_what, said, shown) => {
		expect(unlinked(said)).toBe(shown);
	});

	it.each([
		'/etc/ipsec.d/office.conf:12: syntax error',
		'at (/etc/ipsec.conf)',
		'10.1.2.3:500 and 192.0.2.1/32',
		'agent 3.3.2746.0, 5.x',
	])('is as it was said: %s', (said) => {
		expect(unlinked(said)).toBe(said);
	});
});
