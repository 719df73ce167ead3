import type { JunosNode } from './junos-tree.ts';

export type Named = [name: string, node: JunosNode];

export const none: JunosNode = { line: 1, below: new Map() };
export const at = (node: JunosNode | undefined, ...path: string[]): JunosNode | undefined =>
	path.reduce<JunosNode | undefined>((here, word) => here?.below.get(word), node);
export const named = (node: JunosNode | undefined, ...path: string[]): Named[] => [...(at(node, ...path)?.below ?? [])];
export const wordsOf = (node: JunosNode | undefined, ...path: string[]): string[] => named(node, ...path).map(([value]) => value);
export const wordOf = (node: JunosNode | undefined, ...path: string[]): string | undefined => wordsOf(node, ...path)[0];
export const lineOf = (node: JunosNode | undefined, otherwise: JunosNode | undefined, ...path: string[]): number =>
	at(node, ...path)?.line ?? node?.line ?? otherwise?.line ?? 1;
