import { arn, type Need } from '../need.ts';

const ofNothing = ['DescribeRouteTables', 'DescribeInstances', 'DescribeSecurityGroups', 'DescribeNetworkAcls'];
const ofTable = ['CreateRoute', 'ReplaceRoute', 'DeleteRoute'];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html: both keys show the tags of the table. */
export const ec2Needs =
	({ tagsOf }: { tagsOf(tableId: string): Promise<Readonly<Record<string, string>>> }) =>
	async (action: string, form: URLSearchParams): Promise<Need[] | undefined> => {
		if (ofNothing.includes(action)) return [{ action: `ec2:${action}`, resource: '*' }];
		if (!ofTable.includes(action)) return undefined;
		const tableId = form.get('RouteTableId') ?? '';
		const context = Object.entries(await tagsOf(tableId)).flatMap(([key, value]) => [
			[`aws:ResourceTag/${key}`, value],
			[`ec2:ResourceTag/${key}`, value],
		]);
		return [{ action: `ec2:${action}`, resource: arn('ec2', `route-table/${tableId}`), context: Object.fromEntries(context) }];
	};
