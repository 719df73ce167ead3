import type { Alerting } from '../alerts/alerting.ts';
import type { CustomerGateway } from '../model/customer-gateway.ts';
import type { RouterAnswer } from '../model/router-answer.ts';
import type { Vpc } from '../model/vpc.ts';
import type { VpnConnection } from '../model/vpn-connection.ts';

/** The facts that a check is decided on. */
export type Observation = {
	vpc: Vpc;
	/** Those to evaluate: all of the router's, or those that are unlike the last check. */
	connections: readonly VpnConnection[];
	/** Theirs. */
	customerGateways: readonly CustomerGateway[];
	answer: RouterAnswer;
	now: Date;
	intervalSeconds: number;
	alerting?: Alerting;
	docsBaseUrl?: string;
	/** The version of the scripts that an apply installs. */
	routerScripts?: string;
};
