import { invalid } from './sns-xml.ts';

/** AWS: the kind of a text message, which SNS itself reads. */
const smsType = 'AWS.SNS.SMS.SMSType';
const smsTypes = ['Promotional', 'Transactional'];

/** The message attributes of a form, as names and values. */
export const attributesOf = (form: URLSearchParams): Record<string, string> => {
	const found: Record<string, string> = {};
	for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
		const at = `MessageAttributes.entry.${n}`;
		const name = form.get(`${at}.Name`) ?? '';
		const value = form.get(`${at}.Value.StringValue`) ?? form.get(`${at}.Value.BinaryValue`) ?? '';
		const isText = form.get(`${at}.Value.DataType`) === 'String';
		if (name === smsType && !(isText && smsTypes.includes(value))) throw invalid(`The value of ${smsType}: ${value}`);
		found[name] = value;
	}
	return found;
};
