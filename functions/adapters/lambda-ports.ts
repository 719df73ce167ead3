import { settings } from '../environment.ts';
import type { Ports } from '../ports.ts';
import { powertoolsLog } from './system/powertools-log.ts';
import { powertoolsMetrics } from './system/powertools-metrics.ts';
import { newEventId, newId, systemClock } from './system/system.ts';

const outside = [
	'store',
	'events',
	'requests',
	'cursorKeys',
	'turns',
	'secretIntents',
	'subscriptions',
	'usage',
	'secrets',
	'routers',
	'routeTables',
	'instances',
	'queues',
	'alerts',
] as const;
type Outside = (typeof outside)[number];
type Given = Omit<Ports, Outside>;
type Service = Partial<Pick<Ports, Outside>>;

/**
 * Everything outside, as a function of the stack has it, by the services that it uses: a client that it does not use is not in its
 * bundle. Where AWS is, the SDK's own environment variables say.
 */
export const lambdaPorts = (...services: readonly (Service | ((given: Given) => Service))[]): Ports => {
	const env = settings();
	const given: Given = {
		metrics: powertoolsMetrics('S2sVpn', env.STAGE),
		clock: systemClock,
		newId,
		newEventId,
		log: powertoolsLog,
		settings: {
			stage: env.STAGE,
			checkIntervalSeconds: env.CHECK_INTERVAL_SECONDS,
			maxConnectionsPerGateway: env.MAX_CONNECTIONS_PER_GATEWAY,
			routesPerTable: env.ROUTES_PER_TABLE,
			cryptoFloor: env.CRYPTO_FLOOR,
			publicRemoteCidrs: env.PUBLIC_REMOTE_CIDRS,
			alerting: env.ALERTING,
			pskPrefix: env.PSK_PREFIX,
			docsBaseUrl: env.DOCS_BASE_URL,
			routerScripts: env.ROUTER_SCRIPTS,
		},
	};
	const missing = (name: Outside): PropertyDescriptor => ({
		get: () => {
			throw new Error(`this function has no ${name}`);
		},
		configurable: true,
	});
	// By property: what is read when it is asked for is not read here.
	const all = Object.defineProperties(given, Object.fromEntries(outside.map((name) => [name, missing(name)])));
	for (const one of services) {
		const service = typeof one === 'function' ? one(given) : one;
		Object.defineProperties(all, Object.getOwnPropertyDescriptors(service));
	}
	return all as Ports;
};
