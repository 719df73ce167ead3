import { describe, expect, it } from 'vitest';
import { PutAccount } from '../../../functions/domain/model/account.ts';
import { CreateCustomerGateway, PatchCustomerGateway, Psk } from '../../../functions/domain/model/customer-gateway.ts';
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
