import * as z from 'zod';
import { CustomerGateway } from '../../domain/model/customer-gateway.ts';

export const CustomerGatewayView = CustomerGateway.omit({ rev: true }).extend({ warnings: z.array(z.string()).optional() });
