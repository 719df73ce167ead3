/** Where the control table keeps the record of a request. */
export const requestId = (key: string): string => `request#${key}`;
