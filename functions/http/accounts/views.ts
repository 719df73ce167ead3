import { Account } from '../../domain/model/account.ts';

export const AccountView = Account.omit({ rev: true });
