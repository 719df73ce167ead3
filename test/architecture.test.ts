import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

type Row = {
	/** The rooms that it may import, besides itself and what lies in it. */
	rooms: readonly string[];
	/** The packages, `node:` ones too. */
	packages: readonly string[];
};

const domain = { packages: ['zod'] };
/** Nothing but use cases and `http` imports a room of `peers/`, and no vendor's room another's. */
const allOfDomain = [
	'model',
	'rules',
	'monitoring',
	'alerts',
	'router',
	'diagnosis',
	'router-check',
	'peers',
	'peers/contract',
	'peers/sheet',
].map((room) => `domain/${room}`);
const aws = (client: string) => [`@aws-sdk/client-${client}`];
const shared = { rooms: [...allOfDomain, 'ports'], packages: ['node:crypto'] };
const usecase = { ...shared, rooms: [...shared.rooms, 'usecases/shared'] };

/** A resource of the API uses the chain and the use cases that act on it, and no other resource. */
const resource = (acts?: string, ...more: string[]) => ({
	rooms: ['domain/model', 'http/chain', 'usecases/shared', ...(acts === undefined ? [] : [`usecases/${acts}`]), ...more],
	packages: ['zod'],
});
const resources = [
	'accounts',
	'alert-subscriptions',
	'connections',
	'customer-gateways',
	'events',
	'logs',
	'peer-configs',
	'router-check',
	'usage',
	'vpcs',
	'vpn-gateways',
].map((room) => `http/${room}`);

const services = ['dynamodb', 'ec2', 'ssm', 'sns', 'sqs', 'system'].map((room) => `adapters/${room}`);

/** Who may import whom. A room is a folder below `functions/`, or a file there. */
const table: Record<string, Row> = {
	'domain/model': { ...domain, rooms: [] },
	'domain/rules': { ...domain, rooms: ['domain/model'] },
	'domain/alerts': { ...domain, rooms: ['domain/model'] },
	'domain/router': { ...domain, rooms: ['domain/model', 'domain/rules'] },
	'domain/monitoring': { ...domain, rooms: ['domain/model', 'domain/rules', 'domain/alerts'] },
	'domain/diagnosis': { ...domain, rooms: ['domain/model', 'domain/monitoring'] },
	'domain/router-check': { ...domain, rooms: ['domain/model', 'domain/rules'] },
	'domain/peers/contract': { ...domain, rooms: ['domain/model', 'domain/rules'] },
	'domain/peers/sheet': { ...domain, rooms: ['domain/model', 'domain/rules', 'domain/peers/contract'] },
	'domain/peers/swan': { ...domain, rooms: ['domain/model', 'domain/rules', 'domain/peers/contract'] },
	'domain/peers/junos': { ...domain, rooms: ['domain/model', 'domain/rules', 'domain/peers/contract'] },
	'domain/peers/ios': { ...domain, rooms: ['domain/model', 'domain/rules', 'domain/peers/contract'] },
	'domain/peers': {
		...domain,
		rooms: [
			'domain/model',
			'domain/rules',
			...['contract', 'sheet', 'swan', 'junos', 'ios'].map((room) => `domain/peers/${room}`),
		],
	},
	ports: { rooms: ['domain/model', 'domain/alerts'], packages: [] },
	chunks: { rooms: [], packages: [] },
	'several-errors': { rooms: [], packages: [] },
	'issue-in-words': { rooms: [], packages: ['zod'] },
	environment: { rooms: ['domain/model', 'domain/alerts'], packages: ['zod'] },
	'usecases/shared': shared,
	'usecases/accounts': usecase,
	'usecases/alert-subscriptions': usecase,
	'usecases/connections': usecase,
	'usecases/customer-gateways': { ...usecase, packages: ['diff'] },
	'usecases/vpcs': usecase,
	'usecases/vpn-gateways': usecase,
	'usecases/loops': { ...usecase, rooms: [...usecase.rooms, 'chunks', 'several-errors'] },
	'adapters/dynamodb': {
		rooms: ['environment', 'domain/model', 'domain/monitoring', 'ports', 'chunks'],
		packages: [...aws('dynamodb'), '@aws-sdk/lib-dynamodb', '@aws-sdk/util-dynamodb', 'node:timers/promises'],
	},
	'adapters/ec2': { rooms: ['domain/model', 'ports'], packages: aws('ec2') },
	'adapters/ssm': {
		rooms: ['environment', 'domain/model', 'domain/router', 'ports'],
		packages: [...aws('ssm'), 'node:timers/promises', 'node:zlib'],
	},
	'adapters/sns': { rooms: ['environment', 'domain/model', 'ports'], packages: aws('sns') },
	'adapters/sqs': { rooms: ['environment', 'ports', 'chunks', 'several-errors'], packages: aws('sqs') },
	'adapters/system': {
		rooms: ['domain/model', 'ports'],
		packages: [
			'@aws-lambda-powertools/logger',
			'@aws-lambda-powertools/logger/middleware',
			'@middy/core',
			'aws-lambda',
			'@aws-lambda-powertools/metrics',
			'node:crypto',
			'node:fs',
			'node:module',
			'node:url',
			'ulid',
		],
	},
	adapters: {
		rooms: ['ports', 'environment', 'adapters/system'],
		packages: [],
	},
	'http/chain': {
		rooms: ['domain/model', 'ports', 'usecases/shared', 'issue-in-words'],
		packages: ['zod', '@middy/core', 'jose', 'node:crypto', 'aws-lambda'],
	},
	'http/accounts': resource('accounts'),
	'http/alert-subscriptions': resource('alert-subscriptions'),
	'http/connections': resource('connections', 'domain/monitoring', 'ports'),
	'http/customer-gateways': resource('customer-gateways'),
	'http/events': resource(),
	'http/logs': resource('connections', 'domain/diagnosis'),
	'http/peer-configs': resource('connections', 'domain/peers/contract'),
	'http/router-check': resource('vpcs', 'domain/router-check'),
	'http/usage': resource('connections', 'domain/monitoring', 'ports'),
	'http/vpcs': resource('vpcs'),
	'http/vpn-gateways': resource('vpn-gateways'),
	http: { rooms: ['http/chain', ...resources], packages: ['zod'] },
	handlers: {
		rooms: [
			'adapters',
			...services,
			'environment',
			'several-errors',
			'http',
			'http/chain',
			...resources,
			'ports',
			'usecases/loops',
			'usecases/shared',
		],
		packages: ['zod', 'aws-lambda'],
	},
};

