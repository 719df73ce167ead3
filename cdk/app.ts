import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ServiceStack } from './service-stack.ts';
import { settingsOf, staged } from './settings.ts';
import { StatefulStack } from './stateful-stack.ts';

const app = new App();
const settings = settingsOf(app.node);
const stateful = new StatefulStack(app, staged('S2sVpnState', settings), { settings });
new ServiceStack(app, staged('S2sVpn', settings), { settings, stateful });
Tags.of(app).add('service', 's2s-vpn');
Tags.of(app).add('stage', settings.stage);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
