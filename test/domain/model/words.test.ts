import { describe, expect, it } from 'vitest';
import { cidrContains, cidrsOverlap } from '../../../functions/domain/model/cidr.ts';
import { dpdAction, hashWord } from '../../../functions/domain/model/conn-lines.ts';
import { connsOf, identityWord } from '../../../functions/domain/model/conn-model.ts';
import { isNothing, nothing } from '../../../functions/domain/model/decision.ts';
import { connectionEvent, routerEvent } from '../../../functions/domain/model/event-of.ts';
import { isRefusal } from '../../../functions/domain/model/problem-kind.ts';
import { reasonLink } from '../../../functions/domain/model/reason-link.ts';
import { reasons } from '../../../functions/domain/model/reasons.ts';
import { reasonOfSilence, Silence } from '../../../functions/domain/model/router-answer.ts';
import { stateReason } from '../../../functions/domain/model/state-reason.ts';
import { bumpGeneration } from '../../../functions/domain/model/vpc.ts';
import { aConnection, aCustomerGateway, aVpc, idOf, later } from '../../support/builders.ts';
import { goldenPage } from '../../support/golden-page.ts';

const now = later(5);

describe('reasons', () => {
	it('are as on the golden page: of a kind, with an effect, on a side, each with a meaning and a remedy', async () => {
		const page = Object.entries(reasons).map(([code, { kind, effect, side, meaning, remedy }]): [string, string] => [
			code,
			`${kind}, ${effect}, ${side}\n${meaning}\n${remedy}`,
		]);

		await expect(goldenPage(page)).toMatchFileSnapshot('../../golden/reasons.txt');
	});

	it('have a page where the deployment names one', () => {
		expect(reasonLink('https://docs.example', 'psk-mismatch')).toBe('https://docs.example#psk-mismatch');
		expect(reasonLink('https://docs.example')).toBe('https://docs.example');
		expect(reasonLink('', 'psk-mismatch')).toBeUndefined();
		expect(reasonLink(undefined, 'psk-mismatch')).toBeUndefined();
	});

	it('of a connection say what they mean, or a detail, and what else it may be', () => {
		const { kind, meaning } = reasons['psk-mismatch'];

		expect(stateReason('psk-mismatch')).toEqual({ code: 'psk-mismatch', kind, detail: meaning });
		expect(stateReason('psk-mismatch', { detail: 'as it said' }).detail).toBe('as it said');
		expect(stateReason('psk-mismatch', { candidates: ['psk-mismatch'] }).detail).toBe(meaning);
		expect(stateReason('psk-mismatch', { detail: 'x', candidates: ['psk-mismatch', 'dpd-timeout', 'one-way'] }).detail).toMatch(
			/^x; .*dpd-timeout or one-way$/,
		);
	});

	it('of a silence are those of a router that is not managed, or that is out of reach', () => {
		const codes = Silence.shape.code.options.map((code) => [code, reasonOfSilence({ code, detail: '' })]);

		expect(codes.filter(([, reason]) => reason === 'router-not-managed').map(([code]) => code)).toEqual([
			'not-managed',
			'agent-too-old',
			'tool-missing',
		]);
		expect(codes.filter(([, reason]) => reason === 'router-unreachable')).toHaveLength(codes.length - 3);
	});
});

describe('an event', () => {
	it('is of its connection', () => {
		const { id, accountId, vpcId } = aConnection();

		expect(connectionEvent(aConnection(), { who: 'jo', kind: 'mute', to: 'x', now })).toEqual({
			subject: { kind: 'connection', id },
			accountId,
			vpcId,
			at: now.toISOString(),
			who: 'jo',
			kind: 'mute',
			to: 'x',
		});
	});

	it('is of its router, by the id of the VPC', () => {
		const { id, accountId } = aVpc();

		expect(routerEvent(aVpc(), { who: 'check', from: 'silent', now })).toEqual({
			subject: { kind: 'router', id },
			accountId,
			vpcId: id,
			at: now.toISOString(),
			kind: 'router',
			who: 'check',
			from: 'silent',
		});
	});
});

