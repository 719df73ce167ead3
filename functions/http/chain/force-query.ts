import * as z from 'zod';

/** Only an admin's is heeded. */
export const ForceQuery = z.strictObject({ force: z.enum(['true', 'false']).optional() });
