import type { TableName } from '../../ports.ts';

/** The physical names of the tables. */
export type TableNames = Record<TableName | 'events' | 'usage' | 'control', string>;
