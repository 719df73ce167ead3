import { checkRouter } from '../../usecases/vpcs/check-router.ts';
import type { Operations } from '../chain/operation.ts';
import type { routerCheckRoutes } from './routes.ts';

export const routerCheckOperations: Operations<typeof routerCheckRoutes> = {
	checkRouter: async (ports, { caller, params }) => ({ body: await checkRouter(ports, { caller, id: params.id }) }),
};