describe('a decision', () => {
	const change = { current: aConnection(), next: undefined };
	const customerGateway = { current: aCustomerGateway(), next: aCustomerGateway() };
	const event = connectionEvent(aConnection(), { who: 'check', kind: 'state', now });

	it.each([
		['says nothing', {}, true],
		['only hints', { reconcile: true, alerts: true }, true],
		['changes the VPC', { vpc: aVpc() }, false],
		['changes a connection', { connections: [change] }, false],
		['changes a customer gateway', { customerGateways: [customerGateway] }, false],
		['has an event', { events: [event] }, false],
	])('that %s writes nothing: %s', (_what, over, isNone) => {
		expect(isNothing({ ...nothing, ...over })).toBe(isNone);
	});

	it('begins with nothing at all', () => {
		expect(nothing).toEqual({
			connections: [],
			customerGateways: [],
			freed: [],
			events: [],
			rest: [],
			reconcile: false,
			alerts: false,
		});
	});

	it('of a rule is a refusal where it names a problem', () => {
		expect(isRefusal(undefined)).toBe(false);
		expect(isRefusal({ warnings: [] })).toBe(false);
		expect(isRefusal({ problem: 'in-use', detail: '' })).toBe(true);
	});
});

describe('a VPC', () => {
	it('has a new generation with a change that is to reach its router, which is tried at once', () => {
		const vpc = aVpc({ retry: { at: now.toISOString(), attempts: 9, since: now.toISOString() } });

		expect(bumpGeneration(vpc, now)).toEqual({ ...vpc, generation: 4, retry: undefined, updatedAt: now.toISOString() });
	});
});

describe('an identity', () => {
	it.each([
		['192.0.2.2', '192.0.2.2'],
		['branch.example', '@branch.example'],
		['@branch.example', '@branch.example'],
		['jo@branch.example', 'jo@branch.example'],
		['1.2.3', '@1.2.3'],
		['1.2.3.4.5', '@1.2.3.4.5'],
		['1.2.3.4567', '@1.2.3.4567'],
		['a1.2.3.4', '@a1.2.3.4'],
		['123.45.67.89', '123.45.67.89'],
		['300.1.1.1', '@300.1.1.1'],
		['10.01.0.1', '@10.01.0.1'],
	])('%s is written as %s', (identity, word) => {
		expect(identityWord(identity)).toBe(word);
	});
});

describe('the pairs of a connection', () => {
	const local = { vpc: aVpc(), publicIp: '192.0.2.1' };
	const { ike, esp, dpd } = aCustomerGateway();
	const common = { leftId: '192.0.2.1', leftSubnet: '10.1.0.0/16', ike, esp, dpd, forceEncaps: false };

	it('are one a remote block, numbered in their order', () => {
		expect(connsOf(aConnection(), aCustomerGateway(), local)).toEqual(
			['10.2.0.0/24', '10.2.1.0/24'].map((rightSubnet, index) => ({
				...common,
				name: `${idOf('vpnc', 1)}-${index + 1}`,
				right: '192.0.2.2',
				rightId: '192.0.2.2',
				rightSubnet,
			})),
		);
	});

	it('with a peer without an address are cleared when it dies, and with another held', () => {
		const [any] = connsOf(aConnection(), aCustomerGateway({ gateway: 'any', remoteId: 'branch.example' }), local);
		const [fixed] = connsOf(aConnection(), aCustomerGateway(), local);

		expect(any).toMatchObject({ right: '%any', rightId: '@branch.example' });
		expect([any, fixed].map((conn) => conn && dpdAction(conn))).toEqual(['clear', 'hold']);
	});
});

describe('a hash', () => {
	it('is spelled as every version of both families takes it', () => {
		expect(hashWord).toEqual({ md5: 'md5', sha1: 'sha1', sha256: 'sha2_256', sha384: 'sha2_384', sha512: 'sha2_512' });
	});
});

describe('two blocks', () => {
	it.each([
		['10.0.0.1/32', '10.0.0.1/32', true, true],
		['10.0.0.0/24', '10.0.0.0/25', true, true],
		['10.0.0.0/24', '10.0.0.128/25', true, true],
		['10.0.0.0/24', '10.0.0.255/32', true, true],
		['10.0.0.0/24', '10.0.1.0/24', false, false],
		['10.0.1.0/24', '10.0.0.0/24', false, false],
		['10.0.0.0/25', '10.0.0.0/24', true, false],
	])('%s and %s overlap: %s, and the first holds the second: %s', (a, b, overlap, holds) => {
		expect(cidrsOverlap(a, b)).toBe(overlap);
		expect(cidrContains(a, b)).toBe(holds);
	});
});
