import { openApi } from '../http/openapi.ts';

const document = JSON.stringify(openApi());

export const handler = async () => ({
	statusCode: 200,
	headers: { 'content-type': 'application/json', 'cache-control': 'max-age=300' },
	body: document,
});
