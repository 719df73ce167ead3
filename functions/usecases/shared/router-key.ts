/** The marker that holds a router instance for one VPC. */
export const routerKey = (instanceId: string): string => `router#${instanceId}`;
