import type { Together, Touches } from '../functions/http/chain/touches.ts';

export const services = ['dynamodb', 'sqs', 'ssm', 'sns', 'ec2'] as const;
export type Service = (typeof services)[number];

/** The services whose clients a function makes. */
export const servicesTouched = ({
	tables,
	indexes,
	queues = [],
	documents = [],
	secrets = [],
	topics = [],
	routes = [],
	cursors = false,
}: Touches | Together): Service[] => {
	const touched: Record<Service, boolean> = {
		dynamodb: Object.keys({ ...tables, ...indexes }).length > 0,
		sqs: queues.length > 0,
		ssm: documents.length > 0 || secrets.length > 0 || cursors,
		sns: topics.length > 0,
		ec2: routes.length > 0,
	};
	return services.filter((service) => touched[service]);
};
