import { SNSClient } from '@aws-sdk/client-sns';
import { nameOf } from '../../environment.ts';
import type { Ports } from '../../ports.ts';
import { snsAlerts } from './sns-alerts.ts';

export const snsPorts = (): Pick<Ports, 'alerts'> => ({ alerts: snsAlerts(new SNSClient({}), nameOf('ALERT_TOPIC_PREFIX')) });
