import { describe, expect, it } from 'vitest';
import type { TableRoute } from '../../../functions/domain/model/route-table.ts';
import { routesFit } from '../../../functions/domain/rules/route-rules.ts';
import { aVpc, idOf } from '../../support/builders.ts';

const table = 'rtb-0000000a';
/** Two blocks. */
const { slots } = aVpc();
const routes = (count: number, more: Partial<TableRoute> = {}): TableRoute[] =>
	Array.from({ length: count }, (_, n) => ({ cidr: `172.16.${n}.0/24`, target: 'nat-0a1b2c3d', propagated: false, ...more }));
const full = {
	problem: 'too-many-routes',
	detail:
		'rtb-0000000a holds 49 other routes, and the connections of the VPC would need 2; the limit is 50: remove routes from the table, or have its limit raised',
};

describe('a route table', () => {
	it.each<[string, TableRoute[], object | undefined, object?]>([
		['with room for the routes of all connections takes them', routes(48), undefined],
		['with too little room takes none', routes(49), full],
		['has routes of ours counted once', [...routes(48), ...routes(1, { cidr: '10.2.0.0/24' })], undefined],
		[
			'has routes of ours that are about to go not counted',
			[...routes(48), ...routes(1, { cidr: '10.9.0.0/24' })],
			undefined,
			{ routes: { [idOf('vpnc', 9)]: { [table]: ['10.9.0.0/24'] } } },
		],
		['has propagated routes not counted', [...routes(48), ...routes(9, { propagated: true })], undefined],
		['that is not the VPC’s own to use is not counted', routes(60), undefined, { routeTableIds: [] }],
	])('%s', (_what, standing, refusal, vpc = {}) => {
		const row = aVpc({ routeTableIds: [table], slots, ...vpc });

		expect(routesFit({ vpc: row, tables: [{ id: table, routes: standing }], limit: 50 })).toEqual(refusal);
	});
});
