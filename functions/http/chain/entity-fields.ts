/** The fields of every entity that its view shows. */
export const entityFields = { id: true, accountId: true, createdAt: true, updatedAt: true, version: true } as const;