type Import = { file: string; from: string; to: string };

const root = 'functions';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => name.replaceAll('\\', '/'));

/** The innermost room of the table that a file lies in. */
const roomOf = (file: string): string => {
	for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder)) if (folder in table) return folder;
	return file.replace(/\.ts$/, '');
};

const imports: Import[] = files.flatMap((file) =>
	[...readFileSync(join(root, file), 'utf8').matchAll(/(?:from\s+|import\()'([^']+)'/g)].map(([, name = '']) => ({
		file,
		from: roomOf(file),
		to: name.startsWith('.') ? roomOf(posix.join(posix.dirname(file), name)) : name,
	})),
);
const inside = imports.filter(({ from, to }) => from !== to);

describe('the rooms', () => {
	it('hold every file', () => {
		expect(files.filter((file) => !(roomOf(file) in table))).toEqual([]);
	});

	it('import what the table allows, and nothing else', () => {
		expect(
			inside
				.filter(({ from, to }) => !table[from]?.rooms.includes(to) && !table[from]?.packages.includes(to))
				.map(({ file, to }) => `${file} imports ${to}`),
		).toEqual([]);
	});

	it('of the domain lie in no circle', () => {
		const reached = (room: string, seen: readonly string[] = []): string[] =>
			seen.includes(room) ? [room] : (table[room]?.rooms ?? []).flatMap((next) => reached(next, [...seen, room]));

		expect(Object.keys(table).flatMap((room) => reached(room))).toEqual([]);
	});

	it('of rules, use cases and what they speak through read no clock, make no random number, and know no process', () => {
		const pure = files.filter((file) => /^(domain|usecases)\//.test(file));

		expect(pure.length).toBeGreaterThan(100);
		expect(
			pure.filter((file) => /new Date\(\)|Date\.now|Math\.random|process\./.test(readFileSync(join(root, file), 'utf8'))),
		).toEqual([]);
	});

	it('reveal a secret where it leaves for Parameter Store in the text that its sender asked for, and where a cursor is sealed, and nowhere else', () => {
		expect(files.filter((file) => readFileSync(join(root, file), 'utf8').includes('reveal()')).sort()).toEqual([
			'adapters/ssm/ssm-secrets.ts',
			'domain/model/secret.ts',
			'domain/peers/contract/peer-view.ts',
			'http/chain/cursor.ts',
			'http/customer-gateways/operations.ts',
		]);
	});
});
