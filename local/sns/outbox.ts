import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export type Delivery = { protocol: string; endpoint: string; text: string };
export type SentAlert = {
	at: string;
	subject: string;
	message: string;
	attributes: Record<string, string>;
	deliveries: Delivery[];
};
export type Outbox = { append(alert: SentAlert): Promise<void>; list(): Promise<SentAlert[]> };

/** What would have been mailed or texted: one JSON line each, kept over a restart. */
export const openOutbox = async (file: string): Promise<Outbox> => {
	await mkdir(dirname(file), { recursive: true });
	await appendFile(file, '');
	return {
		append: (alert) => appendFile(file, `${JSON.stringify(alert)}\n`),
		async list() {
			const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
			return lines.map((line) => JSON.parse(line) as SentAlert);
		},
	};
};
