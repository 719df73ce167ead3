import { Secret } from '../../model/secret.ts';

/** What people and `show` commands put in the place of a key. */
const masks = /^(\*+|x{3,}|<.*>|\[.*\]|removed|\.{3,}|…)$/i;

/** A key of the text, unless it is masked. */
export const keyOf = (text: string | undefined): Secret | undefined =>
	text === undefined || masks.test(text) ? undefined : new Secret(text);
