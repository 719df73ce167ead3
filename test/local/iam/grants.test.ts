import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../functions/http/chain/route.ts';
import { routes } from '../../../functions/http/routes.ts';
import { type Authority, authorityOf, type Role } from '../../../local/iam/authority.ts';
import type { Call } from '../../../local/iam/call-log.ts';
import { nameOf } from '../../../local/iam/principal.ts';
import { arnOf, constructOf, readStack, type Stack } from '../../../local/stack.ts';
import { cdkOut } from '../../../local/synth.ts';
import { everyFlow } from './every-flow.ts';
import { type Grant, grantsOf, without } from './grants.ts';
import { namedBy, touchedBy } from './touched.ts';

/** What no flow here comes to, or not each time: it takes a race, more than a transaction holds, or a function that has just started. */
const rare: Record<string, string[]> = {
	createCustomerGateway: ['DeleteParameter'],
	deleteVpc: ['PutItem of vpcs'],
	createAlertSubscription: ['DeleteItem of alertSubscriptions', 'Query of alertSubscriptions'],
	confirmAlertSubscription: ['CreateTopic'],
	listAlertSubscriptions: ['CreateTopic'],
	deleteAlertSubscription: ['CreateTopic'],
};

/** A line a grant, for whoever wants to read why it is there. */
const shown = (who: string, { action, resource }: Grant, flows: readonly string[]): string =>
	`${who}: ${action} on ${resource.replace(/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:/, '')} <- ${flows.length === 0 ? 'NOTHING' : flows.join(', ')}`;

describe('the grants of the functions', () => {
	let stack: Stack;
	let authority: Authority;
	let calls: Call[];
	const rolesByName = () =>
		stack.ofType('AWS::IAM::Role').map((resource): [string, Role] => [constructOf(resource), authority.role(arnOf(resource))]);
	/** The flows that would fail without the grant. */
	const needing = (role: Role, grant: Grant): string[] => {
		const rest = without(role, grant);
		const lost = calls.filter((call) => nameOf(call.principal) === role.principal.role && !authority.decide(rest, call).allowed);
		return [...new Set(lost.map(({ flow }) => flow))];
	};

	beforeAll(async () => {
		calls = await everyFlow();
		stack = await readStack(cdkOut);
		authority = authorityOf(stack);
	}, 900_000);

	it('are sufficient for every route and every situation of the loops', () => {
		expect(
			calls.filter(({ allowed }) => !allowed).map(({ flow, action, resource }) => `${flow}: ${action} on ${resource}`),
		).toEqual([]);
		const invoked = new Set(calls.filter(({ action }) => action === 'lambda:InvokeFunction').map(({ flow }) => flow));
		expect([...invoked].sort()).toEqual(
			['$default', ...routes.map(({ method, path }) => `${method} ${path}`), 'schedule'].sort(),
		);
	});

	it('contain nothing that no flow needs', () => {
		const table = rolesByName().flatMap(([name, role]) =>
			grantsOf(role).map((grant) => ({
				line: shown(name, grant, needing(role, grant)),
				needed: needing(role, grant).length > 0,
			})),
		);

		console.log(table.map(({ line }) => line).join('\n'));
		expect(table.length).toBeGreaterThan(100);
		expect(table.filter(({ needed }) => !needed).map(({ line }) => line)).toEqual([]);
	});

	it('are exactly what the rows of the routes say they touch', () => {
		const rows: readonly Route[] = routes;

		expect(rows.map((route) => [route.id, ...namedBy(route)])).toEqual(
			rows.map((route) => [route.id, ...[...new Set([...touchedBy(route, calls, stack), ...(rare[route.id] ?? [])])].sort()]),
		);
	});

	it('make a named flow fail when one is missing, and are reported when one is superfluous', () => {
		const [, tick] = rolesByName().find(([name]) => name === 'tick') ?? [];
		if (tick === undefined) throw new Error('there is no tick');
		const byDue = grantsOf(tick).find(({ resource }) => resource.endsWith('/byDue'));
		const [policy] = tick.policies;
		if (byDue === undefined || policy === undefined) throw new Error('the tick reads no index');
		const more: Grant = { policy: policy.name, statement: 'more', action: 'ssm:PutParameter', resource: '*' };
		const wide: Role = {
			...tick,
			policies: [
				{
					...policy,
					statements: [
						...policy.statements,
						{
							sid: 'more',
							effect: 'Allow',
							actions: { not: false, patterns: [more.action] },
							resources: { not: false, patterns: ['*'] },
							tests: [],
						},
					],
				},
			],
		};

		expect(needing(tick, byDue)).toEqual(['tick']);
		expect(grantsOf(wide)).toContainEqual(more);
		expect(needing(wide, more)).toEqual([]);
	});
});
