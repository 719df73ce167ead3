import type { Alerting } from '../domain/alerts/alerting.ts';
import type { CryptoFloor } from '../domain/model/account.ts';
import type { PublicRemoteCidrs } from '../domain/model/public-blocks.ts';

export type Settings = {
	stage: string;
	checkIntervalSeconds: 10 | 15 | 20 | 30 | 60;
	maxConnectionsPerGateway: number;
	/** The quota of the AWS account: routes in one route table. */
	routesPerTable: number;
	cryptoFloor: CryptoFloor;
	publicRemoteCidrs: PublicRemoteCidrs;
	alerting: Alerting;
	/** The path of the stage's secrets in Parameter Store, such as `/s2s/dev`. */
	pskPrefix: string;
	/** The base URL of the links in alerts; empty for none. */
	docsBaseUrl: string;
	/** The version of the scripts that the document `apply` installs. */
	routerScripts: string;
};
