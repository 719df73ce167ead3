/** The fields that the view of every entity shows. */
export const entityFields = { id: true, accountId: true, createdAt: true, updatedAt: true, version: true } as const;
