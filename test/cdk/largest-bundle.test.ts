import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetCommandInvocationCommand, SendCommandCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ssmRouterShell } from '../../functions/adapters/ssm/ssm-router-shell.ts';
import type { DesiredConnection } from '../../functions/domain/model/desired-router.ts';
import type { RouterFacts } from '../../functions/domain/model/vpc.ts';
import { renderBundle } from '../../functions/domain/router/render-bundle.ts';
import { documentOf, mostBytes, parameterValues } from '../../local/ssm/document.ts';
import { cdkOut, synthesize } from '../../local/synth.ts';
import { aConnection, aCustomerGateway, aGateway, aVpc, start } from '../support/builders.ts';

const mostConnections = 40;
const mostSubnets = 10;
const longestIdentity = 127;
const longestAccount = 64;

/** What compresses least: no two ids, addresses, identities or suites are alike. */
const random = {
	hex: (length: number) => randomBytes(length).toString('hex').slice(0, length),
	word: (length: number) => randomBytes(length).toString('base64url').replace(/[-_]/g, 'x').slice(0, length),
	number: (from: number, below: number) => from + Math.floor(Math.random() * (below - from)),
	address: () => Array.from({ length: 4 }, () => random.number(100, 224)).join('.'),
	of: <T>(items: readonly [T, ...T[]]): T => items[random.number(0, items.length)] ?? items[0],
};
const encryption = () => random.of(['aes128', 'aes192', 'aes256'] as const);
/** Those that every build knows. */
const hash = () => random.of(['md5', 'sha1'] as const);
const lifetimeSeconds = () => random.number(180, 86_400);

const aFullRouter = (flavor: RouterFacts['flavor'], version: string) => {
	const accountId = random.word(longestAccount);
	const connections = Array.from(
		{ length: mostConnections },
		(): DesiredConnection => ({
			connection: aConnection({
				id: `vpnc-${random.hex(17)}`,
				accountId,
				desiredRevision: random.number(1, 1_000_000),
				passive: Math.random() < 0.5,
			}),
			customerGateway: aCustomerGateway({
				id: `cgw-${random.hex(17)}`,
				accountId,
				gateway: random.address(),
				remoteId: random.word(longestIdentity),
				remoteCidrs: Array.from({ length: mostSubnets }, () => `${random.address()}/32`),
				ike: {
					version: 'ikev1',
					encryption: encryption(),
					hash: hash(),
					dhGroup: random.of([5, 14, 15, 16]),
					lifetimeSeconds: lifetimeSeconds(),
				},
				esp: {
					encryption: encryption(),
					hash: hash(),
					pfsGroup: random.of([5, 14, 15, 16, null]),
					lifetimeSeconds: lifetimeSeconds(),
				},
				dpd: { enabled: Math.random() < 0.5, delaySeconds: random.number(1, 300), timeoutSeconds: random.number(300, 3_600) },
				forceEncaps: Math.random() < 0.5,
				pskVersion: random.number(1, 1_000_000),
			}),
		}),
	);
	const capabilities = ['ikev1', 'ikev2', 'modp1536', 'modp2048', 'modp3072', 'modp4096'];
	const router = { flavor, version, capabilities, boot: 1, reportedAt: start.toISOString() };
	const publicIps = [{ ip: '192.0.2.1', privateIp: '10.1.0.5', sourceNat: true }];
	return { vpc: aVpc({ accountId, generation: 999_999_999_999, router, publicIps }), gateway: aGateway(), connections };
};

/** What the shell hands to SendCommand. */
const parametersOf = async (text: string): Promise<Record<string, string[]>> => {
	let given: Record<string, string[]> = {};
	const send = async (command: unknown) => {
		if (command instanceof SendCommandCommand) given = command.input.Parameters ?? {};
		else if (!(command instanceof GetCommandInvocationCommand)) throw new Error('no such call');
		return { Command: { CommandId: 'c' }, Status: 'Failed' };
	};
	const shell = ssmRouterShell({ send } as unknown as SSMClient, { apply: 'a', check: 'c', logs: 'l', inspect: 'i' });
	await shell.apply('i-0', { revision: `999999999999-${random.hex(16)}`, text });
	return given;
};

describe('the largest bundle, forty connections of ten subnets', () => {
	let content: unknown;
	beforeAll(async () => {
		await synthesize(() => {});
		const template = JSON.parse(readFileSync(join(cdkOut, 'S2sVpn.template.json'), 'utf8')) as {
			Resources: Record<string, { Type: string; Properties: { Name: string; Content: unknown } }>;
		};
		const documents = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::SSM::Document');
		content = documents.find(({ Properties }) => Properties.Name.endsWith('apply'))?.Properties.Content;
	}, 120_000);

	it.each([
		['openswan', '2.6.51.5'],
		['openswan', '3.0.0'],
		['libreswan', '4.10'],
		['libreswan', '5.4'],
	] as const)('fits into one command together with its document, for %s %s', async (flavor, version) => {
		const { text, refused } = renderBundle({
			...aFullRouter(flavor, version),
			pskPrefix: `/s2s/${'s'.repeat(16)}`,
			flooring: [],
		});
		expect(refused).toEqual([]);
		const parameters = await parametersOf(text);
		const document = documentOf('apply', content);

		const values = parameterValues(document, parameters);

		const taken = document.bytes + Buffer.byteLength(JSON.stringify(parameters));
		const bundle = values['Bundle']?.length ?? 0;
		console.log(
			`${flavor} ${version}: document ${document.bytes} + parameters ${taken - document.bytes} = ${taken} of ${mostBytes} bytes, ${mostBytes - taken} to spare; bundle ${bundle} of ${document.parameters['Bundle']?.maxChars} characters`,
		);
		expect(taken).toBeLessThan(mostBytes);
	});
});
