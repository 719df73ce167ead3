import type { SentAlert } from './outbox.ts';

/** Of a mail its subject; a text message has none. What asks for a confirmation, or gives a code, is no alert. */
export const sentInALine = ({ at, subject, message, attributes }: SentAlert): string => {
	const [firstLine = ''] = message.split('\n');
	return `${at}  ${attributes['alertId'] === undefined ? 'SENT' : 'ALERT'}  ${subject === '' ? firstLine : subject}`;
};
