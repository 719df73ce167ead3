import fc from 'fast-check';

/** A mutant that a property finds by chance would come and go from run to run. */
fc.configureGlobal({ numRuns: 25, seed: 1 });
