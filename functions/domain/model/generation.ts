/** Generations end before this: the document that applies a bundle takes twelve digits. */
export const beyondGenerations = 1e12;
