import { Account } from '../../domain/model/account.ts';
import { entityFields } from '../chain/entity-fields.ts';

export const AccountView = Account.pick({ ...entityFields, name: true, vpnEnabled: true, cryptoFloor: true });
