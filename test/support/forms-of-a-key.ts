/** Base64 of a text as it stands within that of a longer one, by where it begins there: without what the text around it decides. */
const base64Within = (key: string): string[] => {
	const bytes = Buffer.from(key);
	return [0, 1, 2].map((offset) => {
		const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
		const whole = shifted.subarray(0, shifted.length - (shifted.length % 3)).toString('base64');
		return whole.slice(offset === 0 ? 0 : 4);
	});
};

/** How a key may stand in a file, a row or an answer: as it is, as JSON and URLs escape it, as base64, as hexadecimal. */
export const formsOfKey = (key: string): string[] => {
	const bytes = Buffer.from(key);
	const hex = bytes.toString('hex');
	const inJson = JSON.stringify(key).slice(1, -1);
	const base64 = [bytes.toString('base64').replace(/=+$/, ''), ...base64Within(key)];
	return [
		...new Set([
			key,
			inJson,
			JSON.stringify(inJson).slice(1, -1),
			encodeURIComponent(key),
			...base64,
			...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
			hex,
			hex.toUpperCase(),
		]),
	];
};

/** The forms of these keys that stand in a text, by the name of the key. */
export const keysIn = (text: string, keys: Readonly<Record<string, string>>): string[] =>
	Object.entries(keys).flatMap(([name, key]) =>
		formsOfKey(key)
			.filter((form) => text.includes(form))
			.map((form) => `${name}: ${form}`),
	);
