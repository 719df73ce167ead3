/** The unique marker that ties a router instance to one VPC. */
export const routerKey = (instanceId: string): string => `router#${instanceId}`;
