import { join } from 'node:path';
import { type Throttling, throttle } from '../api/throttle.ts';
import { readJson } from '../read-json.ts';
import { writeDurably } from '../write-durably.ts';
import { SsmError } from './ssm-error.ts';

export type StoredParameter = { name: string; version: number; value: string };
export type ParameterStore = {
	call(operation: string, input: Record<string, unknown>): Promise<object> | undefined;
	/** The key that a parameter is encrypted with; undefined where there is no such parameter. */
	keyOf(name: string): string | undefined;
	/** The versions that are asked for, as far as they are there. Whether they may be read, others decide. */
	read(names: readonly string[]): StoredParameter[];
};

/** What an earlier platform stored names no key. */
type Stored = { versions: Record<string, string>; latest: number; keyId?: string };

/** A standard parameter holds 4 kB. AWS keeps the last hundred versions. */
const mostBytes = 4_096;
const mostVersions = 100;
/** Of the whole AWS account. The quota that AWS names on request is three a second; some twenty at once have been seen to pass. */
export const putsOfAccount: Throttling = { rate: 3, burst: 20 };
/** The key of those that name none. */
export const awsManagedKey = 'alias/aws/ssm';
const namePattern = /^\/[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+){0,14}$/;

/** The calls of Parameter Store in use, kept on disk in a file for its owner alone. */
export const parameterStore = async (
	dir: string,
	{ earlierKey = awsManagedKey, puts }: { earlierKey?: string; puts?: Throttling } = {},
): Promise<ParameterStore> => {
	const throttled = puts === undefined ? () => undefined : throttle(puts);
	const file = join(dir, 'parameters.json');
	const parameters = await readJson<Record<string, Stored>>(file, {});
	const save = () => writeDurably(file, JSON.stringify(parameters));

	const put = async (input: Record<string, unknown>): Promise<object> => {
		if (throttled() !== undefined) throw new SsmError('ThrottlingException', 'Rate exceeded');
		const { Name: name, Value: value, Overwrite: overwrite, Type: type, KeyId: keyId } = input;
		if (typeof name !== 'string' || !namePattern.test(name)) throw new SsmError('ValidationException', 'Parameter name');
		if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > mostBytes) {
			throw new SsmError('ValidationException', 'Standard tier parameters support a maximum parameter value of 4096 characters.');
		}
		if (value.includes('{{')) throw new SsmError('ValidationException', 'Parameter value cannot nest another parameter');
		if (type !== 'SecureString') throw new SsmError('ValidationException', 'Only SecureString is kept here');
		const known = parameters[name];
		if (known !== undefined && overwrite !== true) throw new SsmError('ParameterAlreadyExists');
		const latest = (known?.latest ?? 0) + 1;
		const versions: Record<string, string> = { ...known?.versions, [latest]: value };
		delete versions[latest - mostVersions];
		parameters[name] = { versions, latest, keyId: typeof keyId === 'string' ? keyId : awsManagedKey };
		await save();
		return { Version: latest, Tier: 'Standard' };
	};

	const remove = async ({ Name: name }: Record<string, unknown>): Promise<object> => {
		if (typeof name !== 'string' || parameters[name] === undefined) throw new SsmError('ParameterNotFound');
		delete parameters[name];
		await save();
		return {};
	};

	return {
		call(operation, input) {
			if (operation === 'PutParameter') return put(input);
			if (operation === 'DeleteParameter') return remove(input);
			return undefined;
		},
		keyOf: (name) => {
			const stored = parameters[name];
			return stored && (stored.keyId ?? earlierKey);
		},
		read: (names) =>
			names.flatMap((selector) => {
				const [name = '', version] = selector.split(':');
				const stored = parameters[name];
				const wanted = Number(version ?? stored?.latest);
				const value = stored?.versions[wanted];
				return value === undefined ? [] : [{ name, version: wanted, value }];
			}),
	};
};
