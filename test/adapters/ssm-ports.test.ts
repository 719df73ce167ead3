import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ssmPorts } from '../../functions/adapters/ssm/ssm-ports.ts';

const environment = {
	STAGE: 'dev',
	PSK_PREFIX: '/s2s/dev',
	CHECK_INTERVAL_SECONDS: '30',
	MAX_CONNECTIONS_PER_GATEWAY: '4',
	ROUTES_PER_TABLE: '50',
	PUBLIC_REMOTE_CIDRS: 'warn',
	CRYPTO_FLOOR: '{}',
	ALERTING: '{}',
	ACCOUNT_CLAIM: 'account',
	GROUPS_CLAIM: 'groups',
	DOCS_BASE_URL: '',
	ROUTER_SCRIPTS: '0123abcd',
	DOCUMENT_INSPECT: 'S2sVpn-dev-inspect',
};

beforeEach(() => {
	for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
	vi.spyOn(SSMClient.prototype, 'send').mockImplementation(async () => {
		const error =
			'is not authorized to perform: ssm:SendCommand on resource: arn:aws:ssm:eu-central-1:1:document/S2sVpn-dev-inspect';
		throw Object.assign(new Error(error), { name: 'AccessDeniedException' });
	});
});
afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

it('a command that is refused is a number for the operators', async () => {
	const count = vi.fn();
	const { routers } = ssmPorts()({ metrics: { count } });

	await expect(routers.inspect('i-0', { key: '/s2s/dev/acme/cgw-1' }, 1_000)).rejects.toThrow('not authorized');
	expect(count.mock.calls).toEqual([['RefusedCommands', 1]]);
});
