import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ServiceStack } from './service-stack.ts';
import { SettingsRefused, settingsOf, staged } from './settings.ts';
import { StatefulStack } from './stateful-stack.ts';

const app = new App();
/** What the operator mistyped is told without the stack of a defect. */
const chosen = () => {
	try {
		return settingsOf(app.node);
	} catch (error) {
		if (!(error instanceof SettingsRefused)) throw error;
		console.error(error.message);
		process.exit(1);
	}
};
const settings = chosen();
const stateful = new StatefulStack(app, staged('S2sVpnState', settings), { settings });
new ServiceStack(app, staged('S2sVpn', settings), { settings, stateful });
Tags.of(app).add('service', 's2s-vpn');
Tags.of(app).add('stage', settings.stage);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
