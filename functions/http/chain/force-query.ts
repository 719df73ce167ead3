import * as z from 'zod';

/** Only an admin may force. */
export const ForceQuery = z.strictObject({ force: z.enum(['true', 'false']).optional() });
