import type { Finding, FindingCode } from './peer-reading.ts';

export const finding = (what: FindingCode, line: number, told: Omit<Finding, 'what' | 'line'>): Finding => ({
	what,
	line,
	...told,
});

export const undefinedName = (line: number, what: string, commands: string[] = []): Finding =>
	finding('undefined-name', line, { message: `${what} is not defined`, expected: `a definition of ${what}`, commands });
