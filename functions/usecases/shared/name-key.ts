/** The unique marker of a customer gateway's name in its account. */
export const nameKey = (accountId: string, name: string): string => `name#${accountId}#${name}`;
