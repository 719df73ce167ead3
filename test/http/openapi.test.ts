import { expect, it } from 'vitest';
import { openApi } from '../../functions/http/openapi.ts';

it('the API is as the golden document says: whoever changes what clients rely on sees it in a diff', async () => {
	await expect(`${JSON.stringify(openApi(), null, '\t')}\n`).toMatchFileSnapshot('../golden/openapi.json');
});
