import { invalid } from './sns-xml.ts';

type Policy = Record<string, string[]>;

const parsed = (text: string): Policy => {
	const refuse = () => invalid('Attributes Reason: FilterPolicy: failed to parse JSON');
	let policy: unknown;
	try {
		policy = JSON.parse(text);
	} catch {
		throw refuse();
	}
	const isPolicy =
		typeof policy === 'object' &&
		policy !== null &&
		Object.values(policy).every((values) => Array.isArray(values) && values.every((value) => typeof value === 'string'));
	if (!isPolicy) throw refuse();
	return policy as Policy;
};

/** Of a form that subscribes. Of what SNS compares there are only words here, each of which has to be one of a list. */
export const filterPolicyOf = (form: URLSearchParams): string | undefined => {
	const names = [...form.entries()].filter(([key]) => /^Attributes\.entry\.\d+\.key$/.test(key)).map(([, name]) => name);
	const strange = names.find((name) => name !== 'FilterPolicy');
	if (strange !== undefined) throw invalid(`AttributeName: ${strange}`);
	const policy = form.get('Attributes.entry.1.value') ?? undefined;
	if (policy !== undefined) parsed(policy);
	return policy;
};

/** Whether a message with such attributes is for a subscription with such a policy. One that lacks an attribute is not. */
export const passes = (policy: string | undefined, attributes: Record<string, string>): boolean =>
	policy === undefined ||
	Object.entries(parsed(policy)).every(([name, values]) => values.includes(attributes[name] ?? '') && name in attributes);
